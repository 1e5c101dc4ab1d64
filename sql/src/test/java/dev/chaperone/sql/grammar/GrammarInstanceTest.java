package dev.chaperone.sql.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import run.endive.runtime.TrapException;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.ValType;

final class GrammarInstanceTest {
  private static final GrammarModule MODULE = GrammarModule.load();

  @Test
  void theStackPointerTrapsBelowTheStack() {
    long top = 34_515_008;
    var pointer = new StackPointer(top, ValType.I32, MutabilityType.Var);
    pointer.setValue(top - StackPointer.STACK_BYTES);
    assertThat(pointer.getValue()).isEqualTo(top - StackPointer.STACK_BYTES);
    assertThatThrownBy(() -> pointer.setValue(top - StackPointer.STACK_BYTES - 1))
        .isInstanceOf(TrapException.class);
  }

  /** The stack begins where the constants end, or the guard would be at the wrong place. */
  @Test
  void theConstantsEndJustBelowTheStack() {
    var image = java.nio.ByteBuffer.wrap(GrammarModule.resource("memory.bin"));
    int end = image.getInt() + image.remaining();
    long top =
        MODULE.module().globalSection().getGlobal(0).initInstructions().getFirst().operand(0);
    assertThat(top - StackPointer.STACK_BYTES).isBetween((long) end, end + 8192L);
  }

  @Test
  void anOverflowOfTheThreadsStackIsAFault() throws InterruptedException {
    var instance = MODULE.instantiate();
    byte[] deep = ("SELECT " + "NOT ".repeat(9000) + "true").getBytes(StandardCharsets.UTF_8);
    var caught = new Throwable[1];
    var small =
        new Thread(
            null,
            () -> {
              try {
                instance.parse(deep);
              } catch (GrammarFault e) {
                caught[0] = e;
              }
            },
            "small-stack",
            512 << 10);
    small.start();
    small.join();
    assertThat(caught[0]).isInstanceOf(GrammarFault.class).hasMessage("the parser trapped");
  }

  @Test
  void memoryThatRunsOutIsAFaultOrAnError() {
    var instance = MODULE.instantiate();
    var text = new StringBuilder("INSERT INTO t VALUES ");
    while (text.length() < 8 << 20) {
      text.append("(1,'abcdefghijklmnopqrstuvwxyz',now()),");
    }
    byte[] sql = text.append("(1)").toString().getBytes(StandardCharsets.UTF_8);
    try {
      assertThat(instance.parse(sql)).isInstanceOf(ParseResult.Refusal.class);
    } catch (GrammarFault e) {
      assertThat(e).hasMessageContaining("the parser");
    }
  }

  @Test
  void manyErrorsLeaveNoMemoryBehind() {
    var instance = MODULE.instantiate();
    for (int i = 0; i < 20_000; i++) {
      byte[] wrong = ("SELECT " + i + " FROM FROM t").getBytes(StandardCharsets.UTF_8);
      assertThat(instance.parse(wrong)).isInstanceOf(ParseResult.Refusal.class);
    }
    assertThat(instance.bloated()).isFalse();
  }
}
