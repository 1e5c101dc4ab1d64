package dev.chaperone.journal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentDecoderTest {
  @TempDir Path directory;

  @Test
  void aRecordOfAnotherSegmentDoesNotParse() {
    SegmentHeader header = SegmentHeader.create(0);
    SegmentHeader recycled = SegmentHeader.create(0);
    byte[] bytes = new byte[100];
    new RecordCodec(header).encode(7, 5, new byte[50], ByteBuffer.wrap(bytes));
    RecordCodec.Decoded decoded =
        Objects.requireNonNull(new RecordCodec(header).decode(bytes, 0, 100));
    assertThat(decoded.index()).isEqualTo(7);
    assertThat(decoded.batch()).isEqualTo(5);
    assertThat(new RecordCodec(recycled).decode(bytes, 0, 100)).isNull();
  }

  @Test
  void aHeaderIsReadBackAndNoChangeOfItIs() {
    SegmentHeader header = SegmentHeader.create(4711);
    byte[] bytes = header.encode();
    assertThat(SegmentHeader.decode(bytes).map(SegmentHeader::first)).contains(4711L);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(SegmentHeader.decode(bytes)).as("bit " + bit).isEmpty();
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    }
    assertThat(SegmentHeader.decode(new byte[10])).isEmpty();
  }

  /** Whatever a crash or a bad disk made of a segment: a prefix of the log, or a refusal. */
  @Test
  void anyBytesAreAPrefixOfTheLogOrRefused() throws IOException {
    long seed = 17;
    Random random = new Random(seed);
    Path segments = Files.createDirectories(directory.resolve("segments"));
    Path scratch = Files.createDirectories(directory.resolve("tmp"));
    List<byte[]> entries = write(segments, scratch, random);
    Path file = SegmentRecovery.files(segments).getFirst();
    byte[] sound = Files.readAllBytes(file);
    int cut = 0;
    int refused = 0;
    for (int round = 0; round < 300; round++) {
      byte[] bytes = mutate(sound.clone(), random);
      Files.write(file, bytes);
      try (SegmentLog log = SegmentLog.open(Disk.local(), segments, scratch, 1 << 15)) {
        String as = "seed " + seed + ", round " + round;
        assertThat(log.size()).as(as).isLessThanOrEqualTo(entries.size());
        log.forEach(
            0,
            log.size(),
            (index, entry) -> assertThat(entry).as(as).isEqualTo(entries.get((int) index)));
        cut += log.size() < entries.size() ? 1 : 0;
      } catch (DamagedLogException e) {
        assertThat(e).hasMessageContaining(file.toString());
        refused++;
      }
    }
    assertThat(cut).as("torn tails").isPositive();
    assertThat(refused).as("damage").isPositive();
  }

  private static List<byte[]> write(Path segments, Path scratch, Random random) throws IOException {
    List<byte[]> entries = new ArrayList<>();
    try (SegmentLog log = SegmentLog.open(Disk.local(), segments, scratch, 1 << 15)) {
      for (int batch = 0; batch < 5; batch++) {
        List<byte[]> together = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
          byte[] entry = new byte[2 + random.nextInt(200)];
          random.nextBytes(entry);
          together.add(entry);
        }
        log.append(together);
        entries.addAll(together);
      }
    }
    return entries;
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    int used = 64 + 100 * 125;
    switch (random.nextInt(4)) {
      case 0 -> bytes[random.nextInt(used)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> {
        int from = random.nextInt(used);
        Arrays.fill(bytes, from, Math.min(bytes.length, from + random.nextInt(2000)), (byte) 0);
      }
      case 2 -> {
        byte[] noise = new byte[random.nextInt(500)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, random.nextInt(used), noise.length);
      }
      default -> {
        int length = random.nextInt(2000);
        System.arraycopy(bytes, random.nextInt(used - 2000), bytes, random.nextInt(used), length);
      }
    }
    return bytes;
  }
}
