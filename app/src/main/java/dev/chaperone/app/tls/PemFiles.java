package dev.chaperone.app.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * Writes certificates and keys as PEM files: beside and then moved into place, so that a crash
 * leaves the old file or the new one.
 */
public final class PemFiles {
  private PemFiles() {}

  /** A private key as unencrypted PKCS#8, readable by the owner alone. */
  public static void writeKey(Path file, PrivateKey key) throws IOException {
    write(file, List.of(new JcaPKCS8Generator(key, null)), "rw-------");
  }

  /** A certificate chain, readable by everyone who can enter its directory. */
  public static void writeChain(Path file, List<X509Certificate> chain) throws IOException {
    write(file, chain, "rw-r--r--");
  }

  private static void write(Path file, List<?> objects, String mode) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      for (var object : objects) {
        writer.writeObject(object);
      }
    }
    var beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    Files.writeString(beside, text.toString());
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
