package dev.chaperone.identity.oidc;

import dev.chaperone.core.identity.SignIn;
import dev.chaperone.core.identity.SignInRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sign-in by the tokens of several OpenID Connect issuers: ID tokens, or access tokens in JWT form
 * (RFC 9068). The token's {@code iss} picks the issuer, and only that one's keys may have signed.
 *
 * <p>Taken are compact JWS of at most 16 KiB, of type JWT or at+jwt or none, with a public-key
 * algorithm (RS, PS, ES with 256, 384 or 512; Ed25519) that fits the key; keys in the token's
 * header are never used. Required are {@code iss}, {@code sub}, {@code aud}, {@code exp} and {@code
 * iat}; a token lives 24 hours at most, and clocks may differ by 60 seconds. {@code act} (RFC 8693)
 * makes the actor the identity and the subject whom it acts for, two actors deep at most.
 *
 * <p>Safe for many threads. It blocks when an issuer's keys must be fetched, for 21 seconds at
 * most.
 */
public final class OidcSignIn implements SignIn, AutoCloseable {
  private final Map<String, Issuer> byAddress;
  private final Clock clock;
  private final Documents documents = new Documents();

  /**
   * Checks the settings, compiles their expressions and reads the key files. Nothing is fetched
   * until a token needs it, so that an issuer that is down stops nobody from starting.
   *
   * @throws IssuerSettingsException when something in them cannot be used
   */
  public OidcSignIn(List<IssuerSettings> issuers, Clock clock) throws IssuerSettingsException {
    this.clock = clock;
    var opened = new LinkedHashMap<String, Issuer>();
    try {
      for (var settings : issuers) {
        if (opened.containsKey(settings.issuer())) {
          throw new IssuerSettingsException(
              settings.name(), "issuer", "another issuer has this address too");
        }
        opened.put(settings.issuer(), open(settings));
      }
    } catch (IssuerSettingsException | RuntimeException e) {
      documents.close();
      throw e;
    }
    byAddress = Map.copyOf(opened);
  }

  private Issuer open(IssuerSettings settings) throws IssuerSettingsException {
    if (settings.audience().isBlank()) {
      throw new IssuerSettingsException(settings.name(), "audience", "is empty");
    }
    return new Issuer(settings, keys(settings), ClaimMapping.compile(settings));
  }

  private KeySource keys(IssuerSettings settings) throws IssuerSettingsException {
    try {
      var address = IssuerAddress.issuer(settings.issuer());
      if (settings.jwks() == null) {
        return new DiscoveredKeys(settings.name(), address, documents, clock);
      }
    } catch (InvalidInputException e) {
      throw new IssuerSettingsException(settings.name(), "issuer", e.problem());
    }
    try {
      return FileKeys.read(settings.jwks(), clock);
    } catch (IOException | InvalidInputException e) {
      throw new IssuerSettingsException(
          settings.name(), "jwks", settings.jwks() + ": " + e.getMessage());
    }
  }

  @Override
  public SignedIn signIn(String token) throws SignInRefusedException {
    CompactToken parsed;
    Issuer issuer;
    try {
      parsed = CompactToken.parse(token);
      issuer = issuer(parsed);
    } catch (InvalidInputException e) {
      throw new SignInRefusedException(e.problem(), null);
    }
    try {
      return issuer.signIn(parsed, digest(token), clock.instant());
    } catch (InvalidInputException e) {
      throw new SignInRefusedException(e.problem(), issuer.name());
    }
  }

  private Issuer issuer(CompactToken token) throws InvalidInputException {
    var address = new Claims(token.claims()).text("iss");
    var issuer = address == null ? null : byAddress.get(address);
    if (issuer == null) {
      throw new InvalidInputException("the token's issuer (iss) is not one that is configured");
    }
    return issuer;
  }

  private static String digest(String token) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(token.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Ends fetches that are under way; their sign-ins are refused. */
  @Override
  public void close() {
    documents.close();
  }
}
