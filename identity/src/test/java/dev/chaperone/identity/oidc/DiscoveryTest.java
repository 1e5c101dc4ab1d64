package dev.chaperone.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.chaperone.testing.SigningKey;
import dev.chaperone.testing.TestIssuer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An issuer's keys over its life: rotation, floods, outages, and answers that lie. */
class DiscoveryTest {
  private static final Duration A_MOMENT_MORE = Duration.ofSeconds(1);

  private final TestIssuer issuer = TestIssuer.start();
  private final MovedClock clock = new MovedClock();
  private final OidcSignIn signIn = Setup.open(clock, Setup.settings(issuer, "person"));

  @AfterEach
  void stop() {
    signIn.close();
    issuer.close();
  }

  private void waitOutThePause() {
    clock.advance(DiscoveredKeys.PAUSE.plus(A_MOMENT_MORE));
  }

  private String fresh() {
    return issuer
        .token("ann")
        .issued(clock.instant())
        .expires(clock.instant().plusSeconds(600))
        .sign();
  }

  @Test
  void aNewKeyCountsWithoutARestart() throws Exception {
    signIn.signIn(fresh());
    issuer.rotate();
    waitOutThePause();
    assertThat(signIn.signIn(fresh()).identity().credential().keyId()).isEqualTo("key-2");
    assertThat(issuer.keyRequests()).isEqualTo(2);
  }

  @Test
  void aWithdrawnKeyCountsNoLongerOnceKeysAreStale() throws Exception {
    var old = issuer.key();
    signIn.signIn(fresh());
    issuer.rotate();
    issuer.withdraw(old);
    clock.advance(DiscoveredKeys.FRESH.plus(A_MOMENT_MORE));
    var claims =
        issuer.token("ann").issued(clock.instant()).expires(clock.instant().plusSeconds(60));
    var byOld = old.sign(claims.header("kid", "key-1").headerJson(), claims.claimsJson());
    assertThat(Setup.refusal(signIn, byOld)).hasMessageContaining("no key");
  }

  @Test
  void aFloodOfUnknownKeysFetchesOnce() throws Exception {
    signIn.signIn(fresh());
    waitOutThePause();
    for (int i = 0; i < 100; i++) {
      Setup.refusal(signIn, issuer.token("x").header("kid", "unknown-" + i).sign());
    }
    assertThat(issuer.keyRequests()).isEqualTo(2);
  }

