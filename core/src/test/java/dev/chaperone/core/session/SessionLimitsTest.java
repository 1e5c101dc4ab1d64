package dev.chaperone.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.scene.Scene;
import dev.chaperone.core.snapshot.Snapshot.SessionLimits;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.testing.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many sessions there may be, and how they end when the gateway stops. */
@Timeout(60)
class SessionLimitsTest {
  private final Scene scene;

  SessionLimitsTest(@TempDir Path directory) throws Exception {
    this.scene = Scene.of(directory, Scene.ALLOW_ALL);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private void limits(int perIdentity, int perTarget, Duration drain) {
    scene.limits(
        new SessionLimits(
            Duration.ofHours(1), false, Duration.ofHours(1), perIdentity, perTarget, drain));
  }

  private Session open(Identity identity) throws Exception {
    return scene.sessions().open(Scene.opening(identity, Intent.NONE, scene.target()));
  }

  @Test
  void anIdentityHasSoManySessionsAndNoMore() throws Exception {
    limits(2, 100, Duration.ZERO);
    var first = open(Scene.agent());
    open(Scene.agent());
    assertThatThrownBy(() -> open(Scene.agent()))
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContaining("this identity has 2 open");
    var refused = scene.entries("session.refused").getFirst();
    assertThat(refused.path("identity").path("subject").stringValue()).isEqualTo("bot");
    assertThat(refused.path("target").stringValue()).isEqualTo("orders");
    assertThat(refused.path("reason").stringValue()).startsWith("too many sessions");
    assertThat(open(Scene.person()).ended()).isEmpty();
    scene.sessions().closed(first);
    scene.sessions().closed(first);
    assertThat(open(Scene.agent()).ended()).isEmpty();
    assertThatThrownBy(() -> open(Scene.agent())).isInstanceOf(SessionRefusedException.class);
  }

  @Test
  void aTargetHasSoManySessionsAndNoMore() throws Exception {
    limits(100, 2, Duration.ZERO);
    open(Scene.agent());
    open(Scene.person());
    assertThatThrownBy(() -> open(Scene.agent()))
        .isInstanceOf(SessionRefusedException.class)
        .hasMessageContaining("the target has 2 open");
  }

  @Test
  void whatCouldNotBeRecordedTakesNoPlace() throws Exception {
    limits(1, 1, Duration.ZERO);
    scene.journal().fail();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> open(Scene.agent())).isInstanceOf(JournalUnavailableException.class);
    }
  }

  @Test
  void whoIsIdleEndsAtOnceAndWhoIsBusyEndsWhenItIsDone() throws Exception {
    limits(10, 10, Duration.ofSeconds(30));
    var idle = open(Scene.agent());
    var busy = open(Scene.agent());
    var done = new AtomicBoolean();
    busy.onRetire(done::get);
    idle.onEnd(() -> scene.sessions().closed(idle));
    busy.onEnd(() -> scene.sessions().closed(busy));
    var draining =
        Thread.ofVirtual()
            .start(() -> {
              try {
                scene.sessions().drain();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Await.until("the idle one has ended", () -> idle.ended().isPresent());
    assertThat(idle.ended().orElseThrow().reason()).isEqualTo("shutdown");
    assertThat(scene.sessions().isStopping()).isTrue();
    assertThat(busy.ended()).isEmpty();
    assertThat(draining.isAlive()).isTrue();
    done.set(true);
    assertThat(draining.join(Duration.ofSeconds(10))).isTrue();
    assertThat(busy.ended().orElseThrow().reason()).isEqualTo("shutdown");
  }

  @Test
  void whoIsNotDoneInTimeIsLeftToTheEnd() throws Exception {
    limits(10, 10, Duration.ofMillis(200));
    var busy = open(Scene.agent());
    busy.onRetire(() -> false);
    scene.sessions().drain();
    assertThat(busy.ended()).isEmpty();
    scene.sessions().close();
    assertThat(busy.ended().orElseThrow().reason()).isEqualTo("shutdown");
  }
}
