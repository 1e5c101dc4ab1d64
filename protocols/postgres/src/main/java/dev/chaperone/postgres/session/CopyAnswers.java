package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.JsonText;
import dev.chaperone.core.gate.Run;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of a COPY: it begins to take data or sends it. What no COPY explains ends the
 * session. Belongs to the response pump.
 */
final class CopyAnswers {
  private final Showing showing;
  private final InFlight inFlight;
  private Stage stage = Stage.NONE;
  private boolean binary;
  private long messages;

  private enum Stage {
    NONE,
    IN,
    OUT,
    OUT_DONE
  }

  CopyAnswers(Showing showing, InFlight inFlight) {
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
        binary = Body.ofMessage(message).int8() != 0;
        showing.response(run, message);
      }
      case Messages.COPY_DATA -> {
        require(Stage.OUT, type);
        messages++;
        keep(run, message);
        showing.response(run, message);
      }
      case Messages.COPY_DONE -> {
        require(Stage.OUT, type);
        stage = Stage.OUT_DONE;
        showing.response(run, message);
      }
      default -> throw unexpected(type);
    }
  }

  /** Whether the next CopyData may pass piece by piece; counts it if so. */
  Optional<Run> streams(Execution execution) {
    if (stage != Stage.OUT) {
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

  private void reset() {
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
      run.keepOutput(JsonText.array(List.of("\\x" + HexFormat.of().formatHex(message, 5, end))));
      return;
    }
    int shown = end > 5 && message[end - 1] == '\n' ? end - 1 : end;
    run.keepOutput(
        JsonText.array(List.of(new String(message, 5, shown - 5, StandardCharsets.UTF_8))));
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
