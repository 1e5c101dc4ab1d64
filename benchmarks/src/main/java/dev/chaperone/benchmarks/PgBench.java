package dev.chaperone.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs pgbench and reads what it says. */
final class PgBench {
  private static final Pattern PER_SECOND = Pattern.compile("(?m)^tps = ([0-9.]+) ");
  private static final Pattern PROCESSED =
      Pattern.compile("(?m)^number of transactions actually processed: ([0-9]+)");
  private static final Pattern FAILED =
      Pattern.compile("(?m)^number of failed transactions: ([0-9]+)");

  /** Which part of the transactions is timed one by one: writing that down costs the client. */
  private static final double TIMED = 0.1;

  /** Beyond the measurement itself: connecting may take its time. */
  private static final int PATIENCE_SECONDS = 120;

  private final Path program;
  private final Path folder;
  private final ProcessHandle server;

  /**
   * @param folder for its logs; empty
   * @param server the database server's first process
   */
  PgBench(Path program, Path folder, ProcessHandle server) {
    this.program = program;
    this.folder = folder;
    this.server = server;
  }

  /** Fills the database. */
  void initialize(Way way, int scale) throws IOException, InterruptedException {
    run(way, List.of("-i", "-q", "-s", Integer.toString(scale)), PATIENCE_SECONDS);
  }

  /** Loads a way for some seconds. */
  Sample measure(Way way, Workload workload, int clients, int seconds)
      throws IOException, InterruptedException {
    var options = new ArrayList<>(workload.options());
    options.addAll(List.of("-n", "-T", Integer.toString(seconds)));
    options.addAll(List.of("-c", "" + clients, "-j", "" + Math.min(clients, 2)));
    options.addAll(List.of("-l", "--log-prefix=" + folder.resolve("latency")));
    if (clients > 1) {
      options.add("--sampling-rate=" + TIMED);
    }
    double wayBefore = used(way).cpuSeconds();
    double allBefore = usedByAll();
    var said = run(way, options, seconds + PATIENCE_SECONDS);
    var after = used(way);
    double transactions = number(PROCESSED, said);
    if (number(FAILED, said) > 0 || transactions == 0) {
      throw new IOException("transactions failed over " + way + ":\n" + said);
    }
    return new Sample(
        number(PER_SECOND, said),
        median(),
        (after.cpuSeconds() - wayBefore) * 1e6 / transactions,
        (usedByAll() - allBefore) * 1e6 / transactions,
        after.residentBytes());
  }

  private static Usage used(Way way) throws IOException {
    var process = way.process();
    return process == null ? Usage.NOTHING : Usage.of(process.toHandle());
  }

  /** This process started all but the server; its own share is next to nothing. */
  private double usedByAll() {
    return Usage.cpuSecondsOfAll(ProcessHandle.current()) + Usage.cpuSecondsOfAll(server);
  }

  private String run(Way way, List<String> options, int seconds)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(options);
    command.add(way.connection());
    var output = folder.resolve("pgbench.out");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("PGPASSWORD", way.password());
    var process = builder.start();
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("pgbench did not end in time over " + way + ":\n" + text(output));
    }
    if (process.exitValue() != 0) {
      throw new IOException("pgbench failed over " + way + ":\n" + text(output));
    }
    return text(output);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static double number(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
  }

  /** Reads and removes the logs; the third field of a line is a transaction's microseconds. */
  private double median() throws IOException {
    var micros = new ArrayList<Double>();
    List<Path> logs;
    try (var files = Files.newDirectoryStream(folder, "latency*")) {
      logs = new ArrayList<>();
      files.forEach(logs::add);
    }
    for (var log : logs) {
      for (var line : Files.readAllLines(log)) {
        micros.add(Double.parseDouble(line.split(" ", -1)[2]));
      }
      Files.delete(log);
    }
    return micros.isEmpty() ? Double.NaN : Spread.of(micros).median();
  }
}
