package dev.chaperone.core.gate;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.core.target.Target;
import dev.chaperone.journal.Position;
import dev.chaperone.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One admitted command while it runs: what it may show and what the client has seen of it. All but
 * {@link #command}, {@link #masking} and {@link #isClosed} belongs to one thread at a time.
 */
public final class Run implements Admitted {
  /** The most output that is kept of one command, whatever the target allows: it is in memory. */
  static final long MAX_OUTPUT_BYTES = 64L << 20;

  private final String id;
  private final Command command;
  private final Masking masking;
  private final List<String> rules;
  private final Position recorded;
  private final long startedNanos = System.nanoTime();
  private final long outputLimit;
  private final MessageDigest digest = sha256();
  private final Input input;
  private final StringBuilder output = new StringBuilder();
  private final Set<String> maskedColumns = new TreeSet<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private boolean outputTruncated;
  private long outputBytes;
  private long bytes;
  private long rows;

  Run(
      String id,
      Command command,
      Masking masking,
      List<String> rules,
      Position recorded,
      Target.Recording record) {
    this.id = id;
    this.command = command;
    this.masking = masking;
    this.rules = List.copyOf(rules);
    this.recorded = recorded;
    this.outputLimit = Math.min(record.outputBytes(), MAX_OUTPUT_BYTES);
    this.input = new Input(record.inputBytes());
  }

  /** The command's id in the record. */
  public String id() {
    return id;
  }

  /** What was decided. */
  public Command command() {
    return command;
  }

  /** What its response must be masked by. */
  public Masking masking() {
    return masking;
  }

  /** The rules that allowed it. */
  public List<String> rules() {
    return rules;
  }

  @Override
  public Position recorded() {
    return recorded;
  }

  /** Whether its outcome is recorded; nothing may be added any more. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Counts a row that the client will see. */
  public void countRow() {
    rows++;
  }

  /** Counts so many rows at once. */
  public void countRows(long more) {
    rows += more;
  }

  /** How many rows the client has been shown. */
  public long rows() {
    return rows;
  }

  /** Whether more output would still be kept. */
  public boolean keepsOutput() {
    return !outputTruncated && outputLimit > 0;
  }

  /**
   * Keeps one line of what the client sees, already masked, up to the target's limit; a line that
   * does not fit is left out, and so is everything after it.
   *
   * @param line one JSON value, without a line end
   */
  public void keepOutput(String line) {
    if (!keepsOutput()) {
      return;
    }
    long size = line.getBytes(StandardCharsets.UTF_8).length + 1L;
    if (outputBytes + size > outputLimit) {
      outputTruncated = true;
      return;
    }
    outputBytes += size;
    output.append(line).append('\n');
  }

  /** Says that output exists that was not kept. */
  public void outputNotKept() {
    outputTruncated = true;
  }

  /** Names a column whose values were masked, for the record. */
  public void maskedColumn(String column) {
    maskedColumns.add(column);
  }

  void seen(byte[] array, int offset, int length) {
    digest.update(array, offset, length);
    bytes += length;
  }

  /** Takes content on its way to the resource; false when the command has ended. Any thread. */
  boolean takes(Frames content) {
    return input.add(content);
  }

  boolean close() {
    return closed.compareAndSet(false, true);
  }

  Seen seen() {
    return new Seen(
        rows,
        bytes,
        digest.digest(),
        output.toString(),
        outputTruncated,
        List.copyOf(maskedColumns),
        input.end(),
        (System.nanoTime() - startedNanos) / 1_000);
  }

  /** What the client saw of a command, at its end. */
  @SuppressWarnings("ArrayRecordComponent") // package-private carrier, compared by nobody
  record Seen(
      long rows,
      long bytes,
      byte[] digest,
      String output,
      boolean outputTruncated,
      List<String> maskedColumns,
      Input.Taken input,
      long micros) {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
