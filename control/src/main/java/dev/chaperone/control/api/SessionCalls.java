package dev.chaperone.control.api;

import dev.chaperone.control.projection.Lookups;
import dev.chaperone.control.projection.ProjectionUnavailableException;
import dev.chaperone.control.record.ContentReader;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.session.Session;
import dev.chaperone.journal.JournalUnavailableException;
import io.helidon.http.Method;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code /sessions}: listing, showing, their commands, and the kill. */
final class SessionCalls {
  private static final String ID = "(?<id>s-[0-9a-z]{23})";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ControlPlane plane;
  private final Authentication authentication;
  private final LogReads reads;

  SessionCalls(ControlPlane plane, Authentication authentication) {
    this.plane = plane;
    this.authentication = authentication;
    this.reads = new LogReads(plane);
  }

  void addTo(Router router, String base) {
    router
        .on(Method.GET, base + "/sessions", this::list)
        .on(Method.GET, base + "/sessions/" + ID, this::show)
        .on(Method.GET, base + "/sessions/" + ID + "/commands", this::commands)
        .on(Method.POST, base + "/sessions/" + ID + "/kill", this::kill);
  }

  private record Seen(Lookups.SessionRow row, Caller.Sees sees) {
    boolean content() {
      return sees.compareTo(Caller.Sees.CONTENT) >= 0;
    }
  }

  private Answer list(Call call)
      throws Problem,
          IOException,
          InterruptedException,
          JournalUnavailableException,
          ProjectionUnavailableException {
    var caller = authentication.caller(call);
    call.only("identity", "target", "state", "since", "until", "limit", "cursor");
    int limit = call.limit(50, 500);
    long before = call.cursor(Long.MAX_VALUE);
    var filter =
        new Lookups.SessionFilter(
            call.query("identity"),
            call.query("target"),
            open(call.query("state")),
            call.queryTime("since"),
            call.queryTime("until"),
            before,
            limit + 1);
    plane.projection().awaitCurrent(PATIENCE);
    var page = new Page(limit);
    long last = before;
    for (var row : lookups().sessions(filter, caller.sight())) {
      if (page.isFull(last)) {
        break;
      }
      page.add(SessionJson.of(row, plane.journal().reader(), seen(caller, row).content()));
      last = row.opened();
    }
    return page.answer();
  }

  private static @Nullable Boolean open(@Nullable String state) throws Problem {
    return switch (state) {
      case null -> null;
      case "open" -> true;
      case "ended" -> false;
      default -> throw Problem.badRequest("state is open or ended");
    };
  }

  private Answer show(Call call)
      throws Problem,
          IOException,
          InterruptedException,
          JournalUnavailableException,
          ProjectionUnavailableException {
    var caller = authentication.caller(call);
    call.only();
    var seen = visible(caller, call.part("id"));
    return Answer.json(SessionJson.of(seen.row(), plane.journal().reader(), seen.content()));
  }

  private Answer commands(Call call)
      throws Problem,
          IOException,
          InterruptedException,
          JournalUnavailableException,
          ProjectionUnavailableException {
    var caller = authentication.caller(call);
    call.only("limit", "cursor");
    int limit = call.limit(50, 200);
    long after = call.cursor(-1);
    var seen = visible(caller, call.part("id"));
    var session = seen.row().id();
    if (seen.sees() != Caller.Sees.OWN) {
      reads.record(caller, "commands", fields -> fields.put("of", session));
    }
    var page = new Page(limit);
    long last = after;
    for (var row : lookups().commands(session, after, limit + 1)) {
      if (page.isFull(last)) {
        break;
      }
      var indexes = lookups().commandEntries(row.id());
      var entries = ContentReader.read(plane.journal().reader(), indexes);
      if (!entries.isEmpty()) {
        page.add(CommandJson.of(row.id(), entries, seen.content()));
      }
      last = row.first();
    }
    return page.answer();
  }

  private Answer kill(Call call)
      throws Problem,
          IOException,
          InterruptedException,
          JournalUnavailableException,
          ProjectionUnavailableException {
    var caller = authentication.caller(call);
    call.only();
    var id = call.part("id");
    var reason = call.reason(false);
    // An open session is found without the state file, so that it can always be killed.
    var live = plane.sessions().find(id);
    if (live.isEmpty()) {
      visible(caller, id);
      throw Problem.conflict("session-ended", "the session has ended");
    }
    if (!mayKill(caller, live.get())) {
      throw Problem.notFound();
    }
    var why = reason.isEmpty() ? "no reason given" : reason;
    if (!plane.sessions().kill(id, caller.identity().toString(), why)) {
      throw Problem.conflict("session-ended", "the session has ended");
    }
    return Answer.json(202, EntryJson.object().put("id", id).put("state", "ending"));
  }

  private static boolean mayKill(Caller caller, Session session) {
    return caller.administrator()
        || session.identity().askers().containsAll(caller.identity().askers());
  }

  private Seen visible(Caller caller, String id)
      throws Problem, InterruptedException, ProjectionUnavailableException {
    plane.projection().awaitCurrent(PATIENCE);
    var row = lookups().session(id);
    if (row.isEmpty()) {
      throw Problem.notFound();
    }
    var seen = seen(caller, row.get());
    if (seen.sees() == Caller.Sees.NOTHING) {
      throw Problem.notFound();
    }
    return seen;
  }

  private Seen seen(Caller caller, Lookups.SessionRow row) throws ProjectionUnavailableException {
    return new Seen(row, caller.sees(lookups().people(row.id()), lookups().reviewers(row.id())));
  }

  private Lookups lookups() {
    return plane.projection().lookups();
  }
}
