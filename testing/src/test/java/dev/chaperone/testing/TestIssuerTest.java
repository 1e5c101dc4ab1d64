package dev.chaperone.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class TestIssuerTest {
  private static JWKSet served(TestIssuer issuer) throws Exception {
    try (var in = URI.create(issuer.issuer() + "/keys").toURL().openStream()) {
      return JWKSet.load(in);
    }
  }

  @Test
  void tokensAreSignedByTheKeysItServes() throws Exception {
    try (var issuer = TestIssuer.start()) {
      var rsa = SignedJWT.parse(issuer.token("ann").groups("dba").sign());
      issuer.use(SigningKey.ec("ec"));
      var ec = SignedJWT.parse(issuer.token("ann").sign());

      var keys = served(issuer);
      var rsaKey = keys.getKeyByKeyId(rsa.getHeader().getKeyID()).toRSAKey();
      assertThat(rsa.verify(new RSASSAVerifier(rsaKey))).isTrue();
      assertThat(ec.verify(new ECDSAVerifier(keys.getKeyByKeyId("ec").toECKey()))).isTrue();
      assertThat(keys.getKeys()).allSatisfy(key -> assertThat(key.isPrivate()).isFalse());
      assertThat(rsa.getJWTClaimsSet().getStringListClaim("groups")).containsExactly("dba");

      var pss = issuer.rotate();
      assertThat(SignedJWT.parse(pss.sign("{\"alg\":\"PS384\"}", "{}", JWSAlgorithm.PS384)))
          .satisfies(
              token -> assertThat(token.verify(new RSASSAVerifier(pss.jwk().toRSAKey()))).isTrue());
    }
  }

  @Test
  void stoppedItAnswersNothingAndComesBackOnTheSamePort() throws Exception {
    try (var issuer = TestIssuer.start()) {
      var address = issuer.issuer();
      issuer.stop();
      assertThatThrownBy(() -> served(issuer)).isInstanceOf(IOException.class);
      issuer.restart();
      assertThat(issuer.issuer()).isEqualTo(address);
      issuer.withdraw(issuer.key());
      assertThat(served(issuer).getKeys()).isEmpty();
    }
  }
}
