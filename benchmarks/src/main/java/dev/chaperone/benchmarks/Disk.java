package dev.chaperone.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;

/** What the disk costs by itself: the yardstick for one durable command. */
final class Disk {
  private static final int RECORD_BYTES = 1_024;
  private static final int RECORDS = 500;

  private Disk() {}

  /** Microseconds of one write and {@code fdatasync} of a kibibyte in a file that is there. */
  static Spread syncMicros(Path folder) throws IOException {
    var file = folder.resolve("sync.bin");
    var micros = new ArrayList<Double>();
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(RECORD_BYTES * RECORDS), 0);
      channel.force(true);
      for (int i = 0; i < RECORDS; i++) {
        long began = System.nanoTime();
        channel.write(ByteBuffer.allocate(RECORD_BYTES), (long) i * RECORD_BYTES);
        channel.force(false);
        micros.add((System.nanoTime() - began) / 1e3);
      }
    }
    Files.delete(file);
    return Spread.of(micros);
  }
}
