package dev.chaperone.identity.oidc;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.chaperone.core.identity.SignInRefusedException;
import dev.chaperone.testing.TestIssuer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings and sign-ins for tests. */
final class Setup {
  static final String NAME = "corp";

  private Setup() {}

  /** Discovery, with a fixed or computed kind, and groups and person as they are by default. */
  static IssuerSettings settings(TestIssuer issuer, String kind) {
    return settings(issuer, kind, null, null);
  }

  static IssuerSettings settings(
      TestIssuer issuer, String kind, @Nullable String groups, @Nullable String person) {
    return new IssuerSettings(
        NAME, issuer.issuer(), TestIssuer.AUDIENCE, null, kind, groups, person);
  }

  static IssuerSettings withFile(TestIssuer issuer, Path jwks) {
    return new IssuerSettings(
        NAME, issuer.issuer(), TestIssuer.AUDIENCE, jwks, "person", null, null);
  }

  static OidcSignIn open(IssuerSettings... settings) {
    return open(Clock.systemUTC(), settings);
  }

  static OidcSignIn open(Clock clock, IssuerSettings... settings) {
    try {
      return new OidcSignIn(List.of(settings), clock);
    } catch (IssuerSettingsException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Why the token is refused; fails when it is not. */
  static SignInRefusedException refusal(OidcSignIn signIn, String token) {
    var refusal = catchThrowableOfType(SignInRefusedException.class, () -> signIn.signIn(token));
    if (refusal == null) {
      throw new AssertionError("signed in");
    }
    return refusal;
  }
}
