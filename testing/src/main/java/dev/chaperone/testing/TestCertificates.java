package dev.chaperone.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A certificate authority of a test's own, with P-256 keys, which signs server certificates. Files
 * are PEM and stay in the given directory; whoever made the directory removes it.
 */
public final class TestCertificates {
  private static final char[] NO_PASSWORD = new char[0];
  private static final Duration LIFETIME = Duration.ofDays(2);

  private final Path directory;
  private final KeyPair keys;
  private final X509Certificate certificate;
  private final Path file;

  /**
   * A server's certificate, or a client's.
   *
   * @param chain PEM file: the certificate, then the authority's
   * @param key PEM file: the PKCS#8 private key, mode 0600
   * @param certificate the same certificate
   * @param privateKey the same key
   */
  public record Server(Path chain, Path key, X509Certificate certificate, PrivateKey privateKey) {}

  private TestCertificates(Path directory, KeyPair keys, X509Certificate certificate, Path file) {
    this.directory = directory;
    this.keys = keys;
    this.certificate = certificate;
    this.file = file;
  }

  /** A new authority, whose files go into this existing directory; {@code ca.pem} is its own. */
  public static TestCertificates in(Path directory) {
    try {
      var keys = newKeys();
      var name =
          new X500Name("CN=Test authority " + new BigInteger(64, new SecureRandom()).toString(16));
      var now = Instant.now();
      var builder = builder(name, keys.getPublic(), name, now.minus(LIFETIME), now.plus(LIFETIME));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      var certificate = sign(builder, keys.getPrivate());
      var file = directory.resolve("ca.pem");
      Files.writeString(file, pem(certificate));
      return new TestCertificates(directory, keys, certificate, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("no test authority", e);
    }
  }

  /** The authority's certificate as a PEM file. */
  public Path authority() {
    return file;
  }

  /** The authority's certificate. */
  public X509Certificate authorityCertificate() {
    return certificate;
  }

  /**
   * A valid server certificate, in {@code NAME.chain.pem} and {@code NAME.key.pem}.
   *
   * @param hosts host names and IP addresses that it is good for; for a wrong host, name another
   */
  public Server server(String name, String... hosts) {
    var now = Instant.now();
    return signed(
        name,
        KeyPurposeId.id_kp_serverAuth,
        List.of(hosts),
        now.minus(Duration.ofHours(1)),
        now.plus(LIFETIME));
  }

  /** A valid client certificate, whose common name is {@code name}; files as of {@link #server}. */
  public Server client(String name) {
    var now = Instant.now();
    return signed(
        name,
        KeyPurposeId.id_kp_clientAuth,
        List.of(name + ".client.test"),
        now.minus(Duration.ofHours(1)),
        now.plus(LIFETIME));
  }

  /** As {@link #server}, but it ended an hour ago. */
  public Server expired(String name, String... hosts) {
    var now = Instant.now();
    return signed(
        name,
        KeyPurposeId.id_kp_serverAuth,
        List.of(hosts),
        now.minus(LIFETIME),
        now.minus(Duration.ofHours(1)));
  }

  private Server signed(
      String name, KeyPurposeId purpose, List<String> hosts, Instant from, Instant until) {
    try {
      var serverKeys = newKeys();
      var issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      var builder =
          builder(issuer, serverKeys.getPublic(), new X500Name("CN=" + name), from, until);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(hosts));
      var signed = sign(builder, keys.getPrivate());
      var chain = directory.resolve(name + ".chain.pem");
      Files.writeString(chain, pem(signed) + pem(certificate));
      var key = directory.resolve(name + ".key.pem");
      Files.deleteIfExists(key);
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, pkcs8(serverKeys.getPrivate()));
      return new Server(chain, key, signed, serverKeys.getPrivate());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("no test certificate", e);
    }
  }

  /** A TLS context for clients that trust this authority alone. */
  public SSLContext clientContext() {
    try {
      var trusted = emptyKeyStore();
      trusted.setCertificateEntry("authority", certificate);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS context", e);
    }
  }

  /** A TLS context for a server that shows this certificate. */
  public SSLContext serverContext(Server server) {
    try {
      var own = emptyKeyStore();
      own.setKeyEntry(
          "server",
          server.privateKey(),
          NO_PASSWORD,
          new X509Certificate[] {server.certificate(), certificate});
      var shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      shown.init(own, NO_PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(shown.getKeyManagers(), null, new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS context", e);
    }
  }

  private static KeyStore emptyKeyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name issuer, PublicKey key, X500Name subject, Instant from, Instant until) {
    var serial = new BigInteger(120, new SecureRandom()).add(BigInteger.ONE);
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(from), Date.from(until), subject, key);
  }

  private static GeneralNames alternativeNames(List<String> hosts) {
    var names = hosts.stream().map(TestCertificates::alternativeName);
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static GeneralName alternativeName(String host) {
    boolean address = host.contains(":") || host.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  private static String pem(Object content) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    return text.toString();
  }

  private static String pkcs8(PrivateKey key) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(new PemObject("PRIVATE KEY", key.getEncoded()));
    }
    return text.toString();
  }
}
