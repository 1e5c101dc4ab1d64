package dev.chaperone.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS contexts for connections to resources. */
public final class Trust {
  private Trust() {}

  /**
   * A context that trusts the given authorities alone.
   *
   * @param authoritiesPem one or several certificates; null for the platform's authorities
   * @param shown what is shown to a resource that asks for a certificate; null for none
   */
  public static SSLContext authorities(@Nullable String authoritiesPem, @Nullable ClientKey shown)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(authoritiesPem == null ? null : store(authoritiesPem));
    return context(factory.getTrustManagers(), shown);
  }

  /**
   * A context that accepts any certificate: encryption against a passive listener only, for targets
   * whose configuration says {@code tls: require}.
   *
   * @param shown as above
   */
  public static SSLContext anyCertificate(@Nullable ClientKey shown)
      throws GeneralSecurityException {
    return context(new TrustManager[] {new Unchecked()}, shown);
  }

  private static SSLContext context(TrustManager[] trust, @Nullable ClientKey shown)
      throws GeneralSecurityException {
    var keys = shown == null ? null : new KeyManager[] {shown.manager()};
    var context = SSLContext.getInstance("TLS");
    context.init(keys, trust, new SecureRandom());
    return context;
  }

  private static KeyStore store(String pem) throws GeneralSecurityException {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
      int count = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
        store.setCertificateEntry("authority-" + count++, certificate);
      }
      if (count == 0) {
        throw new GeneralSecurityException("no certificate in the PEM text");
      }
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException("an empty key store could not be made", e);
    }
  }

  private static final class Unchecked implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
