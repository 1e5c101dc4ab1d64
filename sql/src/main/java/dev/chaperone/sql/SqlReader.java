package dev.chaperone.sql;

import dev.chaperone.sql.grammar.GrammarModule;
import dev.chaperone.sql.tree.TreeReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts of SQL. Safe for use by any number of threads; owns a few parser threads, so whoever
 * made it closes it.
 *
 * <p>The text is read as UTF-8 and under {@code standard_conforming_strings=on}, {@code
 * backslash_quote=safe_encoding}: the caller makes sure that the server does the same.
 */
public final class SqlReader implements AutoCloseable {
  private final SqlLimits limits;
  private final ReadingCache cache;
  private final SynchronousQueue<ParserThread.Job> jobs = new SynchronousQueue<>(true);
  private final List<ParserThread> threads;
  private volatile boolean closed;

  /**
   * Starts the parser threads. Texts may be given at once; the first wait until the grammar is
   * loaded.
   */
  public SqlReader(SqlLimits limits) {
    this.limits = limits;
    cache = new ReadingCache(limits.cacheEntries(), limits.cacheBytes());
    var grammar = new CompletableFuture<GrammarModule>();
    var trees = new TreeReader();
    var statements = new StatementReader();
    threads =
        IntStream.range(0, limits.parsers())
            .mapToObj(i -> new ParserThread(i, jobs, grammar::join, trees, statements))
            .toList();
    grammar.completeAsync(GrammarModule::load, task -> new Thread(task, "sql-grammar").start());
    threads.forEach(ParserThread::start);
  }

  /**
   * Reads a text of any number of statements. Blocks until it is read, at most for the limits' wait
   * and time. Total: a text that cannot be read is an answer, not an exception. An interrupt of the
   * caller ends the wait, is kept, and makes the text unreadable.
   */
  public Reading read(String text) {
    var known = cache.get(text);
    if (known != null) {
      return known;
    }
    if (text.length() > limits.maxBytes()) {
      return tooLarge();
    }
    if (text.indexOf('\0') >= 0) {
      return new Reading.Unreadable("the text has a NUL character");
    }
    byte[] bytes = utf8(text);
    if (bytes == null) {
      return new Reading.Unreadable("the text has half of a surrogate pair, which is not UTF-8");
    }
    if (bytes.length > limits.maxBytes()) {
      return tooLarge();
    }
    var reading = parse(bytes);
    if (!(reading instanceof Reading.Unreadable)) {
      cache.put(text, bytes.length, reading);
    }
    return reading;
  }

  private Reading parse(byte[] text) {
    var job = new ParserThread.Job(text);
    try {
      if (closed || !jobs.offer(job, limits.maxWait().toNanos(), TimeUnit.NANOSECONDS)) {
        return new Reading.Unreadable(
            closed ? "the reader is closed" : "no parser was free in " + limits.maxWait());
      }
      return job.answer().get(limits.maxTime().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      job.abandon();
      return new Reading.Unreadable("the text took longer than " + limits.maxTime() + " to read");
    } catch (InterruptedException e) {
      job.abandon();
      Thread.currentThread().interrupt();
      return new Reading.Unreadable("the wait for the reading was interrupted");
    } catch (ExecutionException e) {
      return new Reading.Unreadable("the reader failed: " + e.getCause());
    }
  }

  private Reading tooLarge() {
    return new Reading.Unreadable("the text is larger than " + limits.maxBytes() + " bytes");
  }

  private static byte @Nullable [] utf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Ends the parser threads; texts being read become unreadable. */
  @Override
  public void close() {
    closed = true;
    threads.forEach(ParserThread::close);
  }
}
