package dev.chaperone.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.scene.SetClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignInGuardTest {
  private static final String ORIGIN = "10.1.2.3";

  private final SetClock clock = new SetClock();
  private final SignInGuard guard = new SignInGuard(clock);

  @Test
  void eachFailureDelaysLongerUpToABound() {
    var delays = new ArrayList<Long>();
    for (int i = 0; i < 8; i++) {
      delays.add(guard.failed(ORIGIN).delay().toMillis());
    }
    assertThat(delays).isEqualTo(List.of(100L, 200L, 400L, 800L, 1_600L, 3_000L, 3_000L, 3_000L));
    for (int i = 0; i < 200; i++) {
      assertThat(guard.failed(ORIGIN).delay()).isEqualTo(Duration.ofSeconds(3));
    }
  }

  @Test
  void afterTooManyFailuresNobodyIsHeardForAWhile() {
    for (int i = 0; i < SignInGuard.MAX_FAILURES; i++) {
      assertThat(guard.hears(ORIGIN)).isTrue();
      guard.failed(ORIGIN);
    }
    assertThat(guard.hears(ORIGIN)).isFalse();
    assertThat(guard.hears(ORIGIN)).isFalse();
    assertThat(guard.hears("10.9.9.9")).as("another address").isTrue();
    clock.pass(SignInGuard.MEMORY);
    assertThat(guard.hears(ORIGIN)).isTrue();
    assertThat(guard.failed(ORIGIN).unheard()).isEqualTo(2);
    assertThat(guard.failed(ORIGIN).unheard()).isZero();
  }

  @Test
  void failuresAreForgottenInTime() {
    guard.failed(ORIGIN);
    guard.failed(ORIGIN);
    clock.pass(SignInGuard.MEMORY);
    assertThat(guard.failed(ORIGIN).delay()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void addressesAreBoundedAndTheLongestUnusedIsForgottenFirst() {
    guard.failed("oldest");
    guard.failed("second");
    guard.hears("oldest");
    for (int i = 0; i < 9_999; i++) {
      guard.failed("other " + i);
    }
    assertThat(guard.failed("oldest").delay()).isEqualTo(Duration.ofMillis(200));
    assertThat(guard.failed("second").delay()).isEqualTo(Duration.ofMillis(100));
  }
}
