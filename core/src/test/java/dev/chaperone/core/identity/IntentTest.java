package dev.chaperone.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.scene.Scene;
import org.junit.jupiter.api.Test;

class IntentTest {
  @Test
  void whatIsBlankIsNotStated() {
    assertThat(new Intent(" ", "", null)).isEqualTo(Intent.NONE);
    assertThat(Intent.NONE.isEmpty()).isTrue();
    assertThat(Intent.NONE.withTrace("t").isEmpty()).isFalse();
    assertThat(new Intent("a", "b", "c").withText(" ")).isEqualTo(new Intent(null, "b", "c"));
  }

  @Test
  void aLongTextIsCutAndNoCharacterIsSplit() {
    assertThat(new Intent("x".repeat(1_001), null, null).text()).hasSize(1_000);
    assertThat(new Intent("x".repeat(999) + "😀", null, null).text()).isEqualTo("x".repeat(999));
  }

  @Test
  void whoAskedIsTheActorAndEveryoneItActsFor() {
    assertThat(Scene.agent().askers()).containsExactly("ada@example.com", "bot@corp");
    assertThat(Scene.person().askers()).containsExactly("ada@example.com");
  }

  @Test
  void anIdentityShowsNoClaims() {
    assertThat(Scene.agent()).hasToString("bot@corp for ada@corp");
  }
}
