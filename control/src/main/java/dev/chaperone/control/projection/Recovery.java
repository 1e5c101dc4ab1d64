package dev.chaperone.control.projection;

import dev.chaperone.control.record.Actor;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.Position;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Closes what a gateway that stopped without warning left open: its commands become {@code
 * interrupted}, whose outcome nobody knows, and its sessions end. Run once, before anyone is
 * admitted, on a projection that has caught up; run again, it finds nothing to do.
 */
public final class Recovery {
  private static final int SESSIONS_AT_ONCE = 1_000;

  private final Journal journal;
  private final Projection projection;
  private final Clock clock;

  public Recovery(Journal journal, Projection projection, Clock clock) {
    this.journal = journal;
    this.projection = projection;
    this.clock = clock;
  }

  /** How many sessions and commands were left open. */
  public record Recovered(long sessions, long commands) {}

  /**
   * Appends what is missing, durably, and brings the projection up to date with it.
   *
   * @throws IOException if the journal cannot be read
   * @throws JournalUnavailableException if it cannot be written
   * @throws ProjectionUnavailableException if the state file cannot be used
   */
  public Recovered run()
      throws IOException, JournalUnavailableException, ProjectionUnavailableException {
    projection.catchUp();
    long sessions = 0;
    long commands = 0;
    while (true) {
      var open = projection.lookups().openSessions(SESSIONS_AT_ONCE);
      if (open.isEmpty()) {
        return new Recovered(sessions, commands);
      }
      Position last = null;
      for (var session : open) {
        var left = projection.lookups().openCommands(session.id());
        last = end(session, left);
        sessions++;
        commands += left.size();
      }
      if (last != null) {
        journal.await(last);
      }
      projection.catchUp();
    }
  }

  private Position end(Lookups.SessionRow session, List<Lookups.CommandRow> open)
      throws IOException, JournalUnavailableException {
    var opened = EntryJson.parse(journal.reader().read(session.opened()));
    long n = session.n();
    for (var command : open) {
      // What was only held never reached the resource; of what was allowed nobody knows.
      var reached = "held".equals(command.open()) ? "never" : "unknown";
      enqueue(
          EntryTypes.INTERRUPTED,
          session,
          ++n,
          opened,
          fields -> fields.put("command", command.id()).put("reached", reached));
    }
    return enqueue(
        EntryTypes.SESSION_ENDED,
        session,
        ++n,
        opened,
        fields ->
            fields
                .put("reason", "interrupted")
                .put("message", "the gateway stopped without ending the session")
                .put("commands", session.commands()));
  }

  private Position enqueue(
      String type, Lookups.SessionRow session, long n, ObjectNode opened, Consumer<Fields> more)
      throws JournalUnavailableException {
    return journal.enqueue(
        Entry.of(
            type,
            clock.instant(),
            fields -> {
              fields.put("session", session.id()).put("n", n);
              fields.object("identity", it -> inShort(it, Actor.of(opened.path("identity"))));
              fields
                  .put("target", EntryJson.needText(opened, "target"))
                  .put("origin", EntryJson.needText(opened, "origin"));
              more.accept(fields);
            }));
  }

  private static void inShort(Fields fields, @Nullable Actor actor) {
    if (actor == null) {
      return;
    }
    fields.put("issuer", actor.issuer()).put("subject", actor.subject()).put("kind", actor.kind());
    if (actor.onBehalfOf() != null) {
      fields.object("onBehalfOf", it -> inShort(it, actor.onBehalfOf()));
    }
  }
}
