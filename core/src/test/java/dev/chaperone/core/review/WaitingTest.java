package dev.chaperone.core.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WaitingTest {
  private record Client(Waiting.Situation situation, AtomicInteger told) implements Waiting.Client {
    @Override
    public Waiting.Situation settle() {
      return situation;
    }

    @Override
    public void tell(Approvals.Reference review) {
      told.incrementAndGet();
    }
  }

  private static Waiting in(Waiting.Situation situation) {
    return new Waiting(new Client(situation, new AtomicInteger()));
  }

  @Test
  void theFirstInterruptionCountsAndWakesOnce() {
    var waiting = in(Waiting.Situation.FREE);
    var wakes = new AtomicInteger();
    waiting.onInterruption(wakes::incrementAndGet);
    assertThat(waiting.interruption()).isEmpty();
    waiting.interrupt(Waiting.Interruption.LEFT);
    waiting.interrupt(Waiting.Interruption.KILLED);
    assertThat(waiting.interruption()).contains(Waiting.Interruption.LEFT);
    assertThat(wakes).hasValue(1);
  }

  @Test
  void whoListensLateIsWokenAtOnce() {
    var waiting = in(Waiting.Situation.FREE);
    waiting.interrupt(Waiting.Interruption.CANCELLED);
    var wakes = new AtomicInteger();
    waiting.onInterruption(wakes::incrementAndGet);
    assertThat(wakes).hasValue(1);
  }

  @Test
  void everyListenerIsWokenOnceHoweverItRaces() throws Exception {
    for (int i = 0; i < 500; i++) {
      var waiting = in(Waiting.Situation.FREE);
      var wakes = new AtomicInteger();
      var other = Thread.ofPlatform().start(() -> waiting.interrupt(Waiting.Interruption.LEFT));
      waiting.onInterruption(wakes::incrementAndGet);
      other.join();
      assertThat(wakes).as("round %d", i).hasValue(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSituationIsThatOfTheClient(Waiting.Situation situation) throws Exception {
    var waiting = in(situation);
    assertThat(waiting.inTransaction()).as("not known yet").isFalse();
    assertThat(waiting.settle()).isEqualTo(situation);
    assertThat(waiting.inTransaction()).isEqualTo(situation == Waiting.Situation.IN_TRANSACTION);
  }

  @Test
  void theClientIsTold() {
    var told = new AtomicInteger();
    new Waiting(new Client(Waiting.Situation.FREE, told))
        .tell(new Approvals.Reference("r-1", "https://gateway.test/reviews/r-1"));
    assertThat(told).hasValue(1);
  }
}
