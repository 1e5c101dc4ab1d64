package dev.chaperone.app.demo;

import dev.chaperone.app.cli.CommandFailedException;
import dev.chaperone.app.cli.ExitStatus;
import dev.chaperone.app.cli.ServeCommand;
import dev.chaperone.app.serve.Opened;
import dev.chaperone.control.client.ApiException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;

/**
 * Everything that the demo runs: a database, an issuer and a gateway, on loopback and in one
 * directory. Closing it, from any thread, stops all of it and leaves the directory.
 */
public final class Demo implements AutoCloseable {
  private final Opened opened = new Opened();
  private final Narration narration;
  private final Path path;

  /**
   * @param out where it is told
   * @param path the demo's directory; made, or emptied if it is of an earlier demo
   */
  public Demo(PrintWriter out, Path path) {
    this.narration = new Narration(out, Narration.isColourful());
    this.path = path;
  }

  /**
   * Starts everything, tells the story and checks every step. All of it runs until {@link #close}.
   *
   * @param stay whether to tell how to go on by hand
   * @return whether everything held
   * @throws CommandFailedException when it cannot be told to its end
   */
  public boolean run(boolean stay) throws CommandFailedException, InterruptedException {
    try {
      var directory = DemoDirectory.fresh(path);
      narration.tell("Everything runs on this machine, in " + directory.path() + ".");
      narration.tell("Starting a sign-in issuer. It is a demo's: it gives tokens to anybody here.");
      var issuer = opened.add("the demo's issuer", DemoIssuer.start());
      narration.tell("Starting a real PostgreSQL with a small shop in it.");
      var database = opened.add("the demo's database", DemoDatabase.start(directory));
      narration.tell("Starting the gateway; chaperone.yaml and policy.yaml lie in the directory.");
      var node =
          opened.add(
              "the demo's gateway",
              ServeCommand.start(DemoGateway.configure(directory, issuer, database)));
      var authority = node.authority().orElseThrow();
      Files.copy(directory.file("data").resolve("journal/log/key.pub"), directory.file("key.pub"));
      var server = URI.create("https://localhost:" + node.web().orElseThrow().getPort());
      int port =
          Objects.requireNonNull(node.listening().get("postgres"), "postgres is configured")
              .getPort();
      var people = new People(server, authority, issuer);
      new Story(narration, directory, issuer, database, port, authority, people).tell();
      boolean held = narration.conclude();
      if (stay) {
        tellHowToGoOn(directory, issuer, port, server, authority);
      }
      return held;
    } catch (IOException | SQLException | ApiException | IllegalStateException e) {
      throw new CommandFailedException(
          ExitStatus.FAILED, "the demo cannot go on: " + e.getMessage(), e);
    }
  }

  private void tellHowToGoOn(
      DemoDirectory directory, DemoIssuer issuer, int port, URI server, Path authorityFile) {
    var authority = directory.path().relativize(authorityFile.toAbsolutePath());
    narration.step("Everything keeps running until Ctrl-C. In another terminal:");
    narration.tell("cd " + directory.path());
    narration.tell("");
    narration.tell("as the agent (try: DROP TABLE orders;)");
    narration.tell(
        "  PGPASSWORD=$(curl -s %s/token/agent) psql \"host=localhost port=%d dbname=shop user=bot sslmode=verify-full sslrootcert=%s\""
            .formatted(issuer.address(), port, authority));
    var program = System.getenv().getOrDefault("CHAPERONE_PROGRAM", "chaperone");
    narration.tell("as the reviewer");
    narration.tell("  export CHAPERONE_SERVER=" + server + " CHAPERONE_CA=" + authority);
    narration.tell(
        "  CHAPERONE_TOKEN=$(curl -s %s/token/reviewer) %s reviews list"
            .formatted(issuer.address(), program));
    narration.tell("as the auditor");
    narration.tell(
        "  CHAPERONE_TOKEN=$(curl -s %s/token/auditor) %s sessions list"
            .formatted(issuer.address(), program));
  }

  /** Stops everything; the directory stays. */
  @Override
  public void close() {
    opened.close();
  }
}
