package dev.chaperone.postgres.session;

import dev.chaperone.testing.PgFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Answers as texts that are the same in two runs of one script. The OIDs of what a script makes are
 * numbered by their appearance; process numbers are left out, and so is the place in the server's
 * source where an error was raised, since the gateway answers some mistakes itself.
 */
final class Alike {
  private static final long FIRST_OWN_OID = 16_384;
  private static final Set<Character> SOURCE = Set.of('F', 'L', 'R');

  private final Map<Integer, Integer> oids = new HashMap<>();

  /** One line a message; settings that are reported together, in the order of their names. */
  String shown(List<PgFrame> frames) {
    var text = new StringBuilder();
    var settings = new TreeSet<String>();
    for (var frame : frames) {
      var line = frame.type() + " " + body(frame) + "\n";
      if (frame.type() == 'S') {
        settings.add(line);
      } else {
        settings.forEach(text::append);
        settings.clear();
        text.append(line);
      }
    }
    return text.toString();
  }

  private String body(PgFrame frame) {
    var body = frame.body();
    return switch (frame.type()) {
      case 'T' -> columns(ByteBuffer.wrap(body));
      case 't' -> types(ByteBuffer.wrap(body));
      case 'A' -> shown(Arrays.copyOfRange(body, 4, body.length));
      case 'E', 'N' -> {
        var fields = new TreeMap<>(frame.fields());
        fields.keySet().removeAll(SOURCE);
        yield fields.toString();
      }
      default -> shown(body);
    };
  }

  private String columns(ByteBuffer body) {
    var text = new StringBuilder();
    for (int left = body.getShort(); left > 0; left--) {
      var name = new StringBuilder();
      for (byte next = body.get(); next != 0; next = body.get()) {
        name.append((char) (next & 0xff));
      }
      text.append(name).append(" table ").append(oid(body.getInt()));
      text.append(" column ").append(body.getShort()).append(" type ").append(oid(body.getInt()));
      text.append(" size ").append(body.getShort()).append(" modifier ").append(body.getInt());
      text.append(" format ").append(body.getShort()).append(", ");
    }
    return text.toString();
  }

  private String types(ByteBuffer body) {
    var text = new StringBuilder();
    for (int left = body.getShort(); left > 0; left--) {
      text.append(oid(body.getInt())).append(' ');
    }
    return text.toString();
  }

  private String oid(int oid) {
    return Integer.toUnsignedLong(oid) < FIRST_OWN_OID
        ? String.valueOf(oid)
        : "own" + oids.computeIfAbsent(oid, _ -> oids.size());
  }

  private static String shown(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
        ? text
        : HexFormat.of().formatHex(bytes);
  }
}
