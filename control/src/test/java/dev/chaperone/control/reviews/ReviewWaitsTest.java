package dev.chaperone.control.reviews;

import static dev.chaperone.control.fixture.People.own;
import static dev.chaperone.control.fixture.People.person;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.Commands;
import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.Rules;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.policy.Verdict;
import dev.chaperone.core.review.Approvals.Decision;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewWaitsTest {
  private static final Identity ANN = person("ann", "staff");
  private static final Identity DBA = person("dora", "dba");

  @TempDir Path directory;
  private @Nullable Node node;

  private void start(Verdict.HoldingRule... rules) throws Exception {
    node = Node.start(directory, rules.length == 0 ? Rules.standard() : new Rules(List.of(rules)));
  }

  private Node node() {
    return Objects.requireNonNull(node, "start first");
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(10, SECONDS);
  }

  private List<String> types() throws Exception {
    return node().entries().stream()
        .map(EntryJson::parse)
        .map(entry -> EntryJson.needText(entry, "type"))
        .filter(type -> type.startsWith("review."))
        .toList();
  }

  @Test
  void insideATransactionTheClientIsToldAtOnceAndTheGrantServesTheNextAsk() throws Exception {
    start();
    var client = node().openInTransaction(ANN);
    // The gate settles first; asked directly, the wait is that of a transaction.
    var refusal = client.run("DROP TABLE customers");
    assertThat(client.told).isEmpty();
    var id = node().reviews().live().getFirst().review().id();
    assertThat(refusal).isNotInstanceOf(Gate.Permit.class);

    node().reviews().grant(id, own(DBA), "");
    assertThat(client.run("DROP TABLE orders")).isNotInstanceOf(Gate.Permit.class);
    assertThat(client.run("DROP TABLE customers")).isInstanceOf(Gate.Permit.class);
    assertThat(client.run("DROP TABLE customers")).isNotInstanceOf(Gate.Permit.class);
  }

  @Test
  void theSameCommandJoinsAndAGrantServesTheOldestOnce() throws Exception {
    start();
    var first = node().open(ANN);
    var second = node().open(ANN);
    var older = first.ask(Commands.statement("DROP TABLE customers"));
    var id = first.nextNotice().id();
    var younger = second.ask(Commands.statement("DROP TABLE customers"));
    assertThat(second.nextNotice().id()).isEqualTo(id);

    node().reviews().grant(id, own(DBA), "");

    assertThat(soon(older)).isInstanceOf(Decision.Granted.class);
    // The younger one needs a grant of its own, so it asks again.
    var next = second.nextNotice().id();
    assertThat(next).isNotEqualTo(id);
    assertThat(younger).isNotDone();
    node().reviews().grant(next, own(DBA), "");
    assertThat(soon(younger)).isInstanceOf(Decision.Granted.class);
  }

  @Test
  void anotherIdentityTextOrParameterDoesNotJoin() throws Exception {
    start();
    var ann = node().open(ANN);
    var bob = node().open(person("bob"));
    var _ = ann.ask(Commands.statement("DROP TABLE customers"));
    var _ = ann.nextNotice();
    var _ = ann.ask(Commands.statement("DROP TABLE customers ;"));
    var _ = ann.nextNotice();
    var _ = ann.ask(Commands.statement("DROP TABLE customers", "1"));
    var _ = ann.nextNotice();
    var _ = bob.ask(Commands.statement("DROP TABLE customers"));
    var _ = bob.nextNotice();
    assertThat(node().reviews().live()).hasSize(4);
  }

  @Test
  void otherDemandsAreAnotherReview() throws Exception {
    start();
    var client = node().open(ANN);
    var _ = client.ask(Commands.statement("DROP TABLE customers"));
    var lenient = client.nextNotice().id();
    node().use(new Rules(List.of(Rules.rule("drops", 2, "dba"))));
    var strict = client.ask(Commands.statement("DROP TABLE customers"));
    assertThat(client.nextNotice().id()).isNotEqualTo(lenient);

    node().reviews().grant(lenient, own(DBA), "");
    assertThat(strict).isNotDone();
  }

  @Test
  void nobodyDecidesInTimeAndTheReviewExpires() throws Exception {
    start(Rules.rule("drops", 1, Duration.ofSeconds(20), Duration.ofMillis(300), "dba"));
    var client = node().open(ANN);
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();
    assertThat(soon(asked)).isInstanceOf(Decision.Expired.class);
    assertThat(node().reviews().grant(id, own(DBA), "late")).isInstanceOf(Ruling.Over.class);
    assertThat(types()).containsExactly("review.asked", "review.expired");
  }

  @Test
  void aReviewThatNobodyWaitsForExpiresByTheClock() throws Exception {
    start(Rules.rule("drops", 1, Duration.ZERO, Duration.ofMillis(200), "dba"));
    var client = node().open(ANN);
    assertThat(soon(client.ask(Commands.statement("DROP TABLE customers"))))
        .isInstanceOf(Decision.Pending.class);
    Await.until("the review has expired", () -> node().reviews().live().isEmpty());
    assertThat(types()).containsExactly("review.asked", "review.expired");
  }

  @Test
  void aGrantLapsesWhenItIsNotUsedInTime() throws Exception {
    start(Rules.rule("drops", 1, Duration.ZERO, Duration.ofMillis(500), "dba"));
    var client = node().open(ANN);
    var pending = soon(client.ask(Commands.statement("DROP TABLE customers")));
    var id = ((Decision.Pending) pending).review().id();
    assertThat(node().reviews().grant(id, own(DBA), "")).isInstanceOf(Ruling.Done.class);
    Await.until("the grant has lapsed", () -> node().reviews().live().isEmpty());
    assertThat(node().reviews().find(id).orElseThrow().review().state())
        .isEqualTo(ReviewState.EXPIRED);
    assertThat(soon(client.ask(Commands.statement("DROP TABLE customers"))))
        .isInstanceOf(Decision.Pending.class);
  }

  @Test
  void aClientThatLeavesEndsItsWaitAndNotTheReview() throws Exception {
    start();
    var client = node().open(ANN);
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();
    client.interrupt(Waiting.Interruption.LEFT);
    assertThat(soon(asked)).isInstanceOf(Decision.Pending.class);
    assertThat(state(node().reviews().grant(id, own(DBA), ""))).isEqualTo(ReviewState.GRANTED);
  }

  @Test
  void aCancelEndsTheReview() throws Exception {
    start();
    var client = node().open(ANN);
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();
    client.interrupt(Waiting.Interruption.CANCELLED);
    assertThat(soon(asked)).isInstanceOf(Decision.Cancelled.class);
    assertThat(node().reviews().grant(id, own(DBA), "")).isInstanceOf(Ruling.Over.class);
  }

  @Test
  void aKillEndsTheReviewsThatTheSessionAsked() throws Exception {
    start(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"));
    var client = node().open(ANN);
    var _ = soon(client.ask(Commands.statement("DROP TABLE customers")));
    assertThat(node().sessions().kill(client.session().id(), "root@corp", "enough")).isTrue();
    assertThat(node().reviews().live()).isEmpty();
    assertThat(types()).containsExactly("review.asked", "review.cancelled");
  }

  @Test
  void nothingIsGrantedToASessionThatWasKilled() throws Exception {
    start();
    var client = node().open(ANN);
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var _ = client.nextNotice();
    var other = node().open(ANN);
    var joined = other.ask(Commands.statement("DROP TABLE customers"));
    var id = other.nextNotice().id();
    // The joined session is killed; the gate has not said so to its wait yet.
    node().sessions().kill(other.session().id(), "root@corp", "enough");
    node().reviews().grant(id, own(DBA), "");
    assertThat(soon(joined)).isInstanceOf(Decision.Cancelled.class);
    // The kill ends the review too, unless the older wait used the grant before.
    assertThat(soon(asked)).isInstanceOfAny(Decision.Granted.class, Decision.Cancelled.class);
  }

  @Test
  void theClientIsToldAgainWhileItWaits() throws Exception {
    start();
    node().use(new ReviewSettings(20, Duration.ofMinutes(5), Duration.ofMillis(50)));
    var client = node().open(ANN);
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    for (int i = 0; i < 4; i++) {
      var _ = client.nextNotice();
    }
    assertThat(client.told).extracting("id").containsOnly(client.told.getFirst().id());
    client.interrupt(Waiting.Interruption.LEFT);
    assertThat(soon(asked)).isInstanceOf(Decision.Pending.class);
  }

  private static ReviewState state(Ruling ruling) {
    return ((Ruling.Done) ruling).review().state();
  }
}
