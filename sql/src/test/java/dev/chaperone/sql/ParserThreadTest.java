package dev.chaperone.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.sql.grammar.GrammarInstance;
import dev.chaperone.sql.grammar.GrammarModule;
import dev.chaperone.sql.tree.TreeReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

final class ParserThreadTest {
  private static final int NUMBER = 4711;
  private static final long PATIENCE_SECONDS = 120;

  @Test
  void anAbandonedParseIsStoppedAndTheThreadServesOn()
      throws InterruptedException, ExecutionException, TimeoutException {
    var jobs = new SynchronousQueue<ParserThread.Job>();
    var thread =
        new ParserThread(
            NUMBER, jobs, GrammarModule::load, new TreeReader(), new StatementReader());
    thread.start();
    try {
      var slow = job("SELECT " + "a + ".repeat(200_000) + "a");
      assertThat(jobs.offer(slow, PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      await(ParserThreadTest::parsing);
      slow.abandon();
      assertThat(slow.answer().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isEqualTo(new Reading.Unreadable("the parser was stopped"));
      var next = job("SELECT 1");
      assertThat(jobs.offer(next, PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(next.answer().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(Reading.Understood.class);
    } finally {
      thread.close();
    }
  }

  private static ParserThread.Job job(String text) {
    return new ParserThread.Job(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the parser thread is within a parse. */
  private static boolean parsing() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().equals("sql-parser-" + NUMBER))
        .flatMap(entry -> Arrays.stream(entry.getValue()))
        .anyMatch(frame ->
            frame.getClassName().equals(GrammarInstance.class.getName())
                && frame.getMethodName().equals("parse"));
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }
}
