package dev.chaperone.control.reviews;

import static dev.chaperone.control.fixture.People.agent;
import static dev.chaperone.control.fixture.People.own;
import static dev.chaperone.control.fixture.People.person;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.control.fixture.Client;
import dev.chaperone.control.fixture.Commands;
import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.People;
import dev.chaperone.control.fixture.Rules;
import dev.chaperone.control.record.ContentReader;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.policy.Verdict;
import dev.chaperone.core.review.Approvals.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewsTest {
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
  void grantLetsTheWaitingCommandRun() throws Exception {
    start();
    var client = node().open(agent("bot", ANN));
    var running = client.running("DROP TABLE customers");
    var notice = client.nextNotice();
    assertThat(notice.address()).isEqualTo("https://gateway.test/reviews/" + notice.id());
    assertThat(running).isNotDone();

    var ruling = node().reviews().grant(notice.id(), own(DBA), "go ahead");

    assertThat(ruling).isInstanceOf(Ruling.Done.class);
    assertThat(soon(running)).isInstanceOf(Gate.Permit.class);
    // The use is in order and not awaited; what comes after it and is awaited makes it durable.
    var _ = node().open(ANN);
    assertThat(types()).containsExactly("review.asked", "review.granted", "review.used");
  }

  @Test
  void refusalReachesWhoWaitsWithItsReason() throws Exception {
    start();
    var client = node().open(agent("bot", ANN));
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();

    assertThat(node().reviews().refuse(id, own(DBA), "not today")).isInstanceOf(Ruling.Done.class);

    assertThat(soon(asked))
        .isInstanceOfSatisfying(
            Decision.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo("not today");
              assertThat(refused.by()).isEqualTo("dora@corp");
            });
    assertThat(node().reviews().grant(id, own(DBA), "")).isInstanceOf(Ruling.Over.class);
  }

  @Test
  void whoAskedNeverDecidesDirectlyOrThroughAnAgent() throws Exception {
    start();
    var owner = person("ann", "dba");
    var client = node().open(agent("bot", owner, "dba"));
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();

    var direct = node().reviews().grant(id, own(owner), "mine");
    var through = node().reviews().grant(id, own(agent("other", owner, "dba")), "hers");
    var refusal = node().reviews().refuse(id, own(owner), "mine");

    assertThat(List.of(direct, through, refusal))
        .allSatisfy(ruling ->
            assertThat(ruling)
                .isInstanceOfSatisfying(
                    Ruling.NotAllowed.class,
                    not -> assertThat(not.why()).isEqualTo(Ruling.Why.ASKER)));
    assertThat(asked).isNotDone();
    assertThat(types()).containsExactly("review.asked");
  }

  @Test
  void anAgentOrAStrangerDoesNotDecide() throws Exception {
    start();
    var client = node().open(ANN);
    var _ = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();

    assertThat(why(node().reviews().grant(id, own(agent("bot", null, "dba")), "")))
        .isEqualTo(Ruling.Why.NOT_A_REVIEWER);
    assertThat(why(node().reviews().grant(id, own(person("eve", "sales")), "")))
        .isEqualTo(Ruling.Why.NOT_A_REVIEWER);
    assertThat(node().reviews().grant("r-" + "0".repeat(23), own(DBA), ""))
        .isInstanceOf(Ruling.Unknown.class);
  }

  @Test
  void aNarrowedTokenOrAStaleSignInDoesNotDecide() throws Exception {
    start();
    var client = node().open(ANN);
    var _ = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();

    var narrowed = People.narrowed(DBA);
    var stale = People.signedInBefore(Duration.ofMinutes(6), "dora", "dba");
    assertThat(why(node().reviews().grant(id, narrowed, ""))).isEqualTo(Ruling.Why.NOT_OWN_SIGN_IN);
    assertThat(why(node().reviews().grant(id, own(stale), ""))).isEqualTo(Ruling.Why.STALE_SIGN_IN);
    assertThat(why(node().reviews().refuse(id, own(stale), "")))
        .isEqualTo(Ruling.Why.STALE_SIGN_IN);
  }

  @Test
  void everyRuleNeedsItsOwnReviewersAndAPersonCountsOnce() throws Exception {
    start(Rules.rule("drops", 2, "dba"), Rules.rule("security", 1, "security"));
    var client = node().open(ANN);
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();

    assertThat(state(node().reviews().grant(id, own(DBA), "one"))).isEqualTo(ReviewState.PENDING);
    assertThat(why(node().reviews().grant(id, own(DBA), "again")))
        .isEqualTo(Ruling.Why.COUNTED_ALREADY);
    assertThat(asked).isNotDone();
    // One person who is in both groups satisfies a part of both rules.
    var both = person("sam", "security", "dba");
    assertThat(state(node().reviews().grant(id, own(both), "two"))).isEqualTo(ReviewState.GRANTED);

    assertThat(soon(asked))
        .isInstanceOfSatisfying(
            Decision.Granted.class,
            granted -> {
              assertThat(granted.rules()).containsExactly("drops", "security");
              assertThat(granted.by()).containsExactly("dora@corp", "sam@corp");
            });
  }

  @Test
  void oneRefusalOutweighsEarlierGrants() throws Exception {
    start(Rules.rule("drops", 2, "dba"));
    var client = node().open(ANN);
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();
    node().reviews().grant(id, own(DBA), "yes");
    node().reviews().refuse(id, own(person("dan", "dba")), "no");
    assertThat(soon(asked)).isInstanceOf(Decision.Refused.class);
  }

  @Test
  void pendingReviewsOfOneIdentityAreBounded() throws Exception {
    start(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"));
    node().use(new ReviewSettings(3, Duration.ofMinutes(5), Duration.ofMinutes(1)));
    var client = node().open(ANN);
    for (int i = 0; i < 3; i++) {
      assertThat(soon(client.ask(Commands.statement("DROP TABLE t" + i))))
          .isInstanceOf(Decision.Pending.class);
    }
    assertThat(soon(client.ask(Commands.statement("DROP TABLE t3"))))
        .isEqualTo(new Decision.TooMany(3));
    // Joining adds none, and others have bounds of their own.
    assertThat(soon(client.ask(Commands.statement("DROP TABLE t1"))))
        .isInstanceOf(Decision.Pending.class);
    assertThat(soon(node().open(person("bob")).ask(Commands.statement("DROP TABLE t3"))))
        .isInstanceOf(Decision.Pending.class);
  }

  @Test
  void onlyWhoAskedOrAnAdministratorCancels() throws Exception {
    start();
    var client = node().open(agent("bot", ANN));
    var asked = client.ask(Commands.statement("DROP TABLE customers"));
    var id = client.nextNotice().id();
    assertThat(why(node().reviews().cancel(id, DBA, false, ""))).isEqualTo(Ruling.Why.NOT_ONES_OWN);
    // Another agent of the same person is not the one that asked.
    assertThat(why(node().reviews().cancel(id, agent("other", ANN), false, "")))
        .isEqualTo(Ruling.Why.NOT_ONES_OWN);
    assertThat(state(node().reviews().cancel(id, ANN, false, ""))).isEqualTo(ReviewState.CANCELLED);
    assertThat(soon(asked)).isInstanceOf(Decision.Cancelled.class);
  }

  @Test
  void aLongCommandIsCompleteInTheRecord() throws Exception {
    start(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"));
    var text = "DROP TABLE \"" + "\u0001é€😀\"\\".repeat(20_000) + "\"";
    var value = "x\u0002\ny".repeat(10_000);
    var client = node().open(ANN);
    var _ = soon(client.ask(Commands.statement(text, value)));
    var kept = node().reviews().live().getFirst();
    var asked = ContentReader.read(node().journal().reader(), kept.entries()).getFirst();
    assertThat(EntryJson.text(asked, "text")).isEqualTo(text);
    assertThat(EntryJson.text(asked.path("parameters").path(0), "value")).isEqualTo(value);
  }

  @Test
  void aCommandOfSlashesAndBrokenCharactersIsReadAsItWasRecorded() throws Exception {
    start(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"));
    var slashes = "/".repeat(11_999);
    var halves = "\ud800".repeat(60_000);
    var client = node().open(ANN);
    for (var text : List.of(slashes, halves)) {
      var _ = soon(client.ask(Commands.statement(text)));
      var kept = node().reviews().live().getLast();
      var asked = ContentReader.read(node().journal().reader(), kept.entries()).getFirst();
      assertThat(EntryJson.text(asked, "text")).isEqualTo(text.replace('\ud800', '\ufffd'));
    }
  }

  @Test
  void pendingAndGrantedSurviveARestartAndUsedIsNotUsedAgain() throws Exception {
    start(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"));
    var client = node().open(ANN);
    var used = pending(client, "DROP TABLE used");
    node().reviews().grant(used, own(DBA), "");
    assertThat(soon(client.ask(Commands.statement("DROP TABLE used"))))
        .isInstanceOf(Decision.Granted.class);
    var granted = pending(client, "DROP TABLE granted");
    node().reviews().grant(granted, own(DBA), "");
    var waiting = pending(client, "DROP TABLE waiting");
    var before = node().reviews().live();
    node().close();

    start(Rules.rule("drops", 1, Duration.ZERO, Duration.ofHours(1), "dba"));
    assertThat(node().reviews().live()).isEqualTo(before);
    var again = node().open(ANN);
    assertThat(soon(again.ask(Commands.statement("DROP TABLE granted"))))
        .isInstanceOf(Decision.Granted.class);
    assertThat(pending(again, "DROP TABLE waiting")).isEqualTo(waiting);
    assertThat(pending(again, "DROP TABLE used")).isNotEqualTo(used);
    assertThat(node().reviews().grant(used, own(DBA), "")).isInstanceOf(Ruling.Over.class);
  }

  private static Ruling.Why why(Ruling ruling) {
    return ((Ruling.NotAllowed) ruling).why();
  }

  private static ReviewState state(Ruling ruling) {
    return ((Ruling.Done) ruling).review().state();
  }

  private static String pending(Client client, String text) throws Exception {
    return ((Decision.Pending) soon(client.ask(Commands.statement(text)))).review().id();
  }
}
