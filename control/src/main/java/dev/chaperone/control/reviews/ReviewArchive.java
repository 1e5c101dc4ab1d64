package dev.chaperone.control.reviews;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reviews as the journal holds them, found by a projection of it. Safe for many threads. */
public interface ReviewArchive {
  /**
   * A review and where its entries stand in the journal, in order, parts of content included.
   *
   * @param review as its entries tell it
   * @param entries indexes
   */
  record Kept(Review review, List<Long> entries) {
    public Kept {
      entries = List.copyOf(entries);
    }
  }

  /** Every review that is pending or granted and unused; for the start. */
  List<Kept> live() throws IOException;

  /** One review, whatever its state; blocks for the disk. */
  Optional<Kept> find(String id) throws IOException;
}
