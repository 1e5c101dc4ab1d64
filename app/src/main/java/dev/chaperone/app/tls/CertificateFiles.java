package dev.chaperone.app.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Reads a certificate chain and its key from PEM files: PKCS#8, PKCS#1 and SEC 1, unencrypted. */
public final class CertificateFiles {
  /** Far more than any chain needs. */
  private static final long MAX_BYTES = 1 << 20;

  private CertificateFiles() {}

  /**
   * Reads both and checks that they belong together.
   *
   * @throws IOException when a file cannot be read or is no such thing; the message names the file,
   *     and nothing of a key
   */
  public static ServedCertificate read(Path chain, Path key) throws IOException {
    var served = new ServedCertificate(certificates(chain), key(key));
    try {
      if (!belongTogether(served.certificate().getPublicKey(), served.key())) {
        throw new IOException(key + " is not the key of the first certificate in " + chain);
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("the key in " + key + " does not fit the certificate in " + chain, e);
    }
    return served;
  }

  /** The certificates of a PEM file, one at least. */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    var found = new ArrayList<X509Certificate>();
    var converter = new JcaX509CertificateConverter();
    try (var parser = new PEMParser(new StringReader(text(file)))) {
      for (Object one; (one = parser.readObject()) != null; ) {
        if (one instanceof X509CertificateHolder holder) {
          found.add(converter.getCertificate(holder));
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException("cannot read the certificates in " + file + ": " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new IOException("there is no certificate in " + file);
    }
    return found;
  }

  static PrivateKey key(Path file) throws IOException {
    var converter = new JcaPEMKeyConverter();
    // Bouncy Castle's own provider calls it ECDSA, the JDK's EC.
    converter.setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC");
    try (var parser = new PEMParser(new StringReader(text(file)))) {
      for (Object one; (one = parser.readObject()) != null; ) {
        if (one instanceof PEMKeyPair pair) {
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (one instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("cannot read the private key in " + file, e);
    }
    throw new IOException("there is no unencrypted private key in " + file);
  }

  private static String text(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("cannot read " + file);
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
    }
    return Files.readString(file);
  }

  private static boolean belongTogether(PublicKey open, PrivateKey secret)
      throws GeneralSecurityException {
    var algorithm =
        switch (open.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          case String other -> other;
        };
    var challenge = new byte[] {1, 2, 3};
    var signer = Signature.getInstance(algorithm);
    signer.initSign(secret);
    signer.update(challenge);
    var signature = signer.sign();
    var verifier = Signature.getInstance(algorithm);
    verifier.initVerify(open);
    verifier.update(challenge);
    return verifier.verify(signature);
  }
}
