package dev.chaperone.control.reviews;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.SignIn.SignedIn;
import dev.chaperone.journal.JournalUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What people make of a review. */
final class Decisions {
  private final ReviewBook book;
  private final Supplier<ReviewSettings> settings;

  Decisions(ReviewBook book, Supplier<ReviewSettings> settings) {
    this.book = book;
    this.settings = settings;
  }

  Ruling grant(String id, SignedIn who, String reason)
      throws JournalUnavailableException, IOException {
    return decide(id, who, (live, open) -> grant(live, who.identity(), reason, open));
  }

  private Ruling grant(Live live, Identity by, String reason, List<String> open)
      throws JournalUnavailableException {
    var review = live.review();
    if (open.isEmpty()) {
      return new Ruling.NotAllowed(review, Ruling.Why.COUNTED_ALREADY);
    }
    boolean complete = review.completedBy(by.personKey(), open);
    book.change(live, book.entries().granted(review, by, reason, open, complete));
    return new Ruling.Done(live.review());
  }

  Ruling refuse(String id, SignedIn who, String reason)
      throws JournalUnavailableException, IOException {
    return decide(
        id,
        who,
        (live, _) -> {
          book.change(live, book.entries().refused(live.review(), who.identity(), reason));
          return new Ruling.Done(live.review());
        });
  }

  Ruling cancel(String id, Identity who, boolean administrator, String reason)
      throws JournalUnavailableException, IOException {
    book.lock();
    try {
      var live = book.all().find(id);
      var known = live.isPresent() ? Optional.of(live.get().kept()) : book.find(id);
      if (known.isEmpty()) {
        return new Ruling.Unknown();
      }
      var review = known.get().review();
      if (!administrator && !Standing.isOwn(review, who)) {
        return new Ruling.NotAllowed(review, Ruling.Why.NOT_ONES_OWN);
      }
      if (live.isEmpty() || book.lapsed(live.get())) {
        return new Ruling.Over(live.isEmpty() ? review : live.get().review());
      }
      book.change(live.get(), book.entries().cancelled(review, who, reason));
      return new Ruling.Done(live.get().review());
    } finally {
      book.unlock();
    }
  }

  private interface Deciding {
    Ruling on(Live live, List<String> openRules) throws JournalUnavailableException;
  }

  private Ruling decide(String id, SignedIn who, Deciding deciding)
      throws JournalUnavailableException, IOException {
    book.lock();
    try {
      var live = book.all().find(id);
      var known = live.isPresent() ? Optional.of(live.get().kept()) : book.find(id);
      if (known.isEmpty()) {
        return new Ruling.Unknown();
      }
      var review = known.get().review();
      var why = Standing.whyNot(review, who, book.now(), settings.get().freshSignIn());
      if (why.isPresent()) {
        return new Ruling.NotAllowed(review, why.get());
      }
      if (live.isEmpty()
          || book.lapsed(live.get())
          || live.get().review().state() != ReviewState.PENDING) {
        return new Ruling.Over(live.isEmpty() ? review : live.get().review());
      }
      var identity = who.identity();
      return deciding.on(live.get(), review.open(identity.personKey(), identity.groups()));
    } finally {
      book.unlock();
    }
  }
}
