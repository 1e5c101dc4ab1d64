package dev.chaperone.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import dev.chaperone.core.identity.SignInRefusedException;
import dev.chaperone.testing.SigningKey;
import dev.chaperone.testing.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens changed at random: none signs in unless an honest issuer signed it; none breaks us. */
class TokenFuzzTest {
  private static final long SEED = 20_261_123L;
  private static final int ROUNDS = 3_000;

  private static String mutate(String text, Random random) {
    var changed = new StringBuilder(text);
    for (int i = 0; i <= random.nextInt(3); i++) {
      int at = random.nextInt(changed.length());
      switch (random.nextInt(5)) {
        case 0 -> changed.setCharAt(at, (char) random.nextInt(128));
        case 1 -> changed.deleteCharAt(at);
        case 2 -> changed.insert(at, (char) random.nextInt(0x3000));
        case 3 -> changed.setLength(Math.max(1, at));
        default -> changed.insert(at, changed.substring(at, Math.min(changed.length(), at + 40)));
      }
      if (changed.isEmpty()) {
        changed.append('.');
      }
    }
    return changed.toString();
  }

  @Test
  void changedTokensNeverSignInAndNeverBreakUs() throws Exception {
    var random = new Random(SEED);
    try (var issuer = TestIssuer.start();
        var signIn = Setup.open(Setup.settings(issuer, "person"))) {
      var honest = issuer.token("ann").groups("dba").sign();
      assertThat(signIn.signIn(honest)).isNotNull();
      for (int i = 0; i < ROUNDS; i++) {
        var token = mutate(honest, random);
        if (!token.equals(honest)) {
          assertThat(Setup.refusal(signIn, token)).as("seed %d, round %d", SEED, i).isNotNull();
        }
      }
    }
  }

  @Test
  void signedNonsenseIsRefusedOrReadButNeverBreaksUs() throws Exception {
    var random = new Random(SEED);
    try (var issuer = TestIssuer.start();
        var signIn =
            Setup.open(
                Setup.settings(
                    issuer, "has(claims.act) ? 'agent' : claims.kind", null, "claims.email"))) {
      issuer.use(SigningKey.ec("ec"));
      var honest =
          issuer
              .token("ann")
              .claim("kind", "person")
              .email("ann@example.com")
              .groups("dba")
              .claim("auth_time", 1)
              .claim("intent", Map.of("text", "t"))
              .actor("bot", Map.of("groups", List.of("g"), "act", Map.of("sub", "x")));
      int signedIn = 0;
      for (int i = 0; i < ROUNDS; i++) {
        boolean header = random.nextInt(4) == 0;
        var token =
            issuer
                .key()
                .sign(
                    header ? mutate(honest.headerJson(), random) : honest.headerJson(),
                    header ? honest.claimsJson() : mutate(honest.claimsJson(), random));
        try {
          var identity = signIn.signIn(token).identity();
          assertThat(identity.subject()).as("seed %d, round %d", SEED, i).isNotBlank();
          signedIn++;
        } catch (SignInRefusedException e) {
          assertThat(e.getMessage()).as("seed %d, round %d", SEED, i).hasSizeLessThan(200);
        }
      }
      assertThat(signedIn).as("seed %d", SEED).isBetween(1, ROUNDS - 1);
    }
  }

  @Test
  void keyDocumentsOfAnyBytesAreReadOrRefused() {
    var random = new Random(SEED);
    var keys = new ArrayList<SigningKey>();
    keys.add(SigningKey.ec("a"));
    keys.add(SigningKey.ed25519("b"));
    keys.add(SigningKey.rsa("c", 2048));
    var honest =
        "{\"keys\":"
            + Arrays.toString(keys.stream().map(key -> key.jwk().toJSONString()).toArray())
            + "}";
    for (int i = 0; i < ROUNDS; i++) {
      var text = mutate(honest, random);
      try {
        var read = PublicKeys.parse(text.getBytes(StandardCharsets.UTF_8));
        assertThat(read.size()).as("seed %d, round %d", SEED, i).isBetween(1, 10);
        // Whatever was kept must be fit to be used.
        for (var algorithm : TokenAlgorithm.values()) {
          for (var key : read.candidates("a", algorithm, Instant.now())) {
            assertThat(
                    algorithm.verifies(
                        key, new SignedBytes(new byte[1], Base64URL.encode("x").decode())))
                .isFalse();
          }
        }
      } catch (InvalidInputException e) {
        assertThat(e.problem()).as("seed %d, round %d", SEED, i).hasSizeLessThan(200);
      }
    }
  }
}
