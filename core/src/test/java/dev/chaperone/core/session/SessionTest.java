package dev.chaperone.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.scene.Scene;
import dev.chaperone.journal.JournalUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SessionTest {
  private static final int THREADS = 6;

  private final Scene scene;
  private final Session session;

  SessionTest(@TempDir Path directory) throws Exception {
    this.scene = Scene.of(directory, Scene.ALLOW_ALL);
    this.session = scene.open();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void entriesAreNumberedWithoutGapsWhateverThreadsAddThem() throws Exception {
    together(() -> {
      for (int i = 0; i < 200; i++) {
        session.enqueue("test", fields -> fields.put("x", 1));
      }
    });
    scene.sessions().closed(session);
    var numbers = scene.entries().stream().map(entry -> entry.path("n").longValue()).toList();
    assertThat(numbers)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, THREADS * 200 + 2).boxed().toList());
  }

  @Test
  void anEntryThatIsNotAcceptedTakesNoNumber() throws Exception {
    assertThatThrownBy(() -> session.enqueue("test", fields -> fields.put("x", "x".repeat(70_000))))
        .isInstanceOf(IllegalArgumentException.class);
    session.enqueue("test", _ -> {});
    assertThat(scene.entries().getLast().path("n").longValue()).isEqualTo(2);
  }

  @Test
  void ownTrafficIsRecordedOnceAKindAndCounted() throws Exception {
    together(() -> {
      for (int i = 0; i < 100; i++) {
        session.countOwn("sync");
        session.countOwn("flush");
      }
    });
    scene.sessions().closed(session);
    assertThat(scene.entries("own")).hasSize(2);
    var own = scene.entries("session.ended").getFirst().path("own");
    assertThat(own.path("sync").intValue()).isEqualTo(THREADS * 100);
    assertThat(own.path("flush").intValue()).isEqualTo(THREADS * 100);
  }

  @Test
  void theFirstReasonToEndCounts() throws Exception {
    session.end(new Session.End("idle", "first"));
    session.end(new Session.End("left", "second"));
    scene.sessions().closed(session);
    var ended = scene.entries("session.ended").getFirst();
    assertThat(ended.path("reason").stringValue()).isEqualTo("idle");
    assertThat(ended.path("message").stringValue()).isEqualTo("first");
  }

  @Test
  void theEndIsRecordedOnceAndNothingFollowsIt() throws Exception {
    session.nextCommand();
    together(() -> scene.sessions().closed(session));
    assertThatThrownBy(() -> session.enqueue("cancel", session::describe))
        .isInstanceOf(JournalUnavailableException.class)
        .hasMessageContaining("end is recorded");
    assertThat(scene.entries("session.ended")).hasSize(1);
    var last = scene.entries().getLast();
    assertThat(last.path("type").stringValue()).isEqualTo("session.ended");
    assertThat(last.path("reason").stringValue()).isEqualTo("left");
    assertThat(last.path("commands").longValue()).isOne();
  }

  @Test
  void whatIsToRunAtTheEndRunsOnceHoweverItRaces() throws Exception {
    for (int i = 0; i < 300; i++) {
      var raced = scene.open();
      var runs = new AtomicInteger();
      var start = new CyclicBarrier(2);
      var ender =
          Thread.ofPlatform()
              .start(() -> {
                meet(start);
                raced.end(new Session.End("left", "gone"));
              });
      meet(start);
      raced.onEnd(runs::incrementAndGet);
      ender.join();
      assertThat(runs).as("round %d", i).hasValue(1);
      scene.sessions().closed(raced);
    }
  }

  @Test
  void everyActionRunsAtTheEndThoughOneFails() {
    var runs = new AtomicInteger();
    session.onEnd(() -> {
      throw new IllegalStateException("the first fails");
    });
    session.onEnd(runs::incrementAndGet);
    assertThatThrownBy(() -> session.end(new Session.End("left", "gone")))
        .hasMessage("the first fails");
    assertThat(runs).hasValue(1);
  }

  @Test
  void commandsAreNumberedWithinTheirSession() {
    assertThat(session.nextCommand()).isEqualTo("c-" + session.id().substring(2) + "-1");
    assertThat(session.nextCommand()).isEqualTo("c-" + session.id().substring(2) + "-2");
    assertThat(session.commands()).isEqualTo(2);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void together(Work work) throws InterruptedException {
    var start = new CyclicBarrier(THREADS);
    var failures = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                meet(start);
                try {
                  work.run();
                } catch (Exception e) {
                  failures.incrementAndGet();
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(failures).hasValue(0);
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
