package dev.chaperone.wire;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that is shown to whichever resource asks for one, with its key.
 *
 * @param chain the certificate itself first, then the intermediate ones
 * @param key the certificate's own
 */
public record ClientKey(List<X509Certificate> chain, PrivateKey key) {
  private static final String ALIAS = "client";

  public ClientKey {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a chain holds one certificate at least");
    }
    chain = List.copyOf(chain);
  }

  /** Nothing of the key. */
  @Override
  public String toString() {
    return "(client certificate)";
  }

  /**
   * Shows it whatever authorities the resource names, as libpq does: the platform's own key manager
   * would say nothing, and the resource's refusal would not tell why.
   */
  X509ExtendedKeyManager manager() {
    return new Shown();
  }

  private final class Shown extends X509ExtendedKeyManager {
    private boolean fits(String keyType) {
      return keyType.startsWith(key.getAlgorithm());
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return chosen(keyTypes);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return chosen(keyTypes);
    }

    private @Nullable String chosen(String[] keyTypes) {
      for (var keyType : keyTypes) {
        if (fits(keyType)) {
          return ALIAS;
        }
      }
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain.toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return fits(keyType) ? new String[] {ALIAS} : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null; // a client alone
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null; // a client alone
    }
  }
}
