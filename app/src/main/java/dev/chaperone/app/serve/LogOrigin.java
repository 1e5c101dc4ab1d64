package dev.chaperone.app.serve;

import dev.chaperone.journal.note.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The log's name. It is bound to the log's key, so it is chosen once, when the journal is made, and
 * stays when the gateway's address changes.
 */
final class LogOrigin {
  private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9.:-]");

  private LogOrigin() {}

  /**
   * The name that the journal has, or one for a new journal: the host that the gateway is reached
   * by and a random part, so that two logs never share a name.
   *
   * @param journal the journal's directory
   * @param address how people reach the gateway, if that is configured
   */
  static String of(Path journal, @Nullable String address) throws IOException {
    var key = journal.resolve("key");
    if (Files.exists(key)) {
      try {
        return SigningKey.parse(Files.readString(key)).verifierKey().name();
      } catch (IllegalArgumentException e) {
        throw new IOException(key + " is damaged: " + e.getMessage(), e);
      }
    }
    var random = new byte[4];
    new SecureRandom().nextBytes(random);
    return UNFIT.matcher(host(address)).replaceAll("-") + "/" + HexFormat.of().formatHex(random);
  }

  private static String host(@Nullable String address) {
    if (address != null && URI.create(address).getHost() != null) {
      return URI.create(address).getHost();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost"; // the random part tells it from others
    }
  }
}
