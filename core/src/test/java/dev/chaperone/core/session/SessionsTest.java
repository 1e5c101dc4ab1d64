package dev.chaperone.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.scene.Scene;
import dev.chaperone.core.snapshot.Snapshot.SessionLimits;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SessionsTest {
  private final Scene scene;

  SessionsTest(@TempDir Path directory) throws Exception {
    this.scene = Scene.of(directory, Scene.ALLOW_ALL);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void aSessionIsOpenOnlyWhenItsOpeningIsDurable() throws Exception {
    scene.journal().stall();
    var opening = CompletableFuture.supplyAsync(this::open);
    Await.until("waits for the disk", () -> scene.journal().waiting() == 1);
    assertThat(scene.sessions().live()).isEmpty();
    assertThat(opening).isNotDone();
    scene.journal().resume();
    var session = opening.get(10, TimeUnit.SECONDS);
    assertThat(scene.sessions().find(session.id())).contains(session);
    scene.sessions().closed(session);
    assertThat(scene.sessions().find(session.id())).isEmpty();
  }

  @Test
  void nobodyIsAdmittedWhenNothingCanBeRecorded() {
    scene.journal().fail();
    assertThatThrownBy(scene::open).isInstanceOf(JournalUnavailableException.class);
    assertThat(scene.sessions().live()).isEmpty();
  }

  @Test
  void anEndThatCannotBeRecordedStillFreesTheSession() throws Exception {
    var session = scene.open();
    scene.journal().fail();
    scene.sessions().closed(session);
    assertThat(scene.sessions().live()).isEmpty();
  }

  @Test
  void aKillIsDurableBeforeItHappens() throws Exception {
    var session = scene.open();
    var durable = new AtomicLong(-1);
    session.onEnd(() -> durable.set(scene.journal().reader().size()));
    assertThat(scene.sessions().kill(session.id(), "root@corp", "enough")).isTrue();
    assertThat(durable).hasValue(2);
    assertThat(session.ended().orElseThrow().reason()).isEqualTo("killed");
    var killed = scene.entries("session.killed").getFirst();
    assertThat(killed.path("by").stringValue()).isEqualTo("root@corp");
    assertThat(killed.path("reason").stringValue()).isEqualTo("enough");
    assertThat(scene.sessions().kill("s-unknown", "root@corp", "x")).isFalse();
  }

  @Test
  void aKillThatCannotBeRecordedDoesNotHappen() throws Exception {
    var session = scene.open();
    scene.journal().fail();
    assertThatThrownBy(() -> scene.sessions().kill(session.id(), "root", "x"))
        .isInstanceOf(JournalUnavailableException.class);
    assertThat(session.ended()).isEmpty();
  }

  @Test
  void aSessionEndsAtItsLongestDuration() throws Exception {
    scene.limits(new SessionLimits(Duration.ofHours(2), false, Duration.ofDays(9)));
    var older = scene.open();
    scene.clock().pass(Duration.ofSeconds(1));
    var younger = scene.open();
    scene.clock().pass(Duration.ofHours(2).minusMillis(500));
    Await.until("the older one ended", () -> older.ended().isPresent());
    assertThat(older.ended().orElseThrow().reason()).isEqualTo("longest");
    assertThat(younger.ended()).isEmpty();
  }

  @Test
  void aSessionThatIsIdleEndsAndOneInUseDoesNot() throws Exception {
    scene.limits(new SessionLimits(Duration.ofDays(9), false, Duration.ofMinutes(10)));
    var busy = scene.open();
    var idle = scene.open();
    scene.clock().pass(Duration.ofMinutes(10).plusMillis(1));
    busy.touch();
    Await.until("idle ended", () -> idle.ended().isPresent());
    assertThat(idle.ended().orElseThrow().reason()).isEqualTo("idle");
    assertThat(busy.ended()).isEmpty();
  }

  @Test
  void aSessionEndsWithItsTokenWhereThatIsAskedFor() throws Exception {
    scene.limits(new SessionLimits(Duration.ofDays(9), true, Duration.ofDays(9)));
    var session = scene.open();
    scene.clock().pass(Duration.ofHours(1)); // the token ended within it
    Await.until("ended", () -> session.ended().isPresent());
    assertThat(session.ended().orElseThrow().reason()).isEqualTo("token");
  }

  @Test
  void aSessionWhoseTargetIsGoneEnds() throws Exception {
    var session = scene.open();
    scene.withoutTarget();
    Await.until("ended", () -> session.ended().isPresent());
    assertThat(session.ended().orElseThrow().reason()).isEqualTo("reload");
  }

  @Test
  void aConnectionThatFailsAtItsEndKeepsNoOtherFromEnding() throws Exception {
    scene.limits(new SessionLimits(Duration.ofHours(1), false, Duration.ofDays(9)));
    var first = scene.open();
    first.onEnd(() -> {
      throw new IllegalStateException("on purpose: a connection that does not close");
    });
    scene.clock().pass(Duration.ofHours(2));
    Await.until("first ended", () -> first.ended().isPresent());
    var second = scene.open();
    scene.clock().pass(Duration.ofHours(2));
    Await.until("second ended", () -> second.ended().isPresent());
  }

  @Test
  void closingEndsEverySessionAlsoOneThatOpensMeanwhile() throws Exception {
    var session = scene.open();
    scene.sessions().close();
    assertThat(session.ended().orElseThrow().reason()).isEqualTo("shutdown");
    assertThat(scene.open().ended().orElseThrow().reason()).isEqualTo("shutdown");
  }

  @Test
  void aFailedSignInIsRecordedWithinBoundsAndWithoutEmptyFields() throws Exception {
    scene
        .sessions()
        .recordFailedSignIn(
            new Sessions.FailedSignIn(
                "postgres", "10.1.2.3", null, "x".repeat(70_000), "\u0001".repeat(70_000), 3));
    var failed = scene.entries("signin.failed").getFirst();
    assertThat(failed.has("issuer")).isFalse();
    assertThat(failed.path("reason").stringValue()).endsWith("…");
    assertThat(failed.path("unrecordedBefore").intValue()).isEqualTo(3);
  }

  private Session open() {
    try {
      return scene.open();
    } catch (JournalUnavailableException e) {
      throw new AssertionError(e);
    }
  }
}
