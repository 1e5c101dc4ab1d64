package dev.chaperone.control.projection;

import dev.chaperone.control.record.ContentReader;
import dev.chaperone.control.record.DamagedEntryException;
import dev.chaperone.control.reviews.ReviewArchive;
import dev.chaperone.control.reviews.ReviewFold;
import dev.chaperone.control.reviews.ReviewState;
import dev.chaperone.control.reviews.Reviews;
import dev.chaperone.journal.JournalReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reviews out of the journal, found by the state file. */
public final class ProjectedReviews implements ReviewArchive {
  private static final Lookups.Sight ALL = new Lookups.Sight(true, Set.of(), Set.of());

  private final Projection projection;
  private final JournalReader journal;

  public ProjectedReviews(Projection projection, JournalReader journal) {
    this.projection = projection;
    this.journal = journal;
  }

  @Override
  public List<Kept> live() throws IOException {
    var live = new ArrayList<Kept>();
    try {
      for (var state : List.of(ReviewState.PENDING, ReviewState.GRANTED)) {
        var rows =
            projection.lookups().reviews(state.word(), ALL, Long.MAX_VALUE, Reviews.MAX_LIVE);
        for (var row : rows) {
          find(row.id()).ifPresent(live::add);
        }
      }
    } catch (ProjectionUnavailableException e) {
      throw new IOException(e.getMessage(), e);
    }
    return live;
  }

  @Override
  public Optional<Kept> find(String id) throws IOException {
    try {
      var entries = projection.lookups().reviewEntries(id);
      if (entries.isEmpty()) {
        return Optional.empty();
      }
      var review = ReviewFold.of(ContentReader.read(journal, entries));
      return Optional.of(new Kept(review, entries));
    } catch (ProjectionUnavailableException e) {
      throw new IOException(e.getMessage(), e);
    } catch (DamagedEntryException e) {
      throw new IOException("review " + id + " cannot be read: " + e.getMessage(), e);
    }
  }
}
