package dev.chaperone.control.reviews;

import static dev.chaperone.control.fixture.People.own;
import static dev.chaperone.control.fixture.People.person;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.control.fixture.Commands;
import dev.chaperone.control.fixture.FailingJournal;
import dev.chaperone.control.fixture.Node;
import dev.chaperone.control.fixture.Rules;
import dev.chaperone.core.review.Approvals.Decision;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.journal.JournalUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewRacesTest {
  @TempDir Path directory;

  @Test
  void ofManyDecisionsAtOnceExactlyOneCounts() throws Exception {
    try (var node = Node.start(directory, Rules.standard());
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 20; round++) {
        var client = node.open(person("ann"));
        var asked = client.ask(Commands.statement("DROP TABLE t" + round));
        var id = client.nextNotice().id();
        var start = new CountDownLatch(1);
        List<Future<Ruling>> rulings = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          var who = own(person("dba" + i, "dba"));
          boolean grants = i % 2 == 0;
          Callable<Ruling> decide =
              () -> {
                start.await();
                return grants
                    ? node.reviews().grant(id, who, "")
                    : node.reviews().refuse(id, who, "");
              };
          rulings.add(pool.submit(decide));
        }
        start.countDown();
        int counted = 0;
        for (var ruling : rulings) {
          counted += ruling.get(10, SECONDS) instanceof Ruling.Done ? 1 : 0;
        }
        assertThat(counted).isEqualTo(1);
        assertThat(asked.get(10, SECONDS))
            .isInstanceOfAny(Decision.Granted.class, Decision.Refused.class);
      }
    }
  }

  @Test
  void aGrantAndACancelAtOnceAgreeOnOneEnd() throws Exception {
    try (var node = Node.start(directory, Rules.standard());
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 30; round++) {
        var client = node.open(person("ann"));
        var asked = client.ask(Commands.statement("DROP TABLE t" + round));
        var id = client.nextNotice().id();
        var start = new CountDownLatch(1);
        var ruling =
            pool.submit(() -> {
              start.await();
              return node.reviews().grant(id, own(person("dora", "dba")), "");
            });
        start.countDown();
        client.interrupt(Waiting.Interruption.CANCELLED);

        var decision = asked.get(10, SECONDS);
        ruling.get(10, SECONDS);
        var state = node.reviews().find(id).orElseThrow().review().state();
        // Whatever came first, what the client was told is what the review became.
        assertThat(state)
            .isEqualTo(
                decision instanceof Decision.Granted ? ReviewState.USED : ReviewState.CANCELLED);
      }
    }
  }

  @Test
  void whatCannotBeRecordedDoesNotHappen() throws Exception {
    var journal = new AtomicReference<FailingJournal>();
    try (var node =
        Node.start(
            directory,
            Rules.standard(),
            real -> {
              journal.set(new FailingJournal(real));
              return journal.get();
            })) {
      var client = node.open(person("ann"));
      var asked = client.ask(Commands.statement("DROP TABLE customers"));
      var id = client.nextNotice().id();
      journal.get().fail();
      assertThatThrownBy(() -> node.reviews().grant(id, own(person("dora", "dba")), ""))
          .isInstanceOf(JournalUnavailableException.class);
      assertThat(node.reviews().find(id).orElseThrow().review().state())
          .isEqualTo(ReviewState.PENDING);
      assertThat(asked).isNotDone();
      client.interrupt(Waiting.Interruption.LEFT);
      assertThat(asked.get(10, SECONDS)).isInstanceOf(Decision.Pending.class);
    }
  }
}
