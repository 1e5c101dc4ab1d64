package dev.chaperone.postgres.session;

import dev.chaperone.core.masking.Masking;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.masking.ColumnMasks;
import org.jspecify.annotations.Nullable;

/**
 * The masks of a session's commands, resolved against its catalogue. Resolving walks the whole
 * catalogue, and both stay the same from one command to the next, so what was resolved last is
 * kept. Belongs to the response pump.
 */
final class ResolvedMasks {
  private final byte[] hashKey;
  private @Nullable Masking masking;
  private @Nullable Catalogue catalogue;
  private @Nullable ColumnMasks resolved;

  ResolvedMasks(byte[] hashKey) {
    this.hashKey = hashKey;
  }

  /** The masks of {@code asked} in the database as {@code seen}. */
  ColumnMasks of(Masking asked, Catalogue seen) {
    var kept = resolved;
    if (kept == null || catalogue != seen || !asked.equals(masking)) {
      kept = ColumnMasks.of(asked, seen, hashKey);
      resolved = kept;
      masking = asked;
      catalogue = seen;
    }
    return kept;
  }
}
