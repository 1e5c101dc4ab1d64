package dev.chaperone.app.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A sign-in issuer for the demo: it gives a token for any of its people to whoever asks on this
 * machine, and says so. Its keys live as long as the demo; nothing but the demo's gateway trusts
 * them.
 */
final class DemoIssuer implements AutoCloseable {
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final String WARNING =
      """
      This is the sign-in issuer of a Chaperone demo. It gives a token for any of its people to
      whoever asks on this machine. Only the demo's own gateway trusts it.
      """;

  /** The demo's people. */
  enum Someone {
    /** An AI agent that acts for Dana. */
    AGENT("tidy-bot"),
    /** A developer. */
    DANA("dana"),
    /** A database administrator, who may review. */
    REVIEWER("ravi"),
    /** Reads everything that was recorded. */
    AUDITOR("aya");

    private final String subject;

    Someone(String subject) {
      this.subject = subject;
    }

    String subject() {
      return subject;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final HttpServer server;
  private final ECKey key;

  private DemoIssuer(HttpServer server, ECKey key) {
    this.server = server;
    this.key = key;
  }

  /** Starts it on a free loopback port. */
  static DemoIssuer start() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var issuer = new DemoIssuer(server, newKey());
    server.createContext("/", exchange -> send(exchange, 200, "text/plain", WARNING));
    server.createContext("/.well-known/openid-configuration", issuer::discover);
    server.createContext("/keys", issuer::keys);
    server.createContext("/token/", issuer::give);
    server.start();
    return issuer;
  }

  /** A key that signs nothing that the gateway accepts, and one that it does, look alike. */
  static ECKey newKey() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyID("demo")
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("this Java has no P-256", e);
    }
  }

  /** Its address, as it stands in {@code iss}. */
  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A fresh token. */
  String token(Someone someone) {
    return token(someone, key);
  }

  /** The same, signed by a key of somebody else's. */
  String forged(Someone someone) {
    return token(someone, newKey());
  }

  private String token(Someone someone, ECKey signedBy) {
    var now = Instant.now();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(address())
            .audience("chaperone")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LIFETIME)))
            .claim("auth_time", now.getEpochSecond());
    switch (someone) {
      case AGENT ->
          person(claims, Someone.DANA, "developers")
              .claim("act", Map.of("sub", Someone.AGENT.subject(), "groups", List.of("agents")))
              .claim("intent", "TICKET-42: remove the abandoned carts");
      case DANA -> person(claims, Someone.DANA, "developers");
      case REVIEWER -> person(claims, Someone.REVIEWER, "dba");
      case AUDITOR -> person(claims, Someone.AUDITOR, "audit");
    }
    try {
      var header =
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .type(JOSEObjectType.JWT)
              .keyID(signedBy.getKeyID())
              .build();
      var token = new SignedJWT(header, claims.build());
      token.sign(new ECDSASigner(signedBy));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("a token cannot be signed", e);
    }
  }

  private static JWTClaimsSet.Builder person(
      JWTClaimsSet.Builder claims, Someone someone, String group) {
    return claims
        .subject(someone.subject())
        .claim("email", someone.subject() + "@example.com")
        .claim("groups", List.of(group));
  }

  private void discover(HttpExchange exchange) throws IOException {
    send(
        exchange,
        200,
        "application/json",
        """
        {"issuer": "%1$s", "jwks_uri": "%1$s/keys", "authorization_endpoint": "%1$s/",
         "response_types_supported": ["code"], "subject_types_supported": ["public"],
         "id_token_signing_alg_values_supported": ["ES256"]}
        """
            .formatted(address()));
  }

  private void keys(HttpExchange exchange) throws IOException {
    send(exchange, 200, "application/json", new JWKSet(key.toPublicJWK()).toString());
  }

  private void give(HttpExchange exchange) throws IOException {
    var asked = exchange.getRequestURI().getPath().substring("/token/".length());
    Optional<Someone> someone =
        List.of(Someone.values()).stream().filter(one -> one.word().equals(asked)).findFirst();
    if (someone.isPresent()) {
      send(exchange, 200, "text/plain", token(someone.get()));
    } else {
      send(exchange, 404, "text/plain", WARNING);
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    try (exchange) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
