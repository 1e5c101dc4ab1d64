package dev.chaperone.app.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * The gateway's own certificate authority, for when no certificate is configured: {@code ca.pem},
 * which clients trust, and {@code ca.key}, readable by the owner alone, both EC P-256. Server
 * certificates are made as needed and live in memory only, so a restart makes new ones and clients
 * notice nothing.
 */
public final class OwnAuthority {
  /** How long a server certificate lives; a new one is made when half of that has passed. */
  public static final Duration SERVER_LIFETIME = Duration.ofDays(60);

  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
  private static final Duration BACKDATED = Duration.ofHours(1); // for clients whose clock is slow
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path certificateFile;
  private final X509Certificate certificate;
  private final PrivateKey key;
  private final Clock clock;

  private OwnAuthority(
      Path certificateFile, X509Certificate certificate, PrivateKey key, Clock clock) {
    this.certificateFile = certificateFile;
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /**
   * Opens the authority in a directory, or makes it there.
   *
   * @param directory exists, and belongs to the gateway alone
   * @throws IOException when its files cannot be read, written or used; the message says what to do
   */
  public static OwnAuthority in(Path directory, Clock clock) throws IOException {
    var certificateFile = directory.resolve("ca.pem");
    var keyFile = directory.resolve("ca.key");
    try {
      if (!Files.exists(certificateFile)) {
        make(certificateFile, keyFile, clock);
      }
      var read = CertificateFiles.read(certificateFile, keyFile);
      var authority = new OwnAuthority(certificateFile, read.certificate(), read.key(), clock);
      authority.check();
      return authority;
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("the authority in " + directory + " cannot be made", e);
    }
  }

  /** The file that clients trust, for example by {@code sslrootcert=}. */
  public Path certificateFile() {
    return certificateFile;
  }

  /**
   * A new server certificate.
   *
   * @param names host names and IP addresses that clients reach the gateway by
   */
  public ServedCertificate issue(Collection<String> names) throws IOException {
    try {
      var pair = newKey();
      var now = clock.instant();
      var until = earlier(now.plus(SERVER_LIFETIME), certificate.getNotAfter().toInstant());
      var builder =
          builder(certificate.getSubjectX500Principal(), "CN=Chaperone", pair, now, until);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
      var keys = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, keys.createAuthorityKeyIdentifier(certificate));
      return new ServedCertificate(List.of(sign(builder, key)), pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("a server certificate cannot be made", e);
    }
  }

  /** Whether half of a certificate's life is over. */
  public boolean isDue(ServedCertificate served) {
    var end = served.certificate().getNotAfter().toInstant();
    return clock.instant().isAfter(end.minus(SERVER_LIFETIME.dividedBy(2)));
  }

  private void check() throws IOException {
    if (clock.instant().isAfter(certificate.getNotAfter().toInstant())) {
      throw new IOException(
          certificateFile
              + " has expired; move it and ca.key away, start again, and give clients the new one");
    }
  }

  private static void make(Path certificateFile, Path keyFile, Clock clock)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    var pair = newKey();
    var now = clock.instant();
    var serial = new BigInteger(32, RANDOM).toString(16);
    var subject = new X500Principal("CN=Chaperone's own authority " + serial);
    var builder = builder(subject, subject.getName(), pair, now, now.plus(AUTHORITY_LIFETIME));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    // The key first: a certificate without its key would be taken for a damaged authority, a key
    // without its certificate, which nobody can have trusted, is made anew.
    PemFiles.writeKey(keyFile, pair.getPrivate());
    PemFiles.writeChain(certificateFile, List.of(sign(builder, pair.getPrivate())));
  }

  private static X509v3CertificateBuilder builder(
      X500Principal issuer, String subject, KeyPair pair, Instant from, Instant until) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).setBit(0),
        Date.from(from.minus(BACKDATED)),
        Date.from(until),
        new X500Principal(subject),
        pair.getPublic());
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  private static GeneralNames alternatives(Collection<String> names) {
    return new GeneralNames(
        names.stream()
            .distinct()
            .map(name ->
                IPAddress.isValid(name)
                    ? new GeneralName(GeneralName.iPAddress, name)
                    : new GeneralName(GeneralName.dNSName, name))
            .toArray(GeneralName[]::new));
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
