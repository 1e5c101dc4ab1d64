package dev.chaperone.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.management.ThreadMXBean;
import dev.chaperone.testing.SigningKey;
import dev.chaperone.testing.TestIssuer;
import dev.chaperone.testing.TestToken;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that attackers have tried. None of them signs anybody in, and each is told why. */
class TokenAttackTest {
  private static final TestIssuer ISSUER = TestIssuer.start();
  private static final String SUBJECT = "ann-1234";
  private static final SigningKey WEAK = SigningKey.rsa("weak", 1024);
  private static final SigningKey OTHER = SigningKey.rsa("key-1", 2048);
  private static final SigningKey EC = SigningKey.ec("ec");
  private static final OidcSignIn SIGN_IN = Setup.open(Setup.settings(ISSUER, "person"));

  static {
    var honest = ISSUER.key();
    ISSUER.use(WEAK);
    ISSUER.use(EC);
    ISSUER.use(honest);
  }

  @AfterAll
  static void stop() {
    SIGN_IN.close();
    ISSUER.close();
  }

  private static TestToken token() {
    return ISSUER.token(SUBJECT);
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  private static String base64(String text) {
    return Base64URL.encode(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Signs a payload with this put into its JSON text, before the last brace. */
  private static String with(String json) {
    var claims = token().claimsJson();
    var changed = claims.substring(0, claims.length() - 1) + "," + json + "}";
    return ISSUER.key().sign(token().headerJson(), changed);
  }

  private static String withHeader(String json) {
    var header = token().headerJson();
    var changed = header.substring(0, header.length() - 1) + "," + json + "}";
    return ISSUER.key().sign(changed, token().claimsJson());
  }

  private static Arguments attack(String name, String token, String refusal) {
    return Arguments.of(name, token, refusal);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"algorithms", "headers", "claims", "times", "texts", "actors"})
  void isRefused(String name, String token, String message) {
    var refusal = Setup.refusal(SIGN_IN, token);
    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal.getMessage()).hasSizeLessThan(200).doesNotContain(SUBJECT, "eyJ");
  }

  @Test
  void honestTokenSignsIn() throws Exception {
    assertThat(SIGN_IN.signIn(token().sign()).identity().subject()).isEqualTo(SUBJECT);
    assertThat(SIGN_IN.signIn(with("\"extra\":1")).identity().subject()).isEqualTo(SUBJECT);
    assertThat(SIGN_IN.signIn(withHeader("\"x5t\":\"AA\"")).identity().subject())
        .isEqualTo(SUBJECT);
  }

  static Stream<Arguments> algorithms() throws Exception {
    var honest = token().sign();
    var none = token().header("alg", "none");
    var unsigned = base64(none.headerJson()) + "." + base64(none.claimsJson()) + ".";
    return Stream.of(
        attack("none, no signature", unsigned, "algorithm"),
        attack("none, honest signature", none.sign(), "algorithm"),
        attack("None", token().header("alg", "None").sign(), "algorithm"),
        attack("no alg", token().header("alg", null).sign(), "algorithm"),
        attack("alg a number", token().header("alg", 256).sign(), "algorithm"),
        attack(
            "HMAC with the public key",
            hmac(ISSUER.key().jwk().toRSAKey().toRSAPublicKey().getEncoded()),
            "algorithm"),
        attack(
            "HMAC with the JWK", hmac(ISSUER.jwks().getBytes(StandardCharsets.UTF_8)), "algorithm"),
        attack("ES256 by an RSA key", token().header("alg", "ES256").sign(), "no key"),
        attack("RS256 by an EC key", token().header("alg", "RS256").signedBy(EC), "signature"),
        attack("RS512 said, RS256 used", token().header("alg", "RS512").sign(), "signature"),
        attack("PS256 said, RS256 used", token().header("alg", "PS256").sign(), "signature"),
        attack("ES256K", token().header("alg", "ES256K").sign(), "algorithm"),
        attack("RSA of 1024 bits", token().header("kid", "weak").signedBy(WEAK), "no key"),
        attack("another's key of the same id", token().signedBy(OTHER), "signature"),
        attack("zero signature", zero(honest, 256), "signature"),
        attack(
            "ECDSA zero signature",
            zero(token().header("kid", "ec").header("alg", "ES256").signedBy(EC), 64),
            "signature"),
        attack(
            "ECDSA in DER length",
            zero(token().header("kid", "ec").header("alg", "ES256").signedBy(EC), 72),
            "signature"),
        attack("short signature", zero(honest, 1), "signature"));
  }

  private static String hmac(byte[] key) throws Exception {
    var token = token().header("alg", "HS256");
    var signed = base64(token.headerJson()) + "." + base64(token.claimsJson());
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return signed + "." + Base64URL.encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String zero(String token, int length) {
    return token.substring(0, token.lastIndexOf('.') + 1) + Base64URL.encode(new byte[length]);
  }

  static Stream<Arguments> headers() {
    var attacks = new ArrayList<Arguments>();
    for (var keyId :
        List.of(
            "../../etc/passwd",
            "/dev/null",
            "' OR 1=1 --",
            "",
            "KEY-1",
            "key-1\u0000",
            "http://evil")) {
      attacks.add(attack("kid " + keyId, token().header("kid", keyId).sign(), "no key"));
    }
    attacks.add(attack("kid a list", token().header("kid", List.of("key-1")).sign(), "kid"));
    attacks.add(attack("crit", token().header("crit", List.of("exp")).sign(), "crit"));
    attacks.add(attack("b64", token().header("b64", false).sign(), "b64"));
    attacks.add(attack("enc", token().header("enc", "A128GCM").sign(), "enc"));
    for (Object type : List.of("logout+jwt", "secevent+jwt", "dpop+jwt", "JWE", "", 7)) {
      attacks.add(attack("typ " + type, token().header("typ", type).sign(), "typ"));
    }
    attacks.add(attack("alg twice", withHeader("\"alg\":\"RS256\""), "strict JSON"));
    attacks.add(attack("kid twice", withHeader("\"kid\":\"key-1\""), "strict JSON"));
    attacks.add(
        attack("header a list", ISSUER.key().sign("[]", token().claimsJson()), "JSON object"));
    return attacks.stream();
  }

  static Stream<Arguments> claims() {
    return Stream.of(
        attack("another issuer", token().claim("iss", "http://evil.example").sign(), "(iss)"),
        attack("issuer with a slash", token().claim("iss", ISSUER.issuer() + "/").sign(), "(iss)"),
        attack(
            "issuer in capitals",
            token().claim("iss", ISSUER.issuer().toUpperCase(Locale.ROOT)).sign(),
            "(iss)"),
        attack("no issuer", token().claim("iss", null).sign(), "(iss)"),
        attack("issuer a list", token().claim("iss", List.of(ISSUER.issuer())).sign(), "iss"),
        attack("issuer twice", with("\"iss\":\"" + ISSUER.issuer() + "\""), "strict JSON"),
        attack("another audience", token().audience("other").sign(), "audience"),
        attack("audience in part", token().audience("chaperone2").sign(), "audience"),
        attack("no audience", token().claim("aud", null).sign(), "aud"),
        attack("audience empty", token().claim("aud", List.of()).sign(), "audience"),
        attack(
            "audience nested", token().claim("aud", List.of(List.of("chaperone"))).sign(), "aud"),
        attack("audience an object", token().claim("aud", Map.of("chaperone", 1)).sign(), "aud"),
        attack("no subject", token().claim("sub", null).sign(), "sub"),
        attack("empty subject", token().claim("sub", "").sign(), "sub"),
        attack("blank subject", token().claim("sub", " ").sign(), "sub"),
        attack("subject a list", token().claim("sub", List.of("ann")).sign(), "sub"),
        attack("subject a number", token().claim("sub", 7).sign(), "sub"),
        attack("subject twice", with("\"sub\":\"root\""), "strict JSON"),
        attack("subject twice by escape", with("\"s\\u0075b\":\"root\""), "strict JSON"),
        attack("subject with a zero", token().claim("sub", "bob\u0000").sign(), "sub"),
        attack("subject with a line", token().claim("sub", "bob\nroot").sign(), "sub"),
        attack("subject turned around", token().claim("sub", "bob\u202etoor").sign(), "sub"),
        attack(
            "subject half a character",
            ISSUER
                .key()
                .sign(token().headerJson(), token().claimsJson().replace(SUBJECT, "\\ud800")),
            "sub"),
        attack("subject very long", token().claim("sub", "a".repeat(1001)).sign(), "sub"),
        attack("groups a number", token().claim("groups", 7).sign(), "groups"),
        attack("groups of numbers", token().claim("groups", List.of(1)).sign(), "groups"),
        attack("groups an object", token().claim("groups", Map.of("dba", true)).sign(), "groups"));
  }

  static Stream<Arguments> times() {
    var now = Instant.now();
    return Stream.of(
        attack(
            "expired",
            token().issued(now.minusSeconds(600)).expires(now.minusSeconds(61)).sign(),
            "expired"),
        attack("no expiry", token().claim("exp", null).sign(), "exp"),
        attack("expiry a text", token().claim("exp", String.valueOf(now() + 60)).sign(), "exp"),
        attack("expiry huge", with("\"nbf\":1e400"), "range"),
        attack("expiry beyond any clock", token().claim("exp", 1L << 60).sign(), "exp"),
        attack(
            "expiry of many digits",
            ISSUER
                .key()
                .sign(
                    token().headerJson(),
                    token()
                        .claim("exp", null)
                        .claimsJson()
                        .replaceFirst("}$", ",\"exp\":" + "9".repeat(39) + "}")),
            "exp"),
        attack("number of too many digits", with("\"n\":" + "9".repeat(41)), "strict JSON"),
        attack("expiry negative", token().claim("exp", -1).sign(), "exp"),
        attack("expiry twice", with("\"exp\":" + (now() + 9_999)), "strict JSON"),
        attack("expiry not a number", with("\"nbf\":NaN"), "strict JSON"),
        attack("not yet", token().notBefore(now.plusSeconds(120)).sign(), "nbf"),
        attack(
            "from the future",
            token().issued(now.plusSeconds(120)).expires(now.plusSeconds(600)).sign(),
            "iat"),
        attack("no issue time", token().claim("iat", null).sign(), "iat"),
        attack("signed in tomorrow", token().claim("auth_time", now() + 3_600).sign(), "auth_time"),
        attack("signed in at a text", token().claim("auth_time", "now").sign(), "auth_time"),
        attack(
            "ends before it begins",
            token().issued(now.plusSeconds(50)).expires(now.plusSeconds(40)).sign(),
            "begins"),
        attack("lives for years", token().expires(now.plusSeconds(25 * 3_600)).sign(), "24 hours"));
  }

  static Stream<Arguments> texts() {
    var honest = token().sign();
    int middle = honest.length() / 2;
    var parts = honest.split("\\.", -1);
    var attacks = new ArrayList<Arguments>();
    for (var text :
        Arrays.asList(
            honest + " ",
            " " + honest,
            honest + "\n",
            "Bearer " + honest,
            honest + "=",
            honest.substring(0, middle) + " " + honest.substring(middle),
            honest.substring(0, middle) + "\u00e9" + honest.substring(middle),
            honest.replace('.', '\uff0e'),
            parts[0] + "." + parts[1],
            parts[0] + "..." + parts[2],
            honest + ".",
            "." + honest,
            parts[0] + "." + parts[1] + "..",
            "..",
            ".",
            "x",
            "{}",
            "null",
            honest.substring(0, parts[0].length() + 3),
            honest + "." + parts[1] + "." + parts[2],
            "password",
            "\u0000")) {
      attacks.add(attack("text " + attacks.size(), text, ""));
    }
    attacks.add(attack("empty", "", "no token"));
    attacks.add(attack("too long", "a".repeat(CompactToken.MAX_CHARACTERS + 1), "longer than"));
    attacks.add(attack("truncated", honest.substring(0, honest.length() - 4), ""));
    attacks.add(attack("other base64 of the same bytes", loose(honest), ""));
    attacks.add(
        attack(
            "payload of two objects",
            ISSUER.key().sign(token().headerJson(), token().claimsJson() + "{}"),
            "end with"));
    attacks.add(
        attack(
            "payload with a comment",
            ISSUER.key().sign(token().headerJson(), "/**/" + token().claimsJson()),
            "strict JSON"));
    attacks.add(
        attack(
            "payload nested deeply",
            with("\"n\":" + "[".repeat(500) + "]".repeat(500)),
            "strict JSON"));
    attacks.add(
        attack(
            "payload cut off",
            ISSUER.key().sign(token().headerJson(), "{\"iss\":"),
            "strict JSON"));
    attacks.add(attack("duplicate deep inside", with("\"n\":{\"a\":1,\"a\":2}"), "strict JSON"));
    return attacks.stream();
  }

  /** Sets bits in the last character that the decoded bytes do not hold. */
  private static String loose(String token) {
    var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = alphabet.indexOf(token.charAt(token.length() - 1));
    return token.substring(0, token.length() - 1) + alphabet.charAt(last ^ 1);
  }

  static Stream<Arguments> actors() {
    return Stream.of(
        attack("a person acts", token().actor("bot", Map.of()).sign(), "person"),
        attack("actor a text", token().claim("act", "bot").sign(), "act"),
        attack("actor a list", token().claim("act", List.of(Map.of("sub", "bot"))).sign(), "act"));
  }

  @Test
  void signatureCoversHeaderAndPayload() {
    var parts = token().sign().split("\\.", -1);
    var header = JSONObjectUtils.toJSONString(Map.of("alg", "RS256", "kid", "key-1"));
    var claims = token().claim("sub", "root").claimsJson();
    assertThat(Setup.refusal(SIGN_IN, base64(header) + "." + parts[1] + "." + parts[2]))
        .hasMessageContaining("signature");
    assertThat(Setup.refusal(SIGN_IN, parts[0] + "." + base64(claims) + "." + parts[2]))
        .hasMessageContaining("signature");
  }

  @Test
  void otherHashesAndPaddingAreTakenWhenSaid() throws Exception {
    for (var algorithm :
        List.of(
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512)) {
      var token = token().header("alg", algorithm.getName());
      var signed = ISSUER.key().sign(token.headerJson(), token.claimsJson(), algorithm);
      assertThat(SIGN_IN.signIn(signed).identity().subject()).isEqualTo(SUBJECT);
    }
  }

  @Test
  void aMebibyteOfGarbageIsNotEvenDecoded() {
    var garbage = "eyJhbGciOiJSUzI1NiJ9." + "eyJh".repeat(1 << 18) + ".AAAA";
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int rounds = 100;
    Setup.refusal(SIGN_IN, garbage);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < rounds; i++) {
      assertThat(Setup.refusal(SIGN_IN, garbage)).hasMessageContaining("longer than");
    }
    // What is decoded must be stored: memory shows it where time would depend on the machine.
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / rounds;
    assertThat(each).isLessThan(64 * 1024);
  }
}
