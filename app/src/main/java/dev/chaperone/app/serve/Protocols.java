package dev.chaperone.app.serve;

import dev.chaperone.app.config.Configuration.Listen;
import dev.chaperone.core.session.Protocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Opens the listeners of protocols. */
final class Protocols {
  private Protocols() {}

  /**
   * Opens a listener for each protocol that the configuration has an address for.
   *
   * @return where each listens, by the protocol's name
   */
  static Map<String, InetSocketAddress> serve(
      List<Protocol> protocols, Listen listen, Opened opened) throws IOException {
    var listening = new LinkedHashMap<String, InetSocketAddress>();
    for (var protocol : protocols) {
      var address = protocol.name().equals("postgres") ? listen.postgres() : null;
      if (address != null) {
        var serving = protocol.listen(address.socketAddress());
        opened.add(protocol.name(), serving);
        listening.put(protocol.name(), serving.address());
      }
    }
    return listening;
  }
}
