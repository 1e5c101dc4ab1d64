package dev.chaperone.app.demo;

import dev.chaperone.app.cli.VerifyCommand;
import dev.chaperone.app.demo.DemoIssuer.Someone;
import dev.chaperone.control.client.ApiException;
import dev.chaperone.control.client.Replay;
import dev.chaperone.control.client.ReviewText;
import dev.chaperone.journal.verify.Verification;
import dev.chaperone.journal.verify.Verifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The demo's story: what the agent and the people do, and what must hold after each step. */
final class Story {
  private static final String QUERY = "SELECT name, email, card FROM customers ORDER BY id";
  private static final String WANTED_DROP = "DROP TABLE abandoned_carts";
  private static final String UNWANTED_DROP = "DROP TABLE customers CASCADE";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Narration narration;
  private final DemoDirectory directory;
  private final DemoIssuer issuer;
  private final DemoDatabase database;
  private final Path authority;
  private final People people;
  private final int port;

  Story(
      Narration narration,
      DemoDirectory directory,
      DemoIssuer issuer,
      DemoDatabase database,
      int port,
      Path authority,
      People people) {
    this.narration = narration;
    this.directory = directory;
    this.issuer = issuer;
    this.database = database;
    this.authority = authority;
    this.people = people;
    this.port = port;
  }

  /** Tells and checks every step. */
  void tell() throws IOException, SQLException, ApiException, InterruptedException {
    try (var agent = signIn()) {
      readMasked(agent);
      dropGranted(agent);
      dropRefused(agent);
    }
    replay();
    verify();
    tamper();
  }

  private Agent signIn() throws SQLException {
    narration.step("An AI agent signs in");
    narration.tell("A token that somebody else signed is tried first.");
    String refusal;
    try (var _ = Agent.connect(port, authority, issuer.forged(Someone.AGENT))) {
      refusal = "none: it was let in";
    } catch (SQLException e) {
      refusal = String.valueOf(e.getSQLState());
      narration.quote(String.valueOf(e.getMessage()));
    }
    narration.check(
        refusal.equals("28P01"), "a forged token is refused (SQLSTATE " + refusal + ")");
    var agent = Agent.connect(port, authority, issuer.token(Someone.AGENT));
    narration.tell("Now with its own: an OIDC token as the password, over TLS, verified in full.");
    narration.check(
        agent.rows("SELECT 1").equals(List.of(List.of("1"))),
        "tidy-bot, acting for dana, is connected to the shop");
    return agent;
  }

  private void readMasked(Agent agent) throws SQLException {
    narration.step("It reads customers: policy allows it, and masks two columns");
    narration.tell("agent: " + QUERY);
    var seen = agent.rows(QUERY);
    narration.quote(table(seen));
    var truth = database.truth(QUERY);
    narration.check(
        seen.stream()
            .map(List::getFirst)
            .toList()
            .equals(truth.stream().map(List::getFirst).toList()),
        "names come as they are in the database");
    boolean emails = true;
    boolean cards = true;
    for (int i = 0; i < truth.size(); i++) {
      emails &=
          !seen.get(i).get(1).contains("@") && !truth.get(i).get(1).equals(seen.get(i).get(1));
      var card = truth.get(i).get(2);
      cards &=
          seen.get(i).get(2).endsWith(card.substring(card.length() - 4))
              && !seen.get(i).get(2).contains(card.substring(0, card.length() - 4));
    }
    narration.check(emails && seen.size() == truth.size(), "no e-mail address came through");
    narration.check(cards, "of each card only the last four digits came through");
  }

  private void dropGranted(Agent agent)
      throws IOException, SQLException, ApiException, InterruptedException {
    narration.step("It wants to drop a table: held for a person, who grants it");
    narration.tell("agent: " + WANTED_DROP);
    var running = agent.start(WANTED_DROP);
    var review = people.pending();
    var id = id(review);
    narration.tell(
        "The statement waits on its own connection. A reviewer sees exactly what would run:");
    narration.quote(ReviewText.show(review));
    narration.check(
        review.path("command").path("text").asString("").equals(WANTED_DROP)
            && database.hasTable("abandoned_carts"),
        "while it is held, the table is there");
    narration.tell("dana, for whom the agent acts, tries to grant it herself:");
    narration.check(refusedToDecide(Someone.DANA, id), "whoever asked may not decide");
    people.grant(Someone.REVIEWER, id, "the carts are archived");
    var outcome = running.await();
    narration.tell("ravi, a database administrator, grants it. The agent was told meanwhile:");
    narration.quote(outcome.notice());
    narration.check(
        outcome.error().isEmpty() && outcome.notice().contains(id),
        "the agent's own connection was told of the review, and the statement succeeded");
    narration.check(!database.hasTable("abandoned_carts"), "the table is gone in the database");
  }

