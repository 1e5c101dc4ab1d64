package dev.chaperone.benchmarks;

import dev.chaperone.testing.TestIssuer;
import dev.chaperone.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code chaperone serve} as it is delivered, with everything on: sign-in by token, a policy of
 * several rules, a mask on a table that the load does not touch, and a durable record.
 */
final class Gateway implements AutoCloseable {
  private static final String POLICY =
      """
      rules:
        - name: work
          when: command.effects.all(e, e in ["read", "write", "session", "lock"])
          then: allow
        - name: destruction-needs-a-person
          when: >-
            target.name == "bench"
            && command.effects.exists(e, e in ["delete", "schema", "privilege", "unknown"])
          then: hold
          reviewers: {groups: [dba]}
        - name: agents-say-why
          when: >-
            identity.kind == "agent" && intent.text == ""
            && command.effects.exists(e, e in ["write", "delete"])
          then: deny
        - name: many-rows-need-a-person
          when: command.relations.exists(r, r.startsWith("payroll.")) && session.login == "app"
          then: hold
          reviewers: {groups: [dba]}
        - name: never-secrets
          when: command.relations.exists(r, r.startsWith("vault."))
          then: deny
      masks:
        - name: personal-data
          target: bench
          columns: [public.customers.email]
          with: redact
          unless: '"support" in identity.groups'
      """;

  private final Process process;
  private final TestIssuer issuer;
  private final Way way;
  private final double secondsToListen;

  private Gateway(Process process, TestIssuer issuer, Way way, double secondsToListen) {
    this.process = process;
    this.issuer = issuer;
    this.way = way;
    this.secondsToListen = secondsToListen;
  }

  /**
   * Starts it.
   *
   * @param repository where the program was built
   * @param folder for its data, which must be on the disk to be measured; removed by the caller
   */
  static Gateway start(Path repository, Server server, Path folder) throws IOException {
    var issuer = TestIssuer.start();
    try {
      int port = PgBouncer.freePort();
      configure(server, issuer, port, folder);
      long began = System.nanoTime();
      var process =
          new ProcessBuilder(program(repository, folder))
              .redirectOutput(folder.resolve("serve.out").toFile())
              .start();
      awaitReady(process, folder);
      double seconds = (System.nanoTime() - began) / 1e9;
      var way =
          new Way(
              "Chaperone",
              port,
              "bench",
              "anyone",
              issuer.token("ada").groups("developers").sign(),
              folder.resolve("data/tls/ca.pem"),
              process);
      return new Gateway(process, issuer, way, seconds);
    } catch (IOException | RuntimeException e) {
      issuer.close();
      throw e;
    }
  }

  private static void configure(Server server, TestIssuer issuer, int port, Path folder)
      throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), POLICY);
    Files.writeString(folder.resolve("app.secret"), TestPostgres.APP_PASSWORD);
    Files.copy(server.postgres().certificates().authority(), folder.resolve("authority.pem"));
    Files.writeString(
        folder.resolve("chaperone.yaml"),
        """
        data: ./data
        listen:
          web: 127.0.0.1:%d
          postgres: 127.0.0.1:%d
        identity:
          issuers:
            - name: corp
              issuer: %s
              audience: chaperone
              kind: '"person"'
              groups: 'has(claims.groups) ? claims.groups : []'
              person: claims.sub
        roles:
          administrators: {groups: [platform]}
          auditors: {groups: [audit]}
        targets:
          - name: bench
            protocol: postgres
            address: %s:%d
            database: %s
            tls: verify-full
            authority: ./authority.pem
            credential: {user: app, password: {file: ./app.secret}}
        policy: ./policy.yaml
        """
            .formatted(
                PgBouncer.freePort(),
                port,
                issuer.issuer(),
                server.postgres().host(),
                server.postgres().port(),
                server.database()));
  }

  /** The same as {@code ./chaperone serve}, without its look for changed sources. */
  private static List<String> program(Path repository, Path folder) {
    var jar = repository.resolve("app/target/chaperone.jar");
    if (!Files.exists(jar)) {
      throw new IllegalArgumentException(jar + " is not built; ./build bench builds it");
    }
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    var options = System.getenv().getOrDefault("CHAPERONE_JAVA_OPTIONS", "");
    if (!options.isBlank()) {
      command.addAll(List.of(options.strip().split("\\s+", -1)));
    }
    command.addAll(List.of("-cp", jar + ":" + repository.resolve("app/target/lib") + "/*"));
    command.addAll(List.of("dev.chaperone.app.Main", "serve"));
    command.addAll(List.of("--config", folder.resolve("chaperone.yaml").toString()));
    return command;
  }

  private static void awaitReady(Process process, Path folder) throws IOException {
    var said = new StringBuilder();
    var lines =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      said.append(line).append('\n');
      if (line.endsWith("is ready")) {
        Thread.ofVirtual().start(() -> keep(lines, folder.resolve("serve.log")));
        return;
      }
    }
    throw new IOException("chaperone serve did not start:\n" + said);
  }

  private static void keep(BufferedReader lines, Path log) {
    try (var file = Files.newBufferedWriter(log)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        file.write(line);
        file.newLine();
        file.flush();
      }
    } catch (IOException e) {
      return; // the process is gone
    }
  }

  /** Through it. */
  Way way() {
    return way;
  }

  /** From the start of its process, the Java runtime's start included, until it listens. */
  double secondsToListen() {
    return secondsToListen;
  }

  /** Ends it in order and waits for that. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      issuer.close();
    }
  }
}
