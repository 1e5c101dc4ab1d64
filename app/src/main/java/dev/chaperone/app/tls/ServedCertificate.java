package dev.chaperone.app.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate with its private key.
 *
 * @param chain the server's own first, then the intermediate ones
 * @param key the server's own
 */
public record ServedCertificate(List<X509Certificate> chain, PrivateKey key) {
  public ServedCertificate {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a chain holds one certificate at least");
    }
    chain = List.copyOf(chain);
  }

  /** The server's own certificate. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /** Names the subject alone. */
  @Override
  public String toString() {
    return certificate().getSubjectX500Principal().getName();
  }
}
