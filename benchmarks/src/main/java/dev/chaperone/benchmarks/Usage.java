package dev.chaperone.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used so far, as Linux tells it in {@code /proc}.
 *
 * @param cpuSeconds on all processors, by itself and the kernel for it
 * @param residentBytes the memory that it has now
 */
record Usage(double cpuSeconds, long residentBytes) {
  /** Linux shows ticks of this length, whatever the kernel's own are. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;
  private static final int CHILDREN = 2;

  static final Usage NOTHING = new Usage(0, 0);

  /** Of one process. */
  static Usage of(ProcessHandle process) throws IOException {
    var folder = Path.of("/proc", Long.toString(process.pid()));
    var fields = afterName(Files.readString(folder.resolve("stat")));
    return new Usage(
        ticks(fields, USER_TICKS) + ticks(fields, SYSTEM_TICKS),
        resident(Files.readString(folder.resolve("status"))));
  }

  /** Of a process and all that it started, those that have ended included; processor time alone. */
  static double cpuSecondsOfAll(ProcessHandle root) {
    double sum = 0;
    try {
      var fields = afterName(Files.readString(Path.of("/proc", root.pid() + "", "stat")));
      sum += ticks(fields, USER_TICKS) + ticks(fields, SYSTEM_TICKS);
      sum += ticks(fields, USER_TICKS + CHILDREN) + ticks(fields, SYSTEM_TICKS + CHILDREN);
    } catch (IOException e) {
      return 0; // it has ended, and its time is its parent's
    }
    for (var child : root.children().toList()) {
      sum += cpuSecondsOfAll(child);
    }
    return sum;
  }

  /** The fields of {@code stat} from the state on; the name before may hold anything. */
  private static String[] afterName(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static double ticks(String[] fields, int at) {
    return Long.parseLong(fields[at]) / TICKS_PER_SECOND;
  }

  private static long resident(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElse(0);
  }
}
