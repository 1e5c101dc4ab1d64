package dev.chaperone.control.api;

import dev.chaperone.control.projection.ProjectionUnavailableException;
import dev.chaperone.control.record.ContentReader;
import dev.chaperone.control.reviews.ReviewArchive.Kept;
import dev.chaperone.control.reviews.ReviewState;
import dev.chaperone.control.reviews.Ruling;
import dev.chaperone.control.reviews.Standing;
import dev.chaperone.journal.JournalUnavailableException;
import io.helidon.http.Method;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /reviews}: listing, showing and deciding. */
final class ReviewCalls {
  static final String ID = "(?<id>r-[0-9a-z]{23})";
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ControlPlane plane;
  private final Authentication authentication;
  private final LogReads reads;

  ReviewCalls(ControlPlane plane, Authentication authentication) {
    this.plane = plane;
    this.authentication = authentication;
    this.reads = new LogReads(plane);
  }

  void addTo(Router router, String base) {
    router
        .on(Method.GET, base + "/reviews", this::list)
        .on(Method.GET, base + "/reviews/" + ID, this::show)
        .on(Method.POST, base + "/reviews/" + ID + "/grant", this::grant)
        .on(Method.POST, base + "/reviews/" + ID + "/refuse", this::refuse)
        .on(Method.POST, base + "/reviews/" + ID + "/cancel", this::cancel);
  }

  private Answer list(Call call)
      throws Problem,
          IOException,
          InterruptedException,
          JournalUnavailableException,
          ProjectionUnavailableException {
    var caller = authentication.caller(call);
    call.only("state", "limit", "cursor");
    var state = state(call.query("state"));
    int limit = call.limit(50, 200);
    long before = call.cursor(Long.MAX_VALUE);
    var page = new Page(limit);
    boolean others = false;
    // What can still be decided comes from memory, so that it is there without the state file.
    var found =
        state != null && state.isLive()
            ? fromMemory(caller, state, before)
            : fromArchive(caller, state, before, limit + 1);
    long last = before;
    for (var kept : found) {
      if (page.isFull(last)) {
        break;
      }
      page.add(json(caller, kept));
      last = asked(kept);
      others |= isAuditing(caller, kept);
    }
    if (others) {
      reads.record(caller, "reviews", _ -> {});
    }
    return page.answer();
  }

  private static @Nullable ReviewState state(@Nullable String word) throws Problem {
    if (word == null) {
      return null;
    }
    return ReviewState.of(word)
        .orElseThrow(() ->
            Problem.badRequest("state is pending, granted, refused, expired, cancelled or used"));
  }

  private List<Kept> fromMemory(Caller caller, ReviewState state, long before) {
    return plane.reviews().live().reversed().stream()
        .filter(kept -> kept.review().state() == state && asked(kept) < before)
        .filter(kept -> caller.sees(kept.review()) != Caller.Sees.NOTHING)
        .toList();
  }

  private List<Kept> fromArchive(Caller caller, @Nullable ReviewState state, long before, int limit)
      throws IOException, InterruptedException, ProjectionUnavailableException {
    plane.projection().awaitCurrent(PATIENCE);
    var word = state == null ? null : state.word();
    var all = new ArrayList<Kept>();
    for (var row : plane.projection().lookups().reviews(word, caller.sight(), before, limit)) {
      plane.reviews().find(row.id()).ifPresent(all::add);
    }
    return all;
  }

  /** Where its first entry stands: what listings are ordered by. */
  private static long asked(Kept kept) {
    return kept.entries().getFirst();
  }

  private Answer show(Call call)
      throws Problem, IOException, InterruptedException, JournalUnavailableException {
    var caller = authentication.caller(call);
    call.only();
    var kept = visible(caller, call.part("id"));
    if (isAuditing(caller, kept)) {
      reads.record(caller, "review", fields -> fields.put("review", kept.review().id()));
    }
    return Answer.json(json(caller, kept));
  }

  /** An auditor reads what is neither their own nor theirs to decide. */
  private static boolean isAuditing(Caller caller, Kept kept) {
    return caller.sees(kept.review()) == Caller.Sees.CONTENT
        && !Standing.isReviewer(kept.review(), caller.identity());
  }

  private Answer grant(Call call)
      throws Problem, IOException, InterruptedException, JournalUnavailableException {
    var caller = authentication.caller(call);
    call.only();
    var kept = visible(caller, call.part("id"));
    var reason = call.reason(false);
    return ruled(caller, plane.reviews().grant(kept.review().id(), caller.signedIn(), reason));
  }

  private Answer refuse(Call call)
      throws Problem, IOException, InterruptedException, JournalUnavailableException {
    var caller = authentication.caller(call);
    call.only();
    var kept = visible(caller, call.part("id"));
    var reason = call.reason(false);
    return ruled(caller, plane.reviews().refuse(kept.review().id(), caller.signedIn(), reason));
  }

  private Answer cancel(Call call)
      throws Problem, IOException, InterruptedException, JournalUnavailableException {
    var caller = authentication.caller(call);
    call.only();
    var kept = visible(caller, call.part("id"));
    var reason = call.reason(false);
    return ruled(
        caller,
        plane
            .reviews()
            .cancel(kept.review().id(), caller.identity(), caller.administrator(), reason));
  }

  private Kept visible(Caller caller, String id) throws Problem, IOException {
    Optional<Kept> kept = plane.reviews().find(id);
    if (kept.isEmpty() || caller.sees(kept.get().review()) == Caller.Sees.NOTHING) {
      throw Problem.notFound();
    }
    return kept.get();
  }

  private Answer ruled(Caller caller, Ruling ruling) throws Problem, IOException {
    return switch (ruling) {
      case Ruling.Done(var review) ->
          Answer.json(
              json(caller, plane.reviews().find(review.id()).orElseThrow(Problem::notFound)));
      case Ruling.Over(var review) ->
          throw Problem.conflict(
              "already-decided", "the review is " + review.state().word() + " already");
      case Ruling.NotAllowed(_, var why) -> throw notAllowed(why);
      case Ruling.Unknown() -> throw Problem.notFound();
    };
  }

  private static Problem notAllowed(Ruling.Why why) {
    return switch (why) {
      case ASKER ->
          Problem.forbidden("asker", "whoever asked does not decide, nor does their agent");
      case NOT_A_REVIEWER ->
          Problem.forbidden("not-a-reviewer", "no rule of this review names a group of yours");
      case NOT_OWN_SIGN_IN ->
          Problem.forbidden(
              "not-own-sign-in", "deciding needs a person's own sign-in, not an exchanged token");
      case STALE_SIGN_IN ->
          Problem.forbidden("stale-sign-in", "sign in again: deciding needs a fresh sign-in");
      case COUNTED_ALREADY ->
          Problem.conflict(
              "counted-already", "your grant counts already; another reviewer is needed");
      case NOT_ONES_OWN ->
          Problem.forbidden("not-ones-own", "only who asked or an administrator cancels a review");
    };
  }

  private ObjectNode json(Caller caller, Kept kept) throws IOException {
    var review = kept.review();
    var asked = ContentReader.readFirst(plane.journal().reader(), kept.entries());
    boolean content = caller.sees(review).compareTo(Caller.Sees.CONTENT) >= 0;
    return ReviewJson.of(review, asked, plane.reviews().reference(review), content);
  }
}