  @Test
  void manyAtOnceFetchOnce() throws Exception {
    var token = fresh();
    var start = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all =
          IntStream.range(0, 50)
              .mapToObj(ignored ->
                  threads.submit(() -> {
                    start.await();
                    return signIn.signIn(token);
                  }))
              .toList();
      start.countDown();
      for (var one : all) {
        assertThat(one.get().identity().subject()).isEqualTo("ann");
      }
    }
    assertThat(issuer.keyRequests()).isEqualTo(1);
  }

  @Test
  void whileTheIssuerIsDownOldKeysCountForABoundedTime() throws Exception {
    signIn.signIn(fresh());
    issuer.stop();
    clock.advance(DiscoveredKeys.KEPT.minus(A_MOMENT_MORE.multipliedBy(5)));
    assertThat(signIn.signIn(fresh())).isNotNull();
    clock.advance(A_MOMENT_MORE.multipliedBy(20));
    assertThat(Setup.refusal(signIn, fresh()))
        .hasMessageContaining("cannot be fetched")
        .satisfies(refusal -> assertThat(refusal.getMessage()).contains(Setup.NAME));
    issuer.restart();
    waitOutThePause();
    assertThat(signIn.signIn(fresh())).isNotNull();
  }

  @Test
  void anIssuerThatIsDownAtTheStartIsAskedAgainAfterThePause() throws Exception {
    issuer.stop();
    assertThat(Setup.refusal(signIn, fresh())).hasMessageContaining("cannot be fetched");
    issuer.restart();
    assertThat(Setup.refusal(signIn, fresh())).hasMessageContaining("cannot be fetched");
    assertThat(issuer.keyRequests()).isZero();
    waitOutThePause();
    assertThat(signIn.signIn(fresh())).isNotNull();
  }

  private void refusesKeys(String why) {
    waitOutThePause();
    assertThat(Setup.refusal(signIn, fresh())).as(why).hasMessageContaining("cannot be fetched");
  }

  /** Redirects to a page below, which has the honest answer: only not following it is safe. */
  private static HttpHandler elsewhere(String honest) {
    return exchange -> {
      var path = exchange.getRequestURI().getPath();
      var handler =
          path.endsWith("/below")
              ? TestIssuer.answer(200, honest)
              : TestIssuer.redirect(path + "/below");
      handler.handle(exchange);
    };
  }

  private static String document(String issuer, String keys) {
    return JSONObjectUtils.toJSONString(Map.of("issuer", issuer, "jwks_uri", keys));
  }

  @Test
  void documentsThatLieAreNotBelieved() throws Exception {
    var keys = issuer.issuer() + "/keys";
    issuer.answerDiscovery(TestIssuer.answer(200, document("https://other.example", keys)));
    refusesKeys("another issuer's document");
    issuer.answerDiscovery(TestIssuer.answer(200, document(issuer.issuer() + "/", keys)));
    refusesKeys("nearly the issuer's document");
    issuer.answerDiscovery(elsewhere(document(issuer.issuer(), keys)));
    refusesKeys("a redirect");
    issuer.answerDiscovery(
        TestIssuer.answer(200, document(issuer.issuer(), "http://keys.example/keys")));
    refusesKeys("keys by http from elsewhere");
    issuer.answerDiscovery(TestIssuer.answer(200, document(issuer.issuer(), "file:///etc/passwd")));
    refusesKeys("keys from a file");
    issuer.answerDiscovery(TestIssuer.answer(200, "{\"issuer\":\"" + issuer.issuer() + "\"}"));
    refusesKeys("no keys at all");
    issuer.answerDiscovery(TestIssuer.answer(500, document(issuer.issuer(), keys)));
    refusesKeys("an error");
    assertThat(issuer.keyRequests()).isZero();
    issuer.answerDiscovery(null);
    waitOutThePause();
    assertThat(signIn.signIn(fresh())).isNotNull();
  }

  @Test
  void keysThatAreNoneAreNotBelieved() {
    issuer.answerKeys(elsewhere(issuer.jwks()));
    refusesKeys("a redirect");
    issuer.answerKeys(TestIssuer.answer(200, "[]"));
    refusesKeys("a list");
    issuer.answerKeys(TestIssuer.answer(200, "{\"keys\":[]}"));
    refusesKeys("no key");
    issuer.answerKeys(TestIssuer.answer(200, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}"));
    refusesKeys("a symmetric key");
    issuer.answerKeys(TestIssuer.answer(200, issuer.jwks() + " ".repeat(PublicKeys.MAX_BYTES)));
    refusesKeys("too long");
    issuer.answerKeys(DiscoveryTest::drip);
    long before = System.nanoTime();
    refusesKeys("a drip");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isLessThan(Documents.LONGEST.multipliedBy(5));
  }

  /** Sends a byte now and then, so that no single read takes long. */
  private static void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (var out = exchange.getResponseBody()) {
      for (int i = 0; i < 2_400; i++) {
        out.write(' ');
        out.flush();
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void oneUselessKeyDoesNotSpoilTheOthers() throws Exception {
    var good = issuer.key().jwk().toJSONString();
    issuer.answerKeys(
        TestIssuer.answer(
            200, "{\"keys\":[{\"kty\":\"XX\"},7,{\"kty\":\"RSA\",\"n\":\"!\"}," + good + "]}"));
    assertThat(signIn.signIn(fresh())).isNotNull();
  }

  @Test
  void keysAreUsedOnlyAsTheyThemselvesAllow() throws Exception {
    var key = issuer.key().jwk().toRSAKey();
    for (var changed :
        List.of(
            new RSAKey.Builder(key).keyUse(KeyUse.ENCRYPTION).build(),
            new RSAKey.Builder(key).algorithm(JWSAlgorithm.RS512).build(),
            new RSAKey.Builder(key).expirationTime(Date.from(Instant.EPOCH)).build())) {
      var other = SigningKey.ec("other").jwk().toJSONString();
      issuer.answerKeys(
          TestIssuer.answer(200, "{\"keys\":[" + changed.toJSONString() + "," + other + "]}"));
      waitOutThePause();
      assertThat(Setup.refusal(signIn, fresh())).hasMessageContaining("no key");
    }
  }
}
