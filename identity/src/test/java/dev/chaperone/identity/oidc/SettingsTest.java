package dev.chaperone.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.chaperone.testing.TestIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with an issuer's settings is said when they are loaded, with the key's name. */
class SettingsTest {
  private static final String HTTPS = "https://login.example.com/tenant/v2.0";

  @TempDir Path directory;

  private static IssuerSettings settings(
      String issuer, @Nullable Path jwks, String kind, @Nullable String groups) {
    return new IssuerSettings("corp", issuer, "chaperone", jwks, kind, groups, null);
  }

  private static IssuerSettingsException problem(IssuerSettings... settings) {
    var problem =
        catchThrowableOfType(
            IssuerSettingsException.class,
            () -> new OidcSignIn(List.of(settings), Clock.systemUTC()).close());
    if (problem == null) {
      throw new AssertionError("loaded");
    }
    return problem;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HTTPS,
        HTTPS + "/",
        "http://127.0.0.1:8080",
        "http://localhost:8080/realms/x",
        "http://[::1]:8080"
      })
  void goodAddressesLoad(String issuer) throws Exception {
    try (var signIn =
        new OidcSignIn(List.of(settings(issuer, null, "person", null)), Clock.systemUTC())) {
      assertThat(Setup.refusal(signIn, "x")).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "ftp://login.example.com",
        "file:///etc/passwd",
        "login.example.com",
        "https://",
        "https://user:secret@login.example.com",
        "https://login.example.com/#x",
        "https://login.example.com/?x=1",
        "https://login example.com",
        ""
      })
  void badAddressesAreNamed(String issuer) {
    var problem = problem(settings(issuer, null, "person", null));
    assertThat(problem.key()).isEqualTo("issuer");
    assertThat(problem.issuer()).isEqualTo("corp");
    assertThat(problem)
        .hasMessageStartingWith("issuer corp, issuer: ")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "kind, persn, undeclared reference to 'persn'",
    "kind, 1 + 1, gives int",
    "kind, claims.kind ==, not a valid expression",
    "kind, claims.kind == 'x', gives bool",
    "groups, claims.groups.size(), gives int",
    "groups, klaims.groups, undeclared reference to 'klaims'",
    "groups, nonsense(claims), undeclared reference to 'nonsense'"
  })
  void badExpressionsAreNamed(String key, String expression, String message) {
    var settings =
        key.equals("kind")
            ? settings(HTTPS, null, expression, null)
            : settings(HTTPS, null, "person", expression);
    var problem = problem(settings);
    assertThat(problem.key()).isEqualTo(key);
    assertThat(problem).hasMessageContaining(message).hasMessageNotContaining("\n");
  }

  @Test
  void keyFilesThatCannotBeUsedAreNamed() throws IOException {
    var missing = problem(settings(HTTPS, directory.resolve("none.json"), "person", null));
    assertThat(missing.key()).isEqualTo("jwks");
    assertThat(missing).hasMessageContaining("none.json");
    var empty = Files.writeString(directory.resolve("empty.json"), "{\"keys\":[]}");
    assertThat(problem(settings(HTTPS, empty, "person", null)))
        .hasMessageContaining("empty.json")
        .hasMessageContaining("no key that can check signatures");
    var huge =
        Files.writeString(directory.resolve("huge.json"), " ".repeat(PublicKeys.MAX_BYTES + 1));
    assertThat(problem(settings(HTTPS, huge, "person", null))).hasMessageContaining("longer than");
  }

  @Test
  void oneAddressIsOneIssuer() {
    var one = settings(HTTPS, null, "person", null);
    assertThat(problem(one, one)).hasMessageContaining("another issuer has this address");
  }

  @Test
  void audienceIsNotEmpty() {
    var settings = new IssuerSettings("corp", HTTPS, " ", null, "person", null, null);
    assertThat(problem(settings).key()).isEqualTo("audience");
  }

  @Test
  void closedItFetchesNothing() {
    try (var issuer = TestIssuer.start()) {
      var signIn = Setup.open(Setup.settings(issuer, "person"));
      signIn.close();
      assertThatThrownBy(() -> signIn.signIn(issuer.token("ann").sign()))
          .hasMessageContaining("cannot be fetched");
    }
  }
}
