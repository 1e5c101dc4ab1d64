package dev.chaperone.journal;

import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process to kill: appends with several threads, and tells on its output the position and content
 * of each entry once it is acknowledged.
 */
public final class Ledger {

  private Ledger() {}

  public static void main(String[] args) throws Exception {
    Journal journal = SegmentedJournal.open(Path.of(args[0]), Samples.settings());
    AtomicLong next = new AtomicLong(Long.parseLong(args[1]));
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        var ignored =
            threads.submit(() -> {
              while (true) {
                long number = next.getAndIncrement();
                Position position = journal.append(Samples.entry(number));
                System.out.println(position.index() + " " + number);
              }
            });
      }
    }
  }
}
