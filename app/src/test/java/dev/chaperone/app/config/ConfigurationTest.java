package dev.chaperone.app.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.app.config.Configuration.Reviews;
import dev.chaperone.app.config.Configuration.Roles;
import dev.chaperone.core.snapshot.Snapshot.SessionLimits;
import dev.chaperone.core.target.Target;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.identity.oidc.IssuerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigurationTest {
  private static final String WHOLE =
      """
      data: ./state
      listen: {web: "127.0.0.1:0", postgres: "[::1]:6432"}
      address: https://chaperone.example.com/
      tls: {certificate: ./tls/chain.pem, key: ./tls/key.pem}
      identity:
        issuers:
          - name: corp
            issuer: http://127.0.0.1:9000/x
            jwks: ./keys.json
            audience: gateway
            kind: agent
            groups: claims.roles
            person: claims.email
            client: {id: chaperone-cli, secret: {file: ./secret}}
      roles: {administrators: {groups: [platform]}, auditors: {groups: [audit, law]}}
      targets:
        - name: orders
          protocol: postgres
          address: db.example.com:5433
          database: orders
          databases: [archive, orders]
          tls: verify-full
          authority: ./ca.pem
          credential: {user: app, password: {env: ORDERS_PASSWORD}}
          logins: {readonly: {user: ro, password: {file: ./ro}}}
          labels: {environment: production}
          record: {output: 1MiB, input: 4KiB, outcome: durable}
        - name: plain
          protocol: postgres
          address: 10.0.0.1:5432
          database: p
          tls: off
          unprotected: true
          credential: {user: app, password: {file: ./ro}}
          record: {output: all, outcome: queued}
        - name: unchecked
          protocol: postgres
          address: 10.0.0.1:5432
          database: p
          tls: require
          credential: {user: app, password: {file: ./ro}}
          record: {output: 0}
      reviews: {freshSignIn: 1m, pendingPerIdentity: 3}
      sessions: {longest: 1h, endWithToken: true, idle: 10m, drain: 0s}
      limits: {sessions: {perIdentity: 3, perTarget: 4}}
      policy: ./policy.yaml
      """;

  private final Path directory;
  private final ConfigurationFiles files;

  ConfigurationTest(@TempDir Path directory) {
    this.directory = directory;
    this.files = new ConfigurationFiles(directory);
  }

  @Test
  void everyKeyIsRead() throws ConfigurationException {
    var all = files.load(WHOLE);
    assertThat(all.data()).isEqualTo(directory.resolve("state"));
    assertThat(all.listen().web()).isEqualTo(new HostPort("127.0.0.1", 0));
    assertThat(all.listen().postgres()).isEqualTo(new HostPort("::1", 6432));
    assertThat(all.address()).isEqualTo("https://chaperone.example.com");
    assertThat(all.tls())
        .isEqualTo(
            new Configuration.TlsFiles(
                directory.resolve("tls/chain.pem"), directory.resolve("tls/key.pem")));
    assertThat(all.roles()).isEqualTo(new Roles(Set.of("platform"), Set.of("audit", "law")));
    assertThat(all.reviews()).isEqualTo(new Reviews(Duration.ofMinutes(1), 3));
    assertThat(all.sessions())
        .isEqualTo(
            new SessionLimits(
                Duration.ofHours(1), true, Duration.ofMinutes(10), 3, 4, Duration.ZERO));
    assertThat(all.policyFile().rules()).hasSize(1);
  }

  @Test
  void everyKeyOfAnIssuerIsRead() throws ConfigurationException {
    var issuer = files.load(WHOLE).issuers().getFirst();
    assertThat(issuer.settings())
        .isEqualTo(
            new IssuerSettings(
                "corp",
                "http://127.0.0.1:9000/x",
                "gateway",
                directory.resolve("keys.json"),
                "agent",
                "claims.roles",
                "claims.email"));
    var client = requireNonNull(issuer.client());
    assertThat(client.id()).isEqualTo("chaperone-cli");
    assertThat(requireNonNull(client.secret()).reveal()).isEqualTo("client secret");
  }

  @Test
  void everyKeyOfATargetIsRead() throws ConfigurationException {
    var targets = files.load(WHOLE).targets();
    assertThat(targets.keySet()).containsExactly("orders", "plain", "unchecked");
    var orders = requireNonNull(targets.get("orders"));
    assertThat(orders.protocol() + orders.host() + orders.port() + orders.database())
        .isEqualTo("postgresdb.example.com5433orders");
    assertThat(orders.databases()).containsExactly("orders", "archive");
    assertThat(orders.tls()).isEqualTo(Target.Tls.VERIFY_FULL);
    assertThat(orders.authority()).contains("BEGIN CERTIFICATE");
    assertThat(orders.credential().user()).isEqualTo("app");
    assertThat(requireNonNull(orders.credential().password()).reveal())
        .isEqualTo("from the environment");
    var readonly = requireNonNull(orders.logins().get("readonly"));
    assertThat(readonly.user() + requireNonNull(readonly.password()).reveal())
        .isEqualTo("roread only");
    assertThat(orders.labels()).containsEntry("environment", "production");
    assertThat(orders.record()).isEqualTo(new Target.Recording(1 << 20, 4096, true));
    var plain = requireNonNull(targets.get("plain"));
    assertThat(plain.tls()).isEqualTo(Target.Tls.OFF);
    assertThat(plain.record()).isEqualTo(new Target.Recording(Long.MAX_VALUE, 0, false));
    var unchecked = requireNonNull(targets.get("unchecked"));
    assertThat(unchecked.tls()).isEqualTo(Target.Tls.REQUIRE);
    assertThat(unchecked.record().outputBytes()).isZero();
  }

  @Test
  void defaultsAreAsDocumented() throws ConfigurationException {
    var minimal = files.load(ConfigurationFiles.MINIMAL);
    assertThat(minimal.data()).isEqualTo(directory.resolve("data"));
    assertThat(minimal.listen().postgres()).isNull();
    assertThat(minimal.address()).isNull();
    assertThat(minimal.tls()).isNull();
    assertThat(minimal.roles()).isEqualTo(new Roles(Set.of(), Set.of()));
    assertThat(minimal.reviews()).isEqualTo(new Reviews(Duration.ofMinutes(5), 20));
    assertThat(minimal.sessions())
        .isEqualTo(
            new SessionLimits(
                Duration.ofHours(12),
                false,
                Duration.ofHours(1),
                100,
                1_000,
                Duration.ofSeconds(30)));
    var issuer = minimal.issuers().getFirst();
    assertThat(issuer)
        .isEqualTo(
            new IssuerConfiguration(
                "corp",
                "https://login.example.com",
                null,
                "chaperone",
                "person",
                null,
                null,
                null));
    var target = requireNonNull(minimal.targets().get("orders"));
    assertThat(target.databases()).containsExactly("orders");
    assertThat(target.tls()).isEqualTo(Target.Tls.VERIFY_FULL);
    assertThat(target.authority()).isNull();
    assertThat(target.logins()).isEmpty();
    assertThat(target.labels()).isEmpty();
    assertThat(target.record()).isEqualTo(new Target.Recording(65_536, 0, false));
  }

  @Test
  void secretsShowThemselvesNowhere() throws ConfigurationException {
    assertThat(files.load(WHOLE).toString())
        .doesNotContain("from the environment", "read only", "client secret");
  }

  @Test
  void aSecretIsReadAgainWheneverItIsNeeded() throws ConfigurationException, IOException {
    var file = directory.resolve("rotated");
    Files.writeString(file, "old");
    var target =
        files.load(WHOLE.replace("password: {file: ./ro}}}", "password: {file: ./rotated}}}"));
    var login =
        requireNonNull(requireNonNull(target.targets().get("orders")).logins().get("readonly"));
    Files.writeString(file, "new");
    var password = requireNonNull(login.password());
    assertThat(password.reveal()).isEqualTo("new");
    Files.delete(file);
    assertThatThrownBy(password::reveal)
        .hasMessageContaining("rotated cannot be read: it does not exist");
  }

  /** Each line replaces one text of the whole file by another, and names what must be said. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          data: ./state      | dta: ./state        | :1:1: dta: unknown key `dta`; did you mean `data`?
          web: "127.0.0.1:0" | ssh: "127.0.0.1:1"  | :2:10: listen.ssh: `ssh` is not available yet
          {web: "127.0.0.1:0", postgres: "[::1]:6432"} | {} | :2:1: listen: no listener: nothing to serve
          "127.0.0.1:0"      | "127.0.0.1"         | :2:15: listen.web: expected host:port
          "127.0.0.1:0"      | "127.0.0.1:65536"   | expected a port from 0 to 65535
          https://chaperone.example.com/ | http://chaperone.example.com | address: expected an address such as https://
          ./tls/key.pem      | ./tls/kee.pem       | tls.key: there is no file
          issuers:           | isuers:             | identity.isuers: unknown key `isuers`; did you mean `issuers`?
          issuers:           | clients:            | identity.clients: `clients` is not available yet
          jwks: ./keys.json  | saml: {}            | identity.issuers[1].saml: `saml` is not available yet
          http://127.0.0.1:9000/x | http://login.example.com | identity.issuers[1].issuer: expected https: plain http is for loopback alone
          http://127.0.0.1:9000/x | ftp://127.0.0.1 | identity.issuers[1].issuer: expected an https address
          ./keys.json        | ./kees.json         | identity.issuers[1].jwks: there is no file
          ./keys.json        | ./ca.pem            | identity.issuers[1].jwks: issuer corp, jwks:
          kind: agent        | kind: claims.       | :11:7: identity.issuers[1].kind: issuer corp, kind:
          - name: corp       | - name: Corp        | identity.issuers[1].name: expected a name
          administrators:    | admins:             | roles.admins: unknown key `admins`
          {groups: [platform]} | {}                | roles.administrators: the key `groups` is missing
          protocol: postgres | protocol: ssh       | targets[1].protocol: the protocol `ssh` is not available yet
          protocol: postgres | protocol: mysql     | targets[1].protocol: expected one of postgres, not `mysql`
          - name: orders     | - name: Orders      | targets[1].name: expected a name
          - name: plain      | - name: orders      | targets[2].name: the target `orders` stands twice
          db.example.com:5433 | db.example.com:0   | targets[1].address: expected a port from 1
          database: orders   | databas: orders     | targets[1].databas: unknown key `databas`; did you mean `database`?
          tls: verify-full   | tls: verify         | targets[1].tls: expected one of verify-full, require, off, not `verify`
          tls: verify-full   | tls: require        | targets[1].authority: `authority` is checked with `tls: verify-full` alone
          tls: verify-full   | unprotected: true   | targets[1].unprotected: `unprotected` has a meaning with `tls: off` alone
          unprotected: true  | unprotected: false  | targets[2].tls: `tls: off` sends credentials and data in the clear to 10.0.0.1:5432
          ./ca.pem           | ./ro                | targets[1].authority: no PEM certificates in
          {env: ORDERS_PASSWORD} | {env: NOT_SET}  | targets[1].credential.password.env: the environment variable NOT_SET is not set
          {env: ORDERS_PASSWORD} | {file: ./empty} | targets[1].credential.password.file: the secret
          {env: ORDERS_PASSWORD} | {env: A, file: b} | targets[1].credential.password: expected exactly one of
          {env: ORDERS_PASSWORD} | {azureKeyVault: x} | `azureKeyVault` is not available yet
          outcome: durable   | outcome: sure       | targets[1].record.outcome: expected one of durable, queued, not `sure`
          output: 1MiB       | output: 1MB         | targets[1].record.output: expected a size such as
          freshSignIn: 1m    | freshSignIn: 0s     | reviews.freshSignIn: expected a duration from 1s to 1d
          pendingPerIdentity: 3 | pendingPerIdentity: 0 | reviews.pendingPerIdentity: expected a whole number from 1
          endWithToken: true | endWithToken: yes   | sessions.endWithToken: expected true or false, not `yes`
          drain: 0s          | drain: 2h           | sessions.drain: expected a duration from 0s to 1h
          perIdentity: 3     | perIdentity: 0      | limits.sessions.perIdentity: expected a whole number from 1
          perTarget: 4       | perTargets: 4       | limits.sessions.perTargets: unknown key `perTargets`; did you mean `perTarget`?
          limits: {sessions: | limits: {session:   | limits.session: unknown key `session`; did you mean `sessions`?
          password: {env: ORDERS_PASSWORD} | certificate: ./tls/chain.pem | targets[1].credential: the key `key` is missing
          password: {env: ORDERS_PASSWORD} | key: ./tls/key.pem | targets[1].credential: the key `certificate` is missing
          password: {env: ORDERS_PASSWORD} | certificate: ./none, key: ./tls/key.pem | targets[1].credential.certificate: there is no file
          password: {env: ORDERS_PASSWORD} | certificate: ./ro, key: ./tls/key.pem | targets[1].credential.certificate: there is no certificate in
          ./policy.yaml      | ./no.yaml           | policy: there is no file
          policy: ./policy.yaml | polity: ./policy.yaml | unknown key `polity`; did you mean `policy`?
          """)
  void mistakesAreLocated(String good, String bad, String message) {
    assertThat(WHOLE).contains(good);
    var at = WHOLE.indexOf(good);
    var text = WHOLE.substring(0, at) + bad + WHOLE.substring(at + good.length());
    assertThatThrownBy(() -> files.load(text))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(directory.resolve("chaperone.yaml") + ":")
        .hasMessageContaining(message);
  }

  @Test
  void aSecretWrittenOutIsNotRepeated() {
    var text = WHOLE.replace("{env: ORDERS_PASSWORD}", "hunter2");
    assertThatThrownBy(() -> files.load(text))
        .hasMessageContaining("targets[1].credential.password: a secret is a reference")
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void plainTextNeedsNoMoreWordsOnLoopback() throws ConfigurationException {
    var text = WHOLE.replace("10.0.0.1", "localhost").replace("    unprotected: true\n", "");
    assertThat(files.load(text).targets().get("plain")).isNotNull();
  }

  @Test
  void aPolicyForOtherTargetsIsAMistake() {
    var text = WHOLE.replace("- name: orders", "- name: ordres");
    assertThatThrownBy(() -> files.load(text))
        .hasMessageStartingWith(directory.resolve("policy.yaml") + ":2:")
        .hasMessageContaining("there is no target `orders`; did you mean `ordres`?");
  }
}
