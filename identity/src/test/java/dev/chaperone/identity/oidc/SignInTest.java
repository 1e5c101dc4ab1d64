package dev.chaperone.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.identity.Identity.Kind;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.testing.SigningKey;
import dev.chaperone.testing.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInTest {
  private static final TestIssuer ISSUER = TestIssuer.start();

  @TempDir Path directory;

  @AfterAll
  static void stop() {
    ISSUER.close();
  }

  @Test
  void personIsWhoTheTokenSays() throws Exception {
    var now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
    var token =
        ISSUER
            .token("ann")
            .groups("dba", "staff")
            .email("ann@example.com")
            .claim("name", "Ann")
            .claim("auth_time", now.minusSeconds(100).getEpochSecond())
            .issued(now)
            .expires(now.plusSeconds(600))
            .sign();
    try (var signIn = Setup.open(Setup.settings(ISSUER, "person"))) {
      var signedIn = signIn.signIn(token);
      var identity = signedIn.identity();
      assertThat(identity.issuer()).isEqualTo(Setup.NAME);
      assertThat(identity.subject()).isEqualTo("ann");
      assertThat(identity.kind()).isEqualTo(Kind.PERSON);
      assertThat(identity.name()).isEqualTo("Ann");
      assertThat(identity.email()).isEqualTo("ann@example.com");
      assertThat(identity.groups()).containsExactly("dba", "staff");
      assertThat(identity.claims()).containsEntry("name", "Ann");
      assertThat(identity.personKey()).isEqualTo(ISSUER.issuer() + " ann");
      assertThat(identity.onBehalfOf()).isNull();
      assertThat(signedIn.mayReview()).isTrue();
      assertThat(signedIn.intent()).isEqualTo(Intent.NONE);

      var credential = identity.credential();
      assertThat(credential.keyId()).isEqualTo(ISSUER.key().jwk().getKeyID());
      assertThat(credential.digest())
          .isEqualTo(
              HexFormat.of()
                  .formatHex(
                      MessageDigest.getInstance("SHA-256")
                          .digest(token.getBytes(StandardCharsets.US_ASCII))));
      assertThat(credential.issued()).isEqualTo(now);
      assertThat(credential.expires()).isEqualTo(now.plusSeconds(600));
      assertThat(credential.authenticated()).isEqualTo(now.minusSeconds(100));
    }
  }

  @Test
  void everyAlgorithmThatIsTakenWorksFromAFile() throws Exception {
    try (var issuer = TestIssuer.start()) {
      issuer.use(SigningKey.ec("ec"));
      issuer.use(SigningKey.ed25519("ed"));
      var file = issuer.writeJwks(directory.resolve("keys.json"));
      issuer.stop();
      try (var signIn = Setup.open(Setup.withFile(issuer, file))) {
        assertThat(signIn.signIn(issuer.token("ed").sign()).identity().subject()).isEqualTo("ed");
        assertThat(
                signIn
                    .signIn(issuer.token("ed").header("alg", "Ed25519").sign())
                    .identity()
                    .credential()
                    .keyId())
            .isEqualTo("ed");
        issuer.use(SigningKey.ec("unserved"));
        assertThat(Setup.refusal(signIn, issuer.token("x").sign())).hasMessageContaining("kid");
      }
    }
  }

  @Test
  void typesAndAudiencesThatAreTaken() throws Exception {
    try (var signIn = Setup.open(Setup.settings(ISSUER, "service"))) {
      for (var type : List.of("JWT", "jwt", "at+jwt", "application/at+jwt")) {
        assertThat(signIn.signIn(ISSUER.token("s").header("typ", type).sign())).isNotNull();
      }
      var several = ISSUER.token("s").header("typ", null).audience("other", "chaperone").sign();
      assertThat(signIn.signIn(several).identity().kind()).isEqualTo(Kind.SERVICE);
      assertThat(signIn.signIn(several).mayReview()).isFalse();
    }
  }

  @Test
  void oneKeyThatFitsNeedsNoKeyId() throws Exception {
    try (var signIn = Setup.open(Setup.settings(ISSUER, "person"))) {
      assertThat(signIn.signIn(ISSUER.token("ann").header("kid", null).sign())).isNotNull();
    }
  }

  @Test
  void keysInTheHeaderAreNeverUsed() throws Exception {
    var stranger = SigningKey.rsa("stranger", 2048);
    try (var signIn = Setup.open(Setup.settings(ISSUER, "person"))) {
      var jwk = stranger.jwk().toJSONObject();
      assertThat(signIn.signIn(ISSUER.token("ann").header("jwk", jwk).sign())).isNotNull();
      assertThat(
              Setup.refusal(
                  signIn,
                  ISSUER
                      .token("ann")
                      .header("jwk", jwk)
                      .header("jku", "http://127.0.0.1:1/keys")
                      .header("x5u", "http://127.0.0.1:1/x")
                      .signedBy(stranger)))
          .hasMessageContaining("signature");
    }
  }

  @Test
  void narrowedTokensAndStalePrivilegesNeverReview() throws Exception {
    try (var signIn = Setup.open(Setup.settings(ISSUER, "person"))) {
      for (Object mark : List.of(true, "no", 0, Map.of())) {
        var token = ISSUER.token("ann").claim(Issuer.NARROWED_CLAIM, mark).sign();
        assertThat(signIn.signIn(token).mayReview()).as("marked %s", mark).isFalse();
      }
      var unmarked = ISSUER.token("ann").claim(Issuer.NARROWED_CLAIM, false).sign();
      assertThat(signIn.signIn(unmarked).mayReview()).isTrue();
    }
  }

  @Test
  void intentComesFromTheToken() throws Exception {
    try (var signIn = Setup.open(Setup.settings(ISSUER, "person"))) {
      assertThat(signIn.signIn(ISSUER.token("a").intent("clean up").sign()).intent())
          .isEqualTo(new Intent("clean up", null, null));
      var parts = Map.of("text", "t", "ticket", "T-7", "trace", "00-1-2-01");
      assertThat(signIn.signIn(ISSUER.token("a").claim("intent", parts).sign()).intent())
          .isEqualTo(new Intent("t", "T-7", "00-1-2-01"));
      assertThat(signIn.signIn(ISSUER.token("a").claim("intent", 7).sign()).intent())
          .isEqualTo(Intent.NONE);
      assertThat(Setup.refusal(signIn, ISSUER.token("a").claim("chaperone_intent", 7).sign()))
          .hasMessageContaining("chaperone_intent");
    }
  }

  @Test
  void toldApartByIssuerNeverByKey() throws Exception {
    try (var other = TestIssuer.start()) {
      var second =
          new IssuerSettings(
              "other", other.issuer(), TestIssuer.AUDIENCE, null, "agent", null, null);
      try (var signIn = Setup.open(Setup.settings(ISSUER, "person"), second)) {
        assertThat(signIn.signIn(other.token("bot").sign()).identity().issuer()).isEqualTo("other");
        var foreign = ISSUER.token("ann").header("kid", "key-1").signedBy(other.key());
        var refusal = Setup.refusal(signIn, foreign);
        assertThat(refusal).hasMessageContaining("signature");
        assertThat(refusal.issuer()).isEqualTo(Setup.NAME);
      }
    }
  }
}
