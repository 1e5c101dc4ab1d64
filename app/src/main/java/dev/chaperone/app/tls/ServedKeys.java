package dev.chaperone.app.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What listeners show in a TLS handshake; can be exchanged while they run. A handshake under way
 * goes on with what it began with. Safe for many threads.
 */
public final class ServedKeys extends X509ExtendedKeyManager {
  /** Handshakes are over long before so many exchanges. */
  private static final int KEPT = 3;

  private final AtomicInteger newest = new AtomicInteger();
  private final Map<Integer, ServedCertificate> generations = new ConcurrentHashMap<>();

  public ServedKeys(ServedCertificate first) {
    generations.put(0, first);
  }

  /** A context for listeners that serves whatever is current; asks clients for no certificate. */
  public SSLContext context() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          new X509ExtendedKeyManager[] {this}, new X509ExtendedTrustManager[0], new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  /** Serves another certificate from the next handshake on. */
  public synchronized void exchange(ServedCertificate next) {
    int generation = newest.get() + 1;
    generations.put(generation, next);
    newest.set(generation);
    generations.remove(generation - KEPT);
  }

  /** What is served now. */
  public ServedCertificate current() {
    var current = generations.get(newest.get());
    if (current == null) {
      throw new IllegalStateException("the newest certificate is always kept");
    }
    return current;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias(keyType);
  }

  private @Nullable String alias(String keyType) {
    int generation = newest.get();
    var served = generations.get(generation);
    // TLS 1.2 asks for EC, RSA or a name that begins with one of them, such as EC_RSA.
    boolean fits = served != null && keyType.startsWith(served.key().getAlgorithm());
    return fits ? Integer.toString(generation) : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    var served = generations.get(Integer.valueOf(alias));
    return served == null ? null : served.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var served = generations.get(Integer.valueOf(alias));
    return served == null ? null : served.key();
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    var alias = alias(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // a server alone
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null; // a server alone
  }
}
