package dev.chaperone.postgres.session;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.command.Parameter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

final class Values {
  private Values() {}

  static Parameter parameter(long type, boolean binary, @Nullable Bytes raw) {
    if (raw == null) {
      return new Parameter("" + type, binary, null, null);
    }
    return new Parameter(
        "" + type,
        binary,
        raw,
        binary ? "\\x" + raw.hex() : new String(raw.toArray(), StandardCharsets.UTF_8));
  }
}
