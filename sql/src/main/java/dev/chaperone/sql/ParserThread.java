package dev.chaperone.sql;

import dev.chaperone.sql.grammar.GrammarFault;
import dev.chaperone.sql.grammar.GrammarInstance;
import dev.chaperone.sql.grammar.GrammarModule;
import dev.chaperone.sql.grammar.ParseResult;
import dev.chaperone.sql.tree.TreeReader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread with a parser of its own, one text at a time. The parser is made anew after any failure,
 * and when it has grown.
 */
final class ParserThread {
  /**
   * A thousand nested expressions overflow the usual stack; ten thousand, which the grammar allows,
   * need this.
   */
  private static final long STACK_BYTES = 64L << 20;

  /** A text to read, and where the answer goes. */
  static final class Job {
    private final byte[] text;
    private final CompletableFuture<Reading> answer = new CompletableFuture<>();
    private @Nullable Thread reader;
    private boolean over;

    Job(byte[] text) {
      this.text = text;
    }

    CompletableFuture<Reading> answer() {
      return answer;
    }

    private synchronized boolean begin() {
      if (!over) {
        reader = Thread.currentThread();
      }
      return !over;
    }

    /** After this {@link #abandon} does not interrupt any more. */
    private synchronized void end() {
      reader = null;
      over = true;
    }

    /** Stops the parser that reads this text, if one does. */
    synchronized void abandon() {
      over = true;
      if (reader != null) {
        reader.interrupt();
      }
    }
  }

  private final BlockingQueue<Job> jobs;
  private final Supplier<GrammarModule> grammar;
  private final TreeReader trees;
  private final StatementReader statements;
  private final Thread thread;
  private @Nullable GrammarInstance parser;
  private volatile boolean closed;

  ParserThread(
      int number,
      BlockingQueue<Job> jobs,
      Supplier<GrammarModule> grammar,
      TreeReader trees,
      StatementReader statements) {
    this.jobs = jobs;
    this.grammar = grammar;
    this.trees = trees;
    this.statements = statements;
    thread = new Thread(null, this::run, "sql-parser-" + number, STACK_BYTES);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends the thread; a text that it reads becomes unreadable. */
  void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    warmUp();
    while (!closed) {
      try {
        serve(jobs.take());
      } catch (InterruptedException e) {
        // Closed; or a job was abandoned just as it ended, which no longer matters.
      }
    }
  }

  /** Makes the parser before the first text, which else would wait for it. */
  private void warmUp() {
    try {
      parser();
    } catch (RuntimeException e) {
      // The first text tries again, and is told why it fails.
      parser = null;
    }
  }

  private void serve(Job job) {
    if (!job.begin()) {
      return;
    }
    Reading reading;
    try {
      reading = read(job.text);
    } catch (GrammarFault e) {
      parser = null;
      reading = new Reading.Unreadable(String.valueOf(e.getMessage()));
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      parser = null;
      reading = new Reading.Unreadable("the reader failed: " + e.getClass().getSimpleName());
    }
    job.end();
    // An interrupt for this job must not hit the next one.
    Thread.interrupted();
    job.answer.complete(reading);
  }

  private Reading read(byte[] text) {
    var used = parser();
    Reading reading =
        switch (used.parse(text)) {
          case ParseResult.Refusal refusal ->
              new Reading.SyntaxError(refusal.message(), refusal.position());
          case ParseResult.Tree tree ->
              new Reading.Understood(statements.read(text, trees.read(tree.json())));
        };
    if (used.bloated()) {
      parser = null;
    }
    return reading;
  }

  private GrammarInstance parser() {
    var current = parser;
    if (current == null) {
      current = grammar.get().instantiate();
      parser = current;
    }
    return current;
  }
}
