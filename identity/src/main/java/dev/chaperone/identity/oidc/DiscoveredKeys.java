package dev.chaperone.identity.oidc;

import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys by OpenID Connect Discovery. They are fetched when first needed, again when they are {@link
 * #FRESH} old, and when a token names a key that is not among them, but never sooner than {@link
 * #PAUSE} after the last attempt, whoever asks. While the issuer cannot be reached the old ones
 * count, until they are {@link #KEPT} old. One thread fetches; others go on with the old keys, or
 * wait when those do not serve.
 */
final class DiscoveredKeys implements KeySource {
  /** When keys are fetched again. */
  static final Duration FRESH = Duration.ofMinutes(10);

  /** How long keys count without a successful fetch: a withdrawn key lives no longer than this. */
  static final Duration KEPT = Duration.ofHours(2);

  /** The least time between two attempts. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(DiscoveredKeys.class);

  /** Two documents, and a little. */
  private static final Duration LONGEST_WAIT = Documents.LONGEST.multipliedBy(2).plusSeconds(1);

  private final String name;
  private final URI issuer;
  private final Documents documents;
  private final Clock clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Fetched fetched;
  private volatile Instant nextAttempt = Instant.MIN;

  private record Fetched(PublicKeys keys, Instant when) {}

  DiscoveredKeys(String name, URI issuer, Documents documents, Clock clock) {
    this.name = name;
    this.issuer = issuer;
    this.documents = documents;
    this.clock = clock;
  }

  @Override
  public List<JWK> candidates(@Nullable String keyId, TokenAlgorithm algorithm)
      throws InvalidInputException {
    var before = fetched;
    if (before == null || age(before).compareTo(KEPT) > 0) {
      refresh(before, true);
    } else if (age(before).compareTo(FRESH) > 0) {
      refresh(before, false);
    }
    var found = in(fetched, keyId, algorithm);
    if (found.isEmpty()) {
      refresh(fetched, true);
      found = in(fetched, keyId, algorithm);
    }
    return found;
  }

  private List<JWK> in(@Nullable Fetched current, @Nullable String keyId, TokenAlgorithm algorithm)
      throws InvalidInputException {
    if (current == null || age(current).compareTo(KEPT) > 0) {
      throw new InvalidInputException("the keys of issuer " + name + " cannot be fetched now");
    }
    return current.keys().candidates(keyId, algorithm, clock.instant());
  }

  private Duration age(Fetched current) {
    return Duration.between(current.when(), clock.instant());
  }

  /**
   * Fetches the keys unless it is too soon.
   *
   * @param before what the caller has seen: when another thread has fetched since, that will do
   * @param wait whether to wait for another thread that is fetching
   */
  private void refresh(@Nullable Fetched before, boolean wait) {
    if (!enter(wait)) {
      return;
    }
    try {
      var now = clock.instant();
      if (!Objects.equals(fetched, before) || now.isBefore(nextAttempt)) {
        return;
      }
      attempt(now);
    } finally {
      fetching.unlock();
    }
  }

  private void attempt(Instant now) {
    try {
      var keys = fetch();
      fetched = new Fetched(keys, now);
      LOG.info("issuer {}: {} keys fetched", name, keys.size());
    } catch (IOException | InvalidInputException e) {
      LOG.warn("issuer {}: keys not fetched: {}", name, e.getMessage());
    } finally {
      // Counted from the end, so that an issuer that hangs is not asked without a pause.
      nextAttempt = clock.instant().plus(PAUSE);
    }
  }

  private boolean enter(boolean wait) {
    try {
      return wait
          ? fetching.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
          : fetching.tryLock();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private PublicKeys fetch() throws IOException, InvalidInputException {
    var discovery = IssuerAddress.discovery(issuer);
    var document = StrictJson.object(documents.get(discovery), "the discovery document");
    // Without this, any issuer could speak for any other (OpenID Connect Discovery, 4.3).
    if (!issuer.toString().equals(document.get("issuer"))) {
      throw new InvalidInputException("the discovery document speaks for another issuer");
    }
    if (!(document.get("jwks_uri") instanceof String keys)) {
      throw new InvalidInputException("the discovery document has no jwks_uri");
    }
    return PublicKeys.parse(documents.get(IssuerAddress.keys(keys, issuer)));
  }
}
