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
import java.net.InetAddress;
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
  private final Snapshots snapshots;
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
   * @param credential the target's
   * @param handshake how long a client may take to sign in
   * @param answer how long the target may take to answer in the handshake
   * @param resolver finds the target's addresses
   */
  record Setting(
      String host,
      int port,
      Target.Tls tls,
      String authority,
      Target.Credential credential,
      Duration handshake,
      Duration answer,
      UpstreamConnector.Resolver resolver) {

    static Setting of(TestPostgres postgres) throws IOException {
      return new Setting(
          postgres.host(),
          postgres.port(),
          Target.Tls.VERIFY_FULL,
          Files.readString(postgres.certificates().authority()),
          byPassword(TestPostgres.APP, TestPostgres.APP_PASSWORD),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          InetAddress::getAllByName);
    }

    static Target.Credential byPassword(String user, String password) {
      return new Target.Credential(user, new Secret(() -> password));
    }

    Setting at(String otherHost, int otherPort) {
      return new Setting(
          otherHost, otherPort, tls, authority, credential, handshake, answer, resolver);
    }

    Setting tls(Target.Tls other) {
      return new Setting(host, port, other, authority, credential, handshake, answer, resolver);
    }

    Setting authority(String other) {
      return new Setting(host, port, tls, other, credential, handshake, answer, resolver);
    }

    Setting password(String other) {
      return as(byPassword(TestPostgres.APP, other));
    }

    Setting as(Target.Credential other) {
      return new Setting(host, port, tls, authority, other, handshake, answer, resolver);
    }

    Setting within(Duration handshakes, Duration answers) {
      return new Setting(host, port, tls, authority, credential, handshakes, answers, resolver);
    }

    Setting resolving(UpstreamConnector.Resolver other) {
      return new Setting(host, port, tls, authority, credential, handshake, answer, other);
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
    this.snapshots =
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
            new UpstreamConnector(setting.answer(), deadlines, setting.resolver()),
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
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static Target target(Setting setting, String database) {
    return new Target(
        "orders",
        "postgres",
        setting.host(),
        setting.port(),
        database,
        List.of(database),
        setting.tls(),
        setting.tls() == Target.Tls.VERIFY_FULL ? setting.authority() : null,
        setting.credential(),
        Map.of("reporting", setting.credential()),
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

  /** Puts other limits in force. */
  void limits(Snapshot.SessionLimits limits) {
    var now = snapshots.get();
    snapshots.swap(
        new Snapshot(
            now.targets(), now.policy(), now.signIn(), now.issuers(), limits, now.reviewAddress()));
  }

  /**
   * Takes no new connection, and lets sessions that are busy go on for a while; blocks for that.
   */
  void drain() throws InterruptedException {
    serving.stopAccepting();
    sessions.drain();
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
