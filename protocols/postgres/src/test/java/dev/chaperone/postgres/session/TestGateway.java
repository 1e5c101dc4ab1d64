package dev.chaperone.postgres.session;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.identity.SignIn;
import dev.chaperone.core.identity.SignInRefusedException;
import dev.chaperone.core.policy.PolicyFile;
import dev.chaperone.core.policy.RulePolicy;
import dev.chaperone.core.session.Protocol;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.core.session.SignInGuard;
import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.core.snapshot.Snapshots;
import dev.chaperone.core.target.Secret;
import dev.chaperone.core.target.Target;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalSettings;
import dev.chaperone.journal.SegmentedJournal;
import dev.chaperone.postgres.PostgresProtocol;
import dev.chaperone.postgres.handshake.UpstreamConnector;
import dev.chaperone.sql.SqlLimits;
import dev.chaperone.sql.SqlReader;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import dev.chaperone.wire.Deadlines;
import dev.chaperone.wire.ServerTls;
import dev.chaperone.wire.SessionThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The protocol in front of a real server, with a real journal and policy; sign-in takes the
 * password {@code token} and reviews are decided by the test's own hand.
 */
final class TestGateway implements AutoCloseable {
  static final String POLICY =
      """
      rules:
        - name: everything
          when: command.effects.size() > 0 && ("unknown" in command.effects || true)
          then: allow
        - name: held
          when: command.text.contains("/*hold*/")
          then: hold
          message: a colleague must look
          reviewers: {groups: [dba]}
          wait: 1m
        - name: held-in-transaction
          when: command.text.contains("/*hold-in-transaction*/")
          then: hold
          reviewers: {groups: [dba]}
          wait: 1m
          waitInTransaction: 1m
        - name: never
          when: command.text.contains("/*deny*/")
          then: deny
          message: not here
      """;

  private static final SqlReader SQL = new SqlReader(SqlLimits.defaults());

  private final TestPostgres postgres;
  private final Journal journal;
  private final Sessions sessions;
  private final Deadlines deadlines = new Deadlines();
  private final Protocol.Serving serving;
  private final HandApprovals approvals = new HandApprovals();
  private final String database;

  /**
   * What differs from one gateway to another.
   *
   * @param host where the target is
   * @param port its port
   * @param tls how it is protected
   * @param authority who signs its certificate, as PEM
   * @param password the target's
   * @param handshake how long a client may take to sign in
   * @param answer how long the target may take to answer in the handshake
   */
  record Setting(
      String host,
      int port,
      Target.Tls tls,
      String authority,
      String password,
      Duration handshake,
      Duration answer) {

    static Setting of(TestPostgres postgres) throws IOException {
      return new Setting(
          postgres.host(),
          postgres.port(),
          Target.Tls.VERIFY_FULL,
          Files.readString(postgres.certificates().authority()),
          TestPostgres.APP_PASSWORD,
          Duration.ofSeconds(30),
          Duration.ofSeconds(10));
    }

    Setting at(String otherHost, int otherPort) {
      return new Setting(otherHost, otherPort, tls, authority, password, handshake, answer);
    }

    Setting tls(Target.Tls other) {
      return new Setting(host, port, other, authority, password, handshake, answer);
    }

    Setting authority(String other) {
      return new Setting(host, port, tls, other, password, handshake, answer);
    }

    Setting password(String other) {
      return new Setting(host, port, tls, authority, other, handshake, answer);
    }

    Setting within(Duration handshakes, Duration answers) {
      return new Setting(host, port, tls, authority, password, handshakes, answers);
    }
  }

  TestGateway(TestPostgres postgres, String database, Path directory, String policy)
      throws Exception {
    this(postgres, database, directory, policy, Setting.of(postgres));
  }

