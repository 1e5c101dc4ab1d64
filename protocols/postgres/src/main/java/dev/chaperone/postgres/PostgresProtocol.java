package dev.chaperone.postgres;

import dev.chaperone.core.identity.SignIn;
import dev.chaperone.core.identity.SignInRefusedException;
import dev.chaperone.core.session.Protocol;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.session.SessionRefusedException;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.core.session.SignInGuard;
import dev.chaperone.core.target.Target;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.handshake.ClientGreeting;
import dev.chaperone.postgres.handshake.StartupMessage;
import dev.chaperone.postgres.handshake.StartupSettings;
import dev.chaperone.postgres.handshake.UpstreamException;
import dev.chaperone.postgres.session.PostgresSession;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.wire.Connection;
import dev.chaperone.wire.Deadlines;
import dev.chaperone.wire.Handshakes;
import dev.chaperone.wire.Listener;
import dev.chaperone.wire.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PostgreSQL clients: over TLS alone, with an OIDC token as the password. */
public final class PostgresProtocol implements Protocol {
  private static final Duration HANDSHAKE = Duration.ofSeconds(30);

  /** Those of sessions are bounded by the configuration. */
  private static final int MAX_CONNECTIONS = 4_000;

  /** How many connections may be under way that have not signed in. */
  private static final int MAX_HANDSHAKES = 500;

  /** PostgreSQL cuts longer names (NAMEDATALEN - 1). */
  private static final int MAX_APPLICATION_NAME = 63;

  private final ServerTls tls;
  private final PostgresSession.Services services;
  private final SignInGuard guard;
  private final Deadlines deadlines;
  private final Duration handshake;
  private final Handshakes handshakes = new Handshakes(MAX_HANDSHAKES);
  private final Evictions evictions;

  /**
   * @param tls the gateway's certificate
   * @param services what every session needs
   * @param guard shared by all listeners, so that a guesser has one budget
   * @param deadlines closes connections whose handshake takes too long
   */
  public PostgresProtocol(
      ServerTls tls, PostgresSession.Services services, SignInGuard guard, Deadlines deadlines) {
    this(tls, services, guard, deadlines, HANDSHAKE);
  }

  /**
   * As above.
   *
   * @param handshake how long a client may take from its connection to its password
   */
  public PostgresProtocol(
      ServerTls tls,
      PostgresSession.Services services,
      SignInGuard guard,
      Deadlines deadlines,
      Duration handshake) {
    this.handshake = handshake;
    this.tls = tls;
    this.services = services;
    this.guard = guard;
    this.deadlines = deadlines;
    this.evictions = new Evictions(name(), services.sessions());
  }

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public Serving listen(InetSocketAddress address) throws IOException {
    var listener = Listener.open(name(), address, MAX_CONNECTIONS, this::serve);
    return new Serving() {
      @Override
      public InetSocketAddress address() {
        return listener.address();
      }

      @Override
      public void stopAccepting() {
        listener.stopAccepting();
      }

      @Override
      public void close() {
        listener.close();
      }
    };
  }

  /** A handshake that came to nothing, with what the client is told. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient ErrorFields error;
    private final @Nullable String issuer;

    RefusedException(String sqlState, String message, @Nullable String issuer) {
      super(message);
      this.error = ErrorFields.of("FATAL", sqlState, message, null, "");
      this.issuer = issuer;
    }
  }

  private void serve(Connection tcp) {
    var origin = tcp.peer().getAddress().getHostAddress();
    if (!guard.hears(origin)) {
      return;
    }
    var greeting = new ClientGreeting(tls, tcp);
    try {
      var admission = admit(tcp, greeting, origin);
      if (admission != null) {
        // Sessions have the faster threads, which those who only knock cannot take away.
        services
            .threads()
            .start("session-" + tcp.peer().getPort(), () -> serve(greeting, origin, admission))
            .join();
      }
    } catch (JournalUnavailableException e) {
      say(greeting.connection(), ErrorFields.of("FATAL", "58030", NOT_RECORDED, null, ""));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(ClientGreeting greeting, String origin, Admission admission) {
    try {
      open(greeting.connection(), origin, admission);
    } catch (JournalUnavailableException e) {
      say(greeting.connection(), ErrorFields.of("FATAL", "58030", NOT_RECORDED, null, ""));
    }
  }

  /**
   * Hears what the client came for, within the deadline as a whole.
   *
   * @return null for a client that came for something else than a session, left, or was refused
   */
  private @Nullable Admission admit(Connection tcp, ClientGreeting greeting, String origin)
      throws JournalUnavailableException {
    String target = null;
    try (var underWay = handshakes.begin(tcp)) {
      RefusedException refused;
      try (var _ = deadlines.closeAfter(tcp, handshake)) {
        switch (greeting.request()) {
          case ClientGreeting.Request.Left _ -> {
            return null;
          }
          case ClientGreeting.Request.Cancel(var key) -> {
            services.cancels().find(key).ifPresent(Runnable::run);
            // libpq waits for the end, and takes one without TLS's own close for a failure.
            greeting.connection().finishWriting();
            return null;
          }
          case ClientGreeting.Request.Start(var connection, var message) -> {
            target = message.database();
            return signIn(connection, message);
          }
        }
      } catch (RefusedException e) {
        refused = e;
      } catch (ProtocolViolationException e) {
        refused = new RefusedException("08P01", String.valueOf(e.getMessage()), null);
      } catch (ClientGreeting.UnsupportedVersionException e) {
        refused = new RefusedException("0A000", String.valueOf(e.getMessage()), null);
      } catch (IOException e) { // the client left, or its time was over
        if (underWay.isEvicted()) {
          evictions.record(origin);
        }
        return null;
      }
      // The client's time is not for the delay that its failures bring upon it.
      try (var _ = deadlines.closeAfter(tcp, REFUSAL)) {
        refuse(greeting.connection(), origin, target, refused);
      }
      return null;
    }
  }

