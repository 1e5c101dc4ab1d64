package dev.chaperone.identity.oidc;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys from a file, read once: a new file counts from the next load of the configuration. */
final class FileKeys implements KeySource {
  private final PublicKeys keys;
  private final Clock clock;

  private FileKeys(PublicKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  static FileKeys read(Path file, Clock clock) throws IOException, InvalidInputException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(PublicKeys.MAX_BYTES + 1);
      if (bytes.length > PublicKeys.MAX_BYTES) {
        throw new InvalidInputException("longer than " + PublicKeys.MAX_BYTES + " bytes");
      }
      return new FileKeys(PublicKeys.parse(bytes), clock);
    }
  }

  @Override
  public List<JWK> candidates(@Nullable String keyId, TokenAlgorithm algorithm) {
    return keys.candidates(keyId, algorithm, clock.instant());
  }
}
