package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.JsonText;
import dev.chaperone.core.gate.Run;
import dev.chaperone.postgres.copy.CopyMasker;
import dev.chaperone.postgres.copy.UnreadableCopyException;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a COPY: it begins to take data or sends it. What no COPY explains ends the
 * session. Belongs to the response pump.
 */
final class CopyAnswers {
  private static final int HEADER_BYTES = 5;

  private final Showing showing;
  private final InFlight inFlight;
  private final BiFunction<Execution, RowShape, RowShape> masks;
  private Stage stage = Stage.NONE;
  private boolean binary;
  private @Nullable CopyMasker masker;
  private long messages;

  private enum Stage {
    NONE,
    IN,
    OUT,
    OUT_DONE
  }

  /**
   * @param masks gives the columns of a command's result their masks
   */
  CopyAnswers(Showing showing, InFlight inFlight, BiFunction<Execution, RowShape, RowShape> masks) {
    this.masks = masks;
    this.showing = showing;
    this.inFlight = inFlight;
  }

  /**
   * One message of a command's response that only a COPY explains.
   *
   * @param statement which of the command's statements is under way, from 0
   */
  void answer(Execution execution, int statement, byte type, byte[] message) throws IOException {
    var run = execution.run();
    switch (type) {
      case Messages.COPY_IN -> {
        begin(execution, statement, true, type);
        showing.response(run, message);
        showing.flush();
        inFlight.takesCopyData(true);
      }
      case Messages.COPY_OUT -> {
        begin(execution, statement, false, type);
        var body = Body.ofMessage(message);
        binary = body.int8() != 0;
        masker = masker(execution, body.count());
        showing.response(run, message);
      }
      case Messages.COPY_DATA -> {
        require(Stage.OUT, type);
        messages++;
        var shown = masker == null ? message : masked(masker, message);
        if (shown.length > HEADER_BYTES || masker == null) {
          keep(run, shown);
          showing.response(run, shown);
        }
      }
      case Messages.COPY_DONE -> {
        require(Stage.OUT, type);
        stage = Stage.OUT_DONE;
        end();
        showing.response(run, message);
      }
      default -> throw unexpected(type);
    }
  }

  /** Whether the next CopyData may pass piece by piece; counts it if so. */
  Optional<Run> streams(Execution execution) {
    if (stage != Stage.OUT || masker != null) {
      return Optional.empty();
    }
    messages++;
    return Optional.of(execution.run());
  }

  /** The statement under way completed, with its command tag. */
  void completed(Run run, byte[] message) throws ProtocolViolationException {
    if (stage == Stage.OUT || (stage == Stage.IN && inFlight.takesCopyData())) {
      throw new ProtocolViolationException("a COPY that completes before its data has ended");
    }
    if (stage == Stage.OUT_DONE) {
      run.countRows(rows(message));
    }
    reset();
  }

  /** The statement under way failed; the server reads over what data is still to come. */
  void failed(Run run) {
    if (stage == Stage.OUT || stage == Stage.OUT_DONE) {
      run.countRows(messages);
    }
    inFlight.takesCopyData(false);
    reset();
  }

  /** Null when no column is masked. What is masked must be what was described. */
  private @Nullable CopyMasker masker(Execution execution, int columns)
      throws ProtocolViolationException {
    if (execution.run().masking().isEmpty()) {
      return null;
    }
    var rows = execution.copyRows();
    if (rows == null
        || rows.format().isBinary() != binary
        || rows.shape().columns().size() != columns) {
      throw new ProtocolViolationException("a COPY of other columns than were described");
    }
    var shape = masks.apply(execution, rows.shape());
    return shape.isMasked() ? CopyMasker.of(rows.format(), shape.masks()) : null;
  }

  private static byte[] masked(CopyMasker masker, byte[] message)
      throws ProtocolViolationException {
    try {
      var rows = masker.mask(message, HEADER_BYTES, message.length - HEADER_BYTES);
      return new MessageBuilder().begin(Messages.COPY_DATA).bytes(rows).end().toArray();
    } catch (UnreadableCopyException e) {
      throw new ProtocolViolationException("COPY: " + e.getMessage());
    }
  }

  private void end() throws ProtocolViolationException {
    try {
      if (masker != null) {
        masker.end();
      }
    } catch (UnreadableCopyException e) {
      throw new ProtocolViolationException("COPY: " + e.getMessage());
    }
  }

  private void reset() {
    masker = null;
    stage = Stage.NONE;
    messages = 0;
  }

  private void begin(Execution execution, int statement, boolean toServer, byte type)
      throws ProtocolViolationException {
    require(Stage.NONE, type);
    var statements = execution.understanding().statements();
    if (statement < statements.size()
        && Understanding.isCopy(statements.get(statement), toServer)) {
      stage = toServer ? Stage.IN : Stage.OUT;
      return;
    }
    throw unexpected(type);
  }

  private void require(Stage needed, byte type) throws ProtocolViolationException {
    if (stage != needed) {
      throw unexpected(type);
    }
  }

  private void keep(Run run, byte[] message) {
    if (!run.keepsOutput()) {
      return;
    }
    int end = message.length;
    if (binary) {
      run.keepOutput(
          JsonText.array(List.of("\\x" + HexFormat.of().formatHex(message, HEADER_BYTES, end))));
      return;
    }
    int shown = end > HEADER_BYTES && message[end - 1] == '\n' ? end - 1 : end;
    run.keepOutput(
        JsonText.array(
            List.of(
                new String(message, HEADER_BYTES, shown - HEADER_BYTES, StandardCharsets.UTF_8))));
  }

  /** The number in the tag {@code COPY n}; servers send a row a message, which counts otherwise. */
  private long rows(byte[] message) throws ProtocolViolationException {
    var tag = Body.ofMessage(message).string();
    try {
      return tag.startsWith("COPY ") ? Long.parseLong(tag.substring(5)) : messages;
    } catch (NumberFormatException e) {
      throw new ProtocolViolationException("a COPY without the number of its rows");
    }
  }

  private static ProtocolViolationException unexpected(byte type) {
    return new ProtocolViolationException(
        "a message of type '" + (char) type + "' from the target in a command's response");
  }
}