  /** For the longest delay of a failed sign-in and for its answer. */
  private static final Duration REFUSAL = Duration.ofSeconds(10);

  /** {@code too_many_connections}. */
  private static final String TOO_MANY = "53300";

  private static final String CLOSE_SOME = "Close sessions that are not needed, or use a pool.";

  private static final String NOT_RECORDED = "nothing can be recorded, so nobody is admitted";

  /** Who comes, and where to. */
  private record Admission(
      SignIn.SignedIn signedIn,
      Target target,
      String database,
      String login,
      StartupMessage message,
      StartupSettings settings) {}

  private Admission signIn(Connection connection, StartupMessage message)
      throws IOException, RefusedException {
    if (!connection.isProtected()) {
      throw new RefusedException(
          "28000", "TLS is required: connect with sslmode=verify-full", null);
    }
    SignIn.SignedIn signedIn;
    try {
      signedIn =
          services.sessions().snapshot().signIn().signIn(ClientGreeting.password(connection));
    } catch (SignInRefusedException e) {
      throw new RefusedException("28P01", "sign-in refused: " + e.getMessage(), e.issuer());
    }
    if (message.asksForReplication()) {
      throw new RefusedException("0A000", "replication is not available through the gateway", null);
    }
    var database = message.database();
    int slash = database.indexOf('/');
    var name = slash < 0 ? database : database.substring(0, slash);
    var target = services.sessions().snapshot().target(name).orElse(null);
    if (target == null || !target.protocol().equals(name())) {
      throw new RefusedException("3D000", "there is no target named \"" + name + "\"", null);
    }
    var on = slash < 0 ? target.database() : database.substring(slash + 1);
    if (!on.equals(target.database()) && !target.databases().contains(on)) {
      throw new RefusedException(
          "3D000", "target \"" + name + "\" has no database \"" + on + "\"", null);
    }
    var user = message.parameter("user").orElse("");
    var login = target.logins().containsKey(user) ? user : target.credential().user();
    try {
      return new Admission(
          signedIn, target, on, login, message, StartupSettings.of(message, services.sql()));
    } catch (StartupSettings.RefusedException e) {
      throw new RefusedException("0A000", String.valueOf(e.getMessage()), null);
    }
  }

  private void open(Connection client, String origin, Admission admission)
      throws JournalUnavailableException {
    var settings = admission.settings();
    var opening =
        new Session.Opening(
            admission.signedIn().identity(),
            settings.over(admission.signedIn().intent()),
            admission.target(),
            admission.database(),
            admission.login(),
            name(),
            origin,
            settings.application().isEmpty() ? null : settings.application());
    Session session;
    try {
      session = services.sessions().open(opening);
    } catch (SessionRefusedException e) {
      say(
          client,
          ErrorFields.of("FATAL", TOO_MANY, String.valueOf(e.getMessage()), null, CLOSE_SOME));
      return;
    }
    try {
      var credential =
          admission
              .target()
              .logins()
              .getOrDefault(admission.login(), admission.target().credential());
      var upstream =
          services
              .connector()
              .connect(
                  admission.target(),
                  credential,
                  admission.database(),
                  parameters(session, settings));
      try (var _ = upstream.connection()) {
        new PostgresSession(services, session, client, upstream)
            .serve(settings.application(), admission.message().cancelKeyBytes());
      }
    } catch (UpstreamException e) {
      fail(client, session, e.sqlState(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      fail(client, session, "08006", "the session could not begin: " + e.getMessage());
    } catch (RuntimeException e) {
      services.sessions().report("a session could not begin", e);
      fail(client, session, "08006", "the session could not begin: an internal error");
    } finally {
      services.sessions().closed(session);
    }
  }

  private static void fail(Connection client, Session session, String sqlState, String message) {
    session.end(new Session.End("upstream", message));
    say(client, ErrorFields.of("FATAL", sqlState, message, null, ""));
  }

  /** The server's own views and logs name the session and who acts. */
  private static Map<String, String> parameters(Session session, StartupSettings settings) {
    var parameters = new LinkedHashMap<>(settings.server());
    var name = "chaperone:" + session.id() + " " + session.identity();
    var ascii = name.replaceAll("[^\\x20-\\x7e]", "?");
    parameters.put(
        "application_name", ascii.substring(0, Math.min(ascii.length(), MAX_APPLICATION_NAME)));
    return parameters;
  }

  private void refuse(
      Connection client, String origin, @Nullable String target, RefusedException refused) {
    var penalty = guard.failed(origin);
    try {
      services
          .sessions()
          .recordFailedSignIn(
              new Sessions.FailedSignIn(
                  name(),
                  origin,
                  refused.issuer,
                  target,
                  String.valueOf(refused.getMessage()),
                  penalty.unheard()));
      Thread.sleep(penalty.delay());
      say(client, refused.error);
    } catch (JournalUnavailableException e) {
      say(client, ErrorFields.of("FATAL", "58030", NOT_RECORDED, null, ""));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(Connection client, ErrorFields error) {
    try {
      ClientGreeting.refuse(client, error);
    } catch (IOException e) {
      return; // whoever left need not be told
    }
  }
}
