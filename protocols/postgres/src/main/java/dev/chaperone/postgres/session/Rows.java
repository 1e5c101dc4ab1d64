package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.JsonText;
import dev.chaperone.core.gate.Run;
import dev.chaperone.postgres.masking.ValueMask;
import dev.chaperone.postgres.meaning.ParameterText;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows as they come, as they are shown, and as they are kept. */
final class Rows {
  private Rows() {}

  /** The values of a DataRow in text format; null for NULL. */
  static List<@Nullable String> texts(Body body) throws ProtocolViolationException {
    var texts = new ArrayList<@Nullable String>();
    for (byte[] value : values(body)) {
      texts.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
    }
    return texts;
  }

  /** The values of a DataRow; null for NULL. */
  static List<byte @Nullable []> values(Body body) throws ProtocolViolationException {
    int count = body.count();
    var values = new ArrayList<byte @Nullable []>();
    for (int i = 0; i < count; i++) {
      int length = body.int32();
      if (length < -1) {
        throw new ProtocolViolationException("a value of negative length");
      }
      values.add(length < 0 ? null : body.bytes(length));
    }
    body.end("DataRow");
    return values;
  }

  /** The row with the masked columns replaced. */
  static List<byte @Nullable []> masked(List<byte @Nullable []> row, RowShape shape)
      throws ProtocolViolationException {
    if (row.size() != shape.columns().size()) {
      throw new ProtocolViolationException("a row of other columns than were described");
    }
    var masked = new ArrayList<byte @Nullable []>(row.size());
    for (int i = 0; i < row.size(); i++) {
      Optional<ValueMask> mask = shape.masks().get(i);
      masked.add(
          mask.isPresent() ? mask.get().apply(row.get(i), shape.binary().get(i)) : row.get(i));
    }
    return masked;
  }

  /** The DataRow message with these values. */
  static byte[] message(List<byte @Nullable []> row) {
    var builder = new MessageBuilder().begin(Messages.DATA_ROW).int16(row.size());
    row.forEach(builder::value);
    return builder.end().toArray();
  }

  /** Keeps the row in the command's recorded output, as a JSON array of texts. */
  static void keep(Run run, List<byte @Nullable []> row, @Nullable RowShape shape, Portal portal) {
    keep(run, row, shape, portal::isBinary);
  }

  /** The same for a result in text. */
  static void keepText(Run run, List<byte @Nullable []> row, @Nullable RowShape shape) {
    keep(run, row, shape, column -> shape != null && shape.binary().get(column));
  }

  private static void keep(
      Run run,
      List<byte @Nullable []> row,
      @Nullable RowShape shape,
      java.util.function.IntPredicate binary) {
    var texts = new ArrayList<@Nullable String>(row.size());
    for (int i = 0; i < row.size(); i++) {
      byte[] value = row.get(i);
      if (value == null) {
        texts.add(null);
      } else {
        long type = shape == null ? 0 : shape.columns().get(i).type();
        texts.add(ParameterText.of(type, binary.test(i), value));
      }
    }
    run.keepOutput(JsonText.array(texts));
  }

  /** Keeps the columns' names ahead of their rows, as a JSON object. */
  static void keepColumns(Run run, RowShape shape) {
    if (run.keepsOutput()) {
      var names = new ArrayList<@Nullable String>();
      shape.columns().forEach(column -> names.add(column.name()));
      run.keepOutput("{\"columns\":" + JsonText.array(names) + "}");
    }
  }
}
