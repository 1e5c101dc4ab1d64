package dev.chaperone.core.gate;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.wire.Frames;
import dev.chaperone.wire.RawSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Commands, clients and wires for tests of the gate. */
final class Asked {
  /** Own traffic as a protocol would make it. */
  static final class TestOwn extends OwnTraffic {
    Gate.Own sync() {
      return own("sync", frames("SYNC"));
    }
  }

  /** A client that waits in peace, or in the given situation. */
  record Client(Waiting.Situation situation) implements Waiting.Client {
    @Override
    public Waiting.Situation settle() {
      return situation;
    }

    @Override
    public void tell(Approvals.Reference review) {}
  }

  /** What reached the other end. */
  static final class Wire implements RawSink {
    private final ByteArrayOutputStream reached = new ByteArrayOutputStream();

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      reached.write(bytes, offset, length);
    }

    synchronized String text() {
      return reached.toString(StandardCharsets.UTF_8);
    }

    synchronized int size() {
      return reached.size();
    }
  }

  private Asked() {}

  static Waiting waiting() {
    return new Waiting(new Client(Waiting.Situation.FREE));
  }

  static Waiting moot() {
    return new Waiting(new Client(Waiting.Situation.MOOT));
  }

  static Frames frames(String text) {
    return Frames.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static Command.Statement select(String text) {
    return new Command.Statement(
        text,
        List.of(text("7")),
        Set.of(Effect.READ),
        new TreeSet<>(Set.of("public.orders")),
        new TreeSet<>(),
        "orders",
        new TreeMap<>(),
        false);
  }

  static Parameter text(@Nullable String value) {
    var raw = value == null ? null : Bytes.copyOf(value.getBytes(StandardCharsets.UTF_8));
    return new Parameter("int4", false, raw, value);
  }
}
