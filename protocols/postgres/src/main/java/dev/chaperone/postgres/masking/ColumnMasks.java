package dev.chaperone.postgres.masking;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.postgres.catalogue.Catalogue;
import java.util.List;
import java.util.Optional;

/**
 * The masks of a verdict, resolved against one database. Immutable; make it once for a masking and
 * a catalogue.
 */
public final class ColumnMasks {
  private ColumnMasks() {}

  /**
   * Resolves the masks.
   *
   * @param hashKey the key of {@code hash} masks, at least 32 bytes; copied
   */
  public static ColumnMasks of(Masking masking, Catalogue catalogue, byte[] hashKey) {
    return new ColumnMasks();
  }

  /** For each column of a result its mask, or empty when it is shown as it is. */
  public List<Optional<ValueMask>> of(Command command, List<ResultColumn> columns) {
    return columns.stream().map(_ -> Optional.<ValueMask>empty()).toList();
  }

  /**
   * Whether texts of errors and notices, details and hints included, may carry masked values and
   * must be withheld.
   */
  public boolean errorsMayCarryValues(Command command) {
    return true;
  }
}
