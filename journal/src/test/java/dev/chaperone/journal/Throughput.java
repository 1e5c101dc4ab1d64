package dev.chaperone.journal;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures durable entries a second of 512 bytes, next to a bare loop of write and force: {@code
 * java -cp … dev.chaperone.journal.Throughput DIRECTORY SECONDS}. No test: figures are for people.
 */
public final class Throughput {
  private static final int ENTRY = 512;

  private Throughput() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    long seconds = Long.parseLong(args[1]);
    bare(directory.resolve("bare"), seconds);
    for (int writers : new int[] {1, 8, 64, 512}) {
      journal(directory.resolve("journal-" + writers), writers, seconds);
    }
  }

  private static void bare(Path file, long seconds) throws Exception {
    Files.write(file, new byte[64 << 20]);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
      ByteBuffer record = ByteBuffer.allocateDirect(ENTRY);
      List<Long> nanos = new ArrayList<>();
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      for (long at = 0; System.nanoTime() < end; at = (at + ENTRY) % (64 << 20)) {
        long begin = System.nanoTime();
        int ignored = channel.write(record.clear(), at);
        channel.force(false);
        nanos.add(System.nanoTime() - begin);
      }
      report("bare write and force", nanos, seconds);
    }
  }

  private static void journal(Path directory, int writers, long seconds) throws Exception {
    String filler = "x".repeat(ENTRY - 70);
    Entry entry = Entry.of("content", Samples.time(0), fields -> fields.put("x", filler));
    JournalSettings settings = JournalSettings.of(Samples.ORIGIN);
    try (Journal journal = SegmentedJournal.open(directory, settings);
        var threads = Executors.newFixedThreadPool(writers)) {
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      Callable<List<Long>> writer =
          () -> {
            List<Long> nanos = new ArrayList<>();
            while (System.nanoTime() < end) {
              long begin = System.nanoTime();
              Position ignored = journal.append(entry);
              nanos.add(System.nanoTime() - begin);
            }
            return nanos;
          };
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> done : threads.invokeAll(Collections.nCopies(writers, writer))) {
        all.addAll(done.get());
      }
      report(writers + " writers, entries of " + entry.length() + " bytes", all, seconds);
    }
  }

  private static void report(String what, List<Long> nanos, long seconds) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%-42s %,9d/s  p50 %.2f ms  p99 %.2f ms  max %.1f ms%n",
        what,
        sorted.length / seconds,
        sorted[sorted.length / 2] / 1e6,
        sorted[(int) (sorted.length * 0.99)] / 1e6,
        Arrays.stream(sorted).max().orElse(0) / 1e6);
  }
}
