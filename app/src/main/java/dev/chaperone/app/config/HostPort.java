package dev.chaperone.app.config;

import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.YamlText;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/**
 * A host name or address, and a port.
 *
 * @param host without brackets
 * @param port 0 to 65535; 0 lets the system choose when listening
 */
public record HostPort(String host, int port) {
  private static final Pattern SHAPE =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+)):([0-9]{1,5})");
  private static final Pattern LOOPBACK =
      Pattern.compile("127\\.[0-9]+\\.[0-9]+\\.[0-9]+|::1|localhost", Pattern.CASE_INSENSITIVE);

  /** Reads {@code host:port} or {@code [address]:port}. */
  static HostPort of(YamlText text, int leastPort) throws ConfigurationException {
    var matcher = SHAPE.matcher(text.text());
    if (!matcher.matches()) {
      throw text.wrong("expected host:port, for example 127.0.0.1:6432 or [::1]:6432");
    }
    int port = Integer.parseInt(matcher.group(3));
    if (port < leastPort || port > 65_535) {
      throw text.wrong("expected a port from " + leastPort + " to 65535");
    }
    var bracketed = matcher.group(1);
    return new HostPort(bracketed != null ? bracketed : matcher.group(2), port);
  }

  /** Whether what is sent there stays on this machine; by its text, nothing is looked up. */
  public boolean loopback() {
    return LOOPBACK.matcher(host).matches();
  }

  /** Whether a host's text means this machine. */
  static boolean loopback(String host) {
    return LOOPBACK.matcher(host).matches();
  }

  /** The address to listen on; looks a host name up. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  /** {@code host:port}, an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
