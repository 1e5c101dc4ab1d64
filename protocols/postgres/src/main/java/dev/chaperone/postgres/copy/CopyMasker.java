package dev.chaperone.postgres.copy;

import dev.chaperone.postgres.masking.ValueMask;
import java.util.List;
import java.util.Optional;

/** The rows of one COPY TO as they come, with the masked columns replaced. One thread. */
public sealed interface CopyMasker permits LineMasker, BinaryMasker {

  /**
   * Takes a piece of the stream, which may end anywhere.
   *
   * @return the rows that it completes, masked; empty when it completes none
   * @throws UnreadableCopyException when the stream is not what the format says, or a row is longer
   *     than 16 MiB; nothing of that row may be shown
   */
  byte[] mask(byte[] piece, int offset, int length) throws UnreadableCopyException;

  /**
   * The stream has ended.
   *
   * @throws UnreadableCopyException when it ended within a row
   */
  void end() throws UnreadableCopyException;

  /** A masker for rows of as many columns as there are masks, at least one. */
  static CopyMasker of(CopyFormat format, List<Optional<ValueMask>> masks) {
    return switch (format) {
      case CopyFormat.Text text -> new LineMasker(new TextFields(text), text.header(), masks);
      case CopyFormat.Csv csv -> new LineMasker(new CsvFields(csv), csv.header(), masks);
      case CopyFormat.Binary _ -> new BinaryMasker(masks);
    };
  }
}
