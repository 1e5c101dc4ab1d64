package dev.chaperone.identity.oidc;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Identity.Credential;
import dev.chaperone.core.identity.Identity.Kind;
import dev.chaperone.core.identity.SignIn.SignedIn;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** One configured issuer: checks what its tokens claim and says who they prove. */
final class Issuer {
  /** Marks a token that was narrowed: with any value but false it never decides reviews. */
  static final String NARROWED_CLAIM = "chaperone_narrowed";

  private static final int MAX_ACTORS = 2;

  private final IssuerSettings settings;
  private final KeySource keys;
  private final ClaimMapping mapping;

  Issuer(IssuerSettings settings, KeySource keys, ClaimMapping mapping) {
    this.settings = settings;
    this.keys = keys;
    this.mapping = mapping;
  }

  String name() {
    return settings.name();
  }

  /**
   * Checks signature, audience and times, in this order, then reads the identity.
   *
   * @param digest the token's, for the record
   */
  SignedIn signIn(CompactToken token, String digest, Instant now) throws InvalidInputException {
    var keyId = verify(token);
    var claims = new Claims(token.claims());
    if (!claims.isFor(settings.audience())) {
      throw new InvalidInputException("the token's audience is not " + settings.audience());
    }
    var times = TokenTimes.check(claims, now);
    var credential =
        new Credential(keyId, digest, times.issued(), times.expires(), times.authenticated());
    var actor = claims.actor();
    var identity =
        actor == null
            ? subject(claims, mapping.actor(claims), credential)
            : delegated(claims, actor, credential);
    boolean narrowed = !Boolean.FALSE.equals(claims.members().getOrDefault(NARROWED_CLAIM, false));
    boolean mayReview = identity.kind() == Kind.PERSON && actor == null && !narrowed;
    return new SignedIn(identity, StatedIntent.of(claims), mayReview);
  }

  /** Returns the id of the key that signed. */
  private String verify(CompactToken token) throws InvalidInputException {
    var candidates = keys.candidates(token.keyId(), token.algorithm());
    if (candidates.isEmpty()) {
      throw new InvalidInputException(
          "the issuer has no key with this id (kid) and algorithm (alg)");
    }
    for (var key : candidates) {
      if (token.algorithm().verifies(key, token.signed())) {
        var keyId = key.getKeyID();
        return keyId == null ? "" : keyId;
      }
    }
    throw new InvalidInputException("the token's signature is wrong");
  }

  private Identity subject(Claims claims, Kind kind, Credential credential)
      throws InvalidInputException {
    var subject = claims.subject("sub");
    var person = mapping.person(claims, key(subject));
    return identity(claims, subject, kind, person, null, credential);
  }

  /**
   * The actor, on behalf of the subject (RFC 8693, 4.1). Each has its own claims: the actor those
   * in {@code act}, the subject the others. Actors further in are who acted before; as RFC 8693
   * says they decide nothing, and stand in the actor's claims alone.
   */
  private Identity delegated(Claims claims, Claims actor, Credential credential)
      throws InvalidInputException {
    checkDepth(actor);
    var kind = mapping.actor(claims);
    if (kind == Kind.PERSON) {
      throw new InvalidInputException("a person cannot act for somebody else (act)");
    }
    var own = actor.text("iss");
    if (own != null && !own.equals(settings.issuer())) {
      throw new InvalidInputException("the token's actor is another issuer's (act.iss)");
    }
    var behind = withoutActor(claims);
    var onBehalfOf = subject(behind, mapping.behindActor(behind), credential);
    var subject = actor.subject("act.sub");
    return identity(actor, subject, kind, key(subject), onBehalfOf, credential);
  }

  private static void checkDepth(Claims actor) throws InvalidInputException {
    int actors = 1;
    for (var next = actor.actor(); next != null; next = next.actor()) {
      next.subject("act.act.sub");
      actors++;
      if (actors > MAX_ACTORS) {
        throw new InvalidInputException(
            "the token's actors nest deeper than " + MAX_ACTORS + " (act)");
      }
    }
  }

  private static Claims withoutActor(Claims claims) {
    var members = new LinkedHashMap<>(claims.members());
    members.remove("act");
    return new Claims(members);
  }

  private Identity identity(
      Claims claims,
      String subject,
      Kind kind,
      String person,
      @Nullable Identity onBehalfOf,
      Credential credential)
      throws InvalidInputException {
    var name = claims.shown("name");
    return new Identity(
        settings.name(),
        subject,
        kind,
        name == null ? claims.shown("preferred_username") : name,
        Boolean.FALSE.equals(claims.members().get("email_verified")) ? null : claims.shown("email"),
        mapping.groups(claims),
        claims.members(),
        person,
        onBehalfOf,
        credential);
  }

  /** An issuer's address has no blank in it, so that no two pairs make one key. */
  private String key(String subject) {
    return settings.issuer() + " " + subject;
  }
}
