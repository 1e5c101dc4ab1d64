package dev.chaperone.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** {@code ./build bench}: prints progress to the error output and the report to the output. */
public final class Bench {
  private final Plan plan;
  private final Installed installed;
  private final Path repository;
  private final Report report = new Report();

  private Bench(Plan plan, Installed installed, Path repository) {
    this.plan = plan;
    this.installed = installed;
    this.repository = repository;
  }

  /** Runs in the repository's folder. Exit status: 1 something failed, 2 something is missing. */
  public static void main(String[] arguments) throws Exception {
    try {
      var plan = Plan.of(arguments);
      var folder = Files.createTempDirectory("chaperone-bench");
      try {
        new Bench(plan, Installed.find(), Path.of("").toAbsolutePath()).run(folder);
      } finally {
        remove(folder);
      }
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.err.print(Plan.USAGE);
      System.exit(2);
    } catch (IOException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(1);
    }
  }

  private void run(Path folder) throws IOException, InterruptedException {
    long began = System.nanoTime();
    var sync = Disk.syncMicros(folder);
    try (var server = Server.start();
        var pooler = PgBouncer.start(installed.pgbouncer(), server, sub(folder, "pgbouncer"));
        var gateway = Gateway.start(repository, server, sub(folder, "gateway"))) {
      var pgbench =
          new PgBench(installed.pgbench(), sub(folder, "pgbench"), server.postgres().process());
      pgbench.initialize(server.direct(), plan.scale());
      server.postgres().run(server.database(), "VACUUM ANALYZE", "CHECKPOINT");
      var ways = List.of(server.direct(), pooler.way(), gateway.way());
      warmUp(pgbench, gateway.way());
      for (int round = 0; round < plan.rounds(); round++) {
        say("round %d of %d".formatted(round + 1, plan.rounds()));
        measure(pgbench, ways, round);
      }
      System.out.print(machine(sync, gateway, began));
      System.out.print(report.markdown(ways.stream().map(Way::name).toList()));
    }
  }

  private void warmUp(PgBench pgbench, Way way) throws IOException, InterruptedException {
    for (var workload : plan.workloads()) {
      say("warming up: " + workload.title());
      pgbench.measure(way, workload, Plan.CONNECTING, plan.warmUpSeconds());
    }
  }

  private void measure(PgBench pgbench, List<Way> ways, int round)
      throws IOException, InterruptedException {
    var order = new ArrayList<>(ways);
    Collections.rotate(order, round);
    for (var workload : plan.workloads()) {
      for (int clients : plan.clientsOf(workload)) {
        for (var way : order) {
          var sample = pgbench.measure(way, workload, clients, plan.seconds());
          report.add(workload, clients, way.name(), sample);
          say(
              "  %-24s %3d clients  %-10s %7.0f tps  %6.0f us"
                  .formatted(
                      workload.title(), clients, way, sample.perSecond(), sample.medianMicros()));
        }
      }
    }
  }

  private String machine(Spread sync, Gateway gateway, long began) {
    var took = Duration.ofNanos(System.nanoTime() - began);
    return String.format(
        Locale.ROOT,
        """
        %d processors, %s %s, Java %s; %d rounds of %d s each, %d s in all.
        One write and fdatasync of 1 KiB on this disk: %.0f µs at the median (%.0f to %.0f).
        From the start of the gateway's process until it listens: %.2f s.
        """,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("java.version"),
        plan.rounds(),
        plan.seconds(),
        took.toSeconds(),
        sync.median(),
        sync.min(),
        sync.max(),
        gateway.secondsToListen());
  }

  private static Path sub(Path folder, String name) throws IOException {
    return Files.createDirectory(
        folder.resolve(name),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(Bench::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void say(String line) {
    System.err.println(line);
  }
}
