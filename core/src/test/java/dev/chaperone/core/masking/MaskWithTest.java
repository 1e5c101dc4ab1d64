package dev.chaperone.core.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskWithTest {
  @Test
  void theOneThatHidesMostWinsInAnyOrder() {
    List<MaskWith> byStrictness =
        List.of(
            new MaskWith.Null(),
            new MaskWith.Redact(),
            new MaskWith.Hash(),
            new MaskWith.KeepLast(0),
            new MaskWith.KeepLast(4),
            new MaskWith.KeepLast(Integer.MAX_VALUE));
    var random = new Random(7);
    for (int from = 0; from < byStrictness.size(); from++) {
      var all = new ArrayList<>(byStrictness.subList(from, byStrictness.size()));
      Collections.shuffle(all, random);
      assertThat(MaskWith.strictest(all)).isEqualTo(byStrictness.get(from));
    }
  }

  @Test
  void keepingFewerThanNoneIsRefused() {
    assertThatThrownBy(() -> new MaskWith.KeepLast(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