  TestGateway(
      TestPostgres postgres, String database, Path directory, String policy, Setting setting)
      throws Exception {
    this.postgres = postgres;
    this.database = database;
    this.journal = SegmentedJournal.open(directory, JournalSettings.of("test.example/log"));
    var snapshots =
        new Snapshots(
            new Snapshot(
                Map.of("orders", target(setting, database)),
                RulePolicy.of(PolicyFile.parse("policy.yaml", policy)),
                TestGateway::signIn,
                Set.of("test"),
                Snapshot.SessionLimits.DEFAULT,
                "https://gateway/reviews/"));
    this.sessions = new Sessions(journal, snapshots, Clock.systemUTC());
    var services =
        new PostgresSession.Services(
            sessions,
            approvals,
            SQL,
            new UpstreamConnector(setting.answer()),
            new Catalogues(),
            new Cancels(),
            new SessionThreads(100),
            HashKey.random());
    var certificates = postgres.certificates();
    this.serving =
        new PostgresProtocol(
                new ServerTls(
                    certificates.serverContext(
                        certificates.server("gateway", "localhost", "127.0.0.1"))),
                services,
                new SignInGuard(Clock.systemUTC()),
                deadlines,
                setting.handshake())
            .listen(new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0));
  }

  private static Target target(Setting setting, String database) {
    var credential = new Target.Credential(TestPostgres.APP, new Secret(() -> setting.password()));
    return new Target(
        "orders",
        "postgres",
        setting.host(),
        setting.port(),
        database,
        List.of(database),
        setting.tls(),
        setting.tls() == Target.Tls.VERIFY_FULL ? setting.authority() : null,
        credential,
        Map.of("reporting", credential),
        Map.of(),
        Target.Recording.DEFAULT);
  }

  private static SignIn.SignedIn signIn(String token) throws SignInRefusedException {
    if (!token.equals("token")) {
      throw new SignInRefusedException("the token is not \"token\"", null);
    }
    var now = Instant.now();
    return new SignIn.SignedIn(
        new Identity(
            "test",
            "bot",
            Identity.Kind.AGENT,
            null,
            null,
            List.of(),
            Map.of(),
            "test|bot",
            null,
            new Identity.Credential("k", "d", now, now.plusSeconds(3600), now)),
        Intent.NONE,
        false);
  }

  HandApprovals approvals() {
    return approvals;
  }

  Sessions sessions() {
    return sessions;
  }

  int port() {
    return serving.address().getPort();
  }

  /** A client that is signed in through the gateway. */
  RawPostgres through() {
    return through(Map.of());
  }

  RawPostgres through(Map<String, String> more) {
    var client = RawPostgres.tls("127.0.0.1", port(), postgres.certificates().clientContext());
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("user", "anyone");
    parameters.put("database", "orders");
    parameters.putAll(more);
    client.signIn(parameters, "token");
    return client.clearTrace();
  }

  /** A client that has TLS and has not said anything yet. */
  RawPostgres connected() {
    return RawPostgres.tls("127.0.0.1", port(), postgres.certificates().clientContext());
  }

  /** The same client on the server itself. */
  RawPostgres direct() {
    return RawPostgres.signedIn(
            postgres.host(),
            postgres.port(),
            postgres.certificates().clientContext(),
            TestPostgres.APP,
            database,
            TestPostgres.APP_PASSWORD)
        .clearTrace();
  }

  /** All entries so far, as JSON lines. */
  List<String> entries() throws Exception {
    var lines = new ArrayList<String>();
    journal
        .reader()
        .forEach(
            0,
            journal.reader().size(),
            (position, entry) -> lines.add(new String(entry.bytes(), StandardCharsets.UTF_8)));
    return lines;
  }

  /** The first entry of a type that contains a text; waits for it. */
  String awaitEntry(String type, @Nullable String containing) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < deadline) {
      for (var line : entries()) {
        if (line.contains("\"type\":\"" + type + "\"")
            && (containing == null || line.contains(containing))) {
          return line;
        }
      }
      var _ = journal.reader().awaitBeyond(journal.reader().size(), Duration.ofMillis(100));
    }
    throw new AssertionError("no entry " + type + " with " + containing + ": " + entries());
  }

  @Override
  public void close() {
    serving.close();
    sessions.close();
    deadlines.close();
    journal.close();
  }
}
