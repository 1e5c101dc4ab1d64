package dev.chaperone.app.serve;

import dev.chaperone.app.config.Configuration.Listen;
import dev.chaperone.control.reviews.Reviews;
import dev.chaperone.core.session.Protocol;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.core.session.SignInGuard;
import dev.chaperone.postgres.PostgresProtocol;
import dev.chaperone.postgres.handshake.UpstreamConnector;
import dev.chaperone.postgres.session.Cancels;
import dev.chaperone.postgres.session.Catalogues;
import dev.chaperone.postgres.session.PostgresSession;
import dev.chaperone.sql.SqlLimits;
import dev.chaperone.sql.SqlReader;
import dev.chaperone.wire.Deadlines;
import dev.chaperone.wire.ServerTls;
import dev.chaperone.wire.SessionThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The protocols that the gateway speaks, put together and listening. */
final class Protocols {
  /** As many sessions have platform threads, which are faster; those beyond have virtual ones. */
  private static final int PLATFORM_THREADS = 256;

  private static final Duration UPSTREAM_PATIENCE = Duration.ofSeconds(15);

  private Protocols() {}

  /** Every protocol: a new one adds its line here. */
  private static List<Protocol> all(
      DataDirectory data, Sessions sessions, Reviews reviews, ServerTls tls, Opened opened)
      throws IOException {
    var guard = new SignInGuard(sessions.clock());
    var deadlines = opened.add("deadlines", new Deadlines());
    var threads = new SessionThreads(PLATFORM_THREADS);
    var sql = opened.add("the SQL reader", new SqlReader(SqlLimits.defaults()));
    var services =
        new PostgresSession.Services(
            sessions,
            reviews,
            sql,
            new UpstreamConnector(UPSTREAM_PATIENCE, deadlines, InetAddress::getAllByName),
            new Catalogues(),
            new Cancels(),
            threads,
            HashKeyFile.in(data));
    return List.of(new PostgresProtocol(tls, services, guard, deadlines));
  }

  /**
   * Opens a listener for each protocol that the configuration has an address for.
   *
   * @return where each listens, by the protocol's name
   */
  static Map<String, InetSocketAddress> serve(
      DataDirectory data,
      Listen listen,
      Sessions sessions,
      Reviews reviews,
      ServerTls tls,
      Opened opened)
      throws IOException {
    var listening = new LinkedHashMap<String, InetSocketAddress>();
    var protocols = all(data, sessions, reviews, tls, opened);
    opened.add("sessions", () -> SessionsEnd.await(sessions));
    var servings = new ArrayList<Protocol.Serving>();
    for (var protocol : protocols) {
      var address = protocol.name().equals("postgres") ? listen.postgres() : null;
      if (address != null) {
        var serving = protocol.listen(address.socketAddress());
        opened.add(protocol.name(), serving);
        servings.add(serving);
        listening.put(protocol.name(), serving.address());
      }
    }
    opened.add("new sessions", () -> SessionsEnd.drain(servings, sessions));
    return listening;
  }
}
