package dev.chaperone.app.serve;

import dev.chaperone.app.config.Configuration;
import dev.chaperone.app.config.HostPort;
import dev.chaperone.app.tls.CertificateFiles;
import dev.chaperone.app.tls.OwnAuthority;
import dev.chaperone.app.tls.ServedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Where the gateway's certificate comes from: the configured files, or an authority of its own. */
final class Certificates {
  private final DataDirectory data;
  private final Clock clock;

  Certificates(DataDirectory data, Clock clock) {
    this.data = data;
    this.clock = clock;
  }

  /**
   * The certificate to serve under this configuration; a new one each time when the authority is
   * our own.
   */
  ServedCertificate of(Configuration configuration) throws IOException {
    var files = configuration.tls();
    return files == null
        ? authority().issue(names(configuration))
        : CertificateFiles.read(files.certificate(), files.key());
  }

  /** Whether what is served should be replaced by a new one now. */
  boolean isDue(Configuration configuration, ServedCertificate served) throws IOException {
    return configuration.tls() == null && authority().isDue(served);
  }

  /** What clients must trust, when it is not a public authority's. */
  Optional<Path> authorityFile(Configuration configuration) throws IOException {
    return configuration.tls() == null
        ? Optional.of(authority().certificateFile())
        : Optional.empty();
  }

  private OwnAuthority authority() throws IOException {
    return OwnAuthority.in(data.folder("tls"), clock);
  }

  /** Every name that clients may reach the gateway by, as far as the configuration tells. */
  private static Set<String> names(Configuration configuration) {
    var names = new LinkedHashSet<String>();
    var address = configuration.address();
    if (address != null) {
      names.add(URI.create(address).getHost());
    }
    add(names, configuration.listen().web());
    add(names, configuration.listen().postgres());
    names.add("localhost");
    names.add("127.0.0.1");
    names.add("::1");
    return names;
  }

  private static void add(
      Set<String> names, @org.jspecify.annotations.Nullable HostPort listening) {
    if (listening == null) {
      return;
    }
    if (!listening.socketAddress().getAddress().isAnyLocalAddress()) {
      names.add(listening.host());
      return;
    }
    try {
      names.add(InetAddress.getLocalHost().getHostName());
      names.add(InetAddress.getLocalHost().getCanonicalHostName());
    } catch (UnknownHostException e) {
      return; // the machine has no name of its own; localhost stays
    }
  }
}