  private void dropRefused(Agent agent)
      throws IOException, SQLException, ApiException, InterruptedException {
    narration.step("It wants to drop another: refused");
    narration.tell("agent: " + UNWANTED_DROP);
    var running = agent.start(UNWANTED_DROP);
    people.refuse(Someone.REVIEWER, id(people.pending()), "customers stay");
    var error = running.await().error();
    narration.tell("ravi refuses it. The agent gets an ordinary PostgreSQL error:");
    narration.quote(error.map(SQLException::getMessage).orElse("no error at all"));
    narration.check(
        error.map(SQLException::getSQLState).equals(Optional.of("42501")),
        "the statement failed with SQLSTATE 42501");
    narration.check(database.hasTable("customers"), "the table is still in the database");
    narration.check(
        agent.rows("SELECT count(*) FROM orders").equals(List.of(List.of("3"))),
        "the session goes on as if nothing had happened");
  }

  private boolean refusedToDecide(Someone someone, String id)
      throws IOException, InterruptedException {
    try {
      people.grant(someone, id, "because I want it");
      return false;
    } catch (ApiException e) {
      narration.quote(e.status() + " " + e.getMessage());
      return e.status() == 403;
    }
  }

  private void replay() throws IOException, ApiException, InterruptedException {
    narration.step("The session is replayed from the record");
    try (var auditor = people.as(Someone.AUDITOR)) {
      var filter = Map.of("target", "shop", "state", "ended");
      var sessions = awaitItems(() -> auditor.sessions(filter, 10));
      var id = id(sessions.path("items").get(0));
      var replay = Replay.text(auditor.session(id), auditor.commands(id, 1_000));
      narration.quote(replay);
      narration.check(
          replay.contains(WANTED_DROP) && replay.contains(UNWANTED_DROP) && replay.contains(QUERY),
          "it holds what the agent did and tried");
      narration.check(
          replay.contains("TICKET-42") && replay.contains("dana"),
          "and for whom, and what it said that it was doing");
      var secrets = secrets();
      narration.check(
          !secrets.isEmpty() && secrets.stream().noneMatch(replay::contains),
          "what was masked for the agent is masked in the record");
    } catch (SQLException e) {
      throw new IOException("the database cannot be asked: " + e.getMessage(), e);
    }
  }

  private List<String> secrets() throws SQLException {
    return database.truth("SELECT email FROM customers UNION SELECT card FROM customers").stream()
        .map(List::getFirst)
        .toList();
  }

  /** A listing, asked until it is not empty: the projection follows the journal by moments. */
  private static JsonNode awaitItems(Listing listing) throws ApiException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    var answer = listing.ask();
    while (answer.path("items").isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE);
      answer = listing.ask();
    }
    if (answer.path("items").isEmpty()) {
      throw new IllegalStateException("no session was recorded in " + PATIENCE.toSeconds() + " s");
    }
    return answer;
  }

  private interface Listing {
    JsonNode ask() throws ApiException, InterruptedException;
  }

  private void verify() throws IOException, InterruptedException {
    narration.step("The log is verified, offline, with its public key alone");
    var data = directory.file("data");
    narration.tell("chaperone verify " + data + " --key key.pub");
    var verification = verified(data);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (verification instanceof Verification.Beyond && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE); // a checkpoint is signed every second
      verification = verified(data);
    }
    narration.quote(printed(verification));
    narration.check(verification instanceof Verification.Sound, "every entry is as it was signed");
  }

  private void tamper() throws IOException {
    narration.step("One byte is changed in a copy of the log");
    var copy = directory.folder("tampered");
    Tampering.copy(directory.file("data").resolve("journal"), copy);
    var file = copy.relativize(Tampering.change(copy, "abandoned_carts"));
    narration.tell("In " + file + ", the name of the dropped table is changed by one letter.");
    narration.tell("chaperone verify " + copy + " --key key.pub");
    var verification = verified(copy);
    var printed = printed(verification);
    narration.quote(printed);
    narration.check(
        verification.exitStatus() == 3 && printed.contains(file.getFileName().toString()),
        "verification finds it, names the place, and ends with status 3");
  }

  private Verification verified(Path log) throws IOException {
    var key = Files.readString(directory.file("key.pub"));
    return Verifier.verify(log, Optional.of(key), Optional.empty());
  }

  private static String printed(Verification verification) {
    var text = new StringWriter();
    var writer = new PrintWriter(text);
    VerifyCommand.print(verification, writer, writer);
    writer.flush();
    return text.toString();
  }

  private static String id(JsonNode json) {
    return json.path("id").asString();
  }

  private static String table(List<List<String>> rows) {
    var text = new StringBuilder();
    for (var row : rows) {
      text.append("%-14s %-26s %s%n".formatted(row.get(0), row.get(1), row.get(2)));
    }
    return text.toString();
  }
}
