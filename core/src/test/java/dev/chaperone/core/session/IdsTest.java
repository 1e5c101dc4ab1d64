package dev.chaperone.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.scene.SetClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void idsSortByTime() {
    var clock = new SetClock();
    var ids = new Ids(clock);
    var made = new ArrayList<String>();
    for (int i = 0; i < 500; i++) {
      made.add(ids.next("s-"));
      clock.pass(Duration.ofMillis(1L + i * 997L));
    }
    assertThat(made).isSorted();
  }

  @Test
  void idsOfOneMillisecondAreUniqueAndOfOneShape() {
    var ids = new Ids(new SetClock());
    var made = new HashSet<String>();
    for (int i = 0; i < 20_000; i++) {
      var id = ids.next("r-");
      assertThat(id).matches("r-[0-9a-hjkmnp-tv-z]{23}");
      made.add(id);
    }
    assertThat(made).hasSize(20_000);
  }
}
