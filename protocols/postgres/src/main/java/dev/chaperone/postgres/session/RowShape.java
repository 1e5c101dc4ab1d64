package dev.chaperone.postgres.session;

import dev.chaperone.postgres.masking.ResultColumn;
import dev.chaperone.postgres.masking.ValueMask;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a result, from its RowDescription, with the masks that they meet.
 *
 * @param columns in order
 * @param binary whether each is in binary format
 * @param masks the mask of each, if any
 */
record RowShape(List<ResultColumn> columns, List<Boolean> binary, List<Optional<ValueMask>> masks) {
  /** More columns than PostgreSQL allows (MaxTupleAttributeNumber). */
  private static final int MAX_COLUMNS = 1_664;

  RowShape {
    columns = List.copyOf(columns);
    binary = List.copyOf(binary);
    masks = List.copyOf(masks);
  }

  /** Reads the body of a RowDescription; nothing is masked yet. */
  static RowShape read(Body body) throws ProtocolViolationException {
    int count = body.count();
    if (count > MAX_COLUMNS) {
      throw new ProtocolViolationException("a result of " + count + " columns");
    }
    var columns = new ArrayList<ResultColumn>(count);
    var binary = new ArrayList<Boolean>(count);
    for (int i = 0; i < count; i++) {
      var name = body.string();
      long table = Integer.toUnsignedLong(body.int32());
      int number = body.int16();
      long type = Integer.toUnsignedLong(body.int32());
      body.int16();
      body.int32();
      binary.add(body.int16() == 1);
      columns.add(new ResultColumn(name, table, number, type));
    }
    body.end("RowDescription");
    return new RowShape(columns, binary, List.of());
  }

  /** The same with masks, one a column. */
  RowShape with(List<Optional<ValueMask>> resolved) {
    return new RowShape(columns, binary, resolved);
  }

  /** Whether any column is masked. */
  boolean isMasked() {
    return masks.stream().anyMatch(Optional::isPresent);
  }
}
