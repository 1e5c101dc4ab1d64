package dev.chaperone.testing;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID Connect issuer on a loopback port: discovery document, JWKS and tokens. It serves plain
 * HTTP, which is allowed for loopback alone. Safe for many threads.
 */
public final class TestIssuer implements AutoCloseable {
  /** The audience of its tokens unless told otherwise. */
  public static final String AUDIENCE = "chaperone";

  private static final String DISCOVERY = "/.well-known/openid-configuration";
  private static final String KEYS = "/keys";

  private final CopyOnWriteArrayList<SigningKey> keys = new CopyOnWriteArrayList<>();
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger keyRequests = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile @Nullable HttpHandler discovery;
  private volatile @Nullable HttpHandler keysAnswer;
  private volatile SigningKey current;
  private @Nullable HttpServer server;
  private int port;

  private TestIssuer() {
    current = SigningKey.rsa("key-" + made.incrementAndGet(), 2048);
    keys.add(current);
  }

  /** Starts an issuer on a free port with one RSA key. */
  public static TestIssuer start() {
    var issuer = new TestIssuer();
    issuer.restart();
    return issuer;
  }

  /** Its address, as it stands in {@code iss}. */
  public synchronized String issuer() {
    return "http://127.0.0.1:" + port;
  }

  /** A valid token for this subject and {@link #AUDIENCE}, signed by the current key. */
  public TestToken token(String subject) {
    return new TestToken(current, issuer(), subject, AUDIENCE);
  }

  /** The key that signs now. */
  public SigningKey key() {
    return current;
  }

  /** Adds a new RSA key, which signs from now on; the old ones are still served. */
  public SigningKey rotate() {
    return use(SigningKey.rsa("key-" + made.incrementAndGet(), 2048));
  }

  /** Adds this key, which signs from now on; the old ones are still served. */
  public SigningKey use(SigningKey key) {
    keys.add(key);
    current = key;
    return key;
  }

  /** Serves this key no longer. */
  public void withdraw(SigningKey key) {
    keys.remove(key);
  }

  /** The public keys as a JWKS document. */
  public String jwks() {
    List<JWK> all = keys.stream().map(SigningKey::jwk).toList();
    return new JWKSet(all).toString();
  }

  /** Writes the JWKS to a file. */
  public Path writeJwks(Path file) {
    try {
      return Files.writeString(file, jwks());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often its keys were fetched. */
  public int keyRequests() {
    return keyRequests.get();
  }

  /** Answers requests for the discovery document with this; null brings the honest answer back. */
  public void answerDiscovery(@Nullable HttpHandler handler) {
    discovery = handler;
  }

  /** Answers requests for the keys with this; null brings the honest answer back. */
  public void answerKeys(@Nullable HttpHandler handler) {
    keysAnswer = handler;
  }

  /** An answer with a status and a body, for the two methods above. */
  public static HttpHandler answer(int status, String body) {
    return exchange -> send(exchange, status, body);
  }

  /** An answer that sends the client elsewhere. */
  public static HttpHandler redirect(String to) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", to);
      send(exchange, 302, "");
    };
  }

  /** Stops serving: connections are refused until {@link #restart}. */
  public synchronized void stop() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  /** Serves again, on the same port. */
  public synchronized void restart() {
    try {
      var next =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      next.setExecutor(threads);
      next.createContext(DISCOVERY, this::discover);
      next.createContext(KEYS, this::keys);
      next.start();
      port = next.getAddress().getPort();
      server = next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void discover(HttpExchange exchange) throws IOException {
    var own = discovery;
    if (own != null) {
      own.handle(exchange);
      return;
    }
    send(
        exchange,
        200,
        JSONObjectUtils.toJSONString(
            Map.of(
                "issuer",
                issuer(),
                "jwks_uri",
                issuer() + KEYS,
                "authorization_endpoint",
                issuer() + "/authorize",
                "subject_types_supported",
                List.of("public"),
                "response_types_supported",
                List.of("code"))));
  }

  private void keys(HttpExchange exchange) throws IOException {
    keyRequests.incrementAndGet();
    var own = keysAnswer;
    if (own != null) {
      own.handle(exchange);
    } else {
      send(exchange, 200, jwks());
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** Stops it for good. */
  @Override
  public void close() {
    stop();
    threads.shutdownNow();
  }
}
