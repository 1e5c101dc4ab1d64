package dev.chaperone.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All measurements of a run, and their tables in Markdown. */
final class Report {
  private record Load(Workload workload, int clients) {}

  private final Map<Load, Map<String, List<Sample>>> samples = new LinkedHashMap<>();

  void add(Workload workload, int clients, String way, Sample sample) {
    samples
        .computeIfAbsent(new Load(workload, clients), _ -> new LinkedHashMap<>())
        .computeIfAbsent(way, _ -> new ArrayList<>())
        .add(sample);
  }

  /**
   * Tables as in docs/benchmarks.md.
   *
   * @param ways their names in the order of the rows
   */
  String markdown(List<String> ways) {
    var text = new StringBuilder();
    Workload last = null;
    for (var entry : samples.entrySet()) {
      var load = entry.getKey();
      if (load.workload() != last) {
        last = load.workload();
        text.append("\n### ").append(last.title()).append("\n\n").append(HEAD);
      }
      for (var way : ways) {
        var measured = entry.getValue().get(way);
        if (measured != null) {
          row(text, load, way, measured, entry.getValue());
        }
      }
    }
    return text.toString();
  }

  private static final String HEAD =
      """
      | clients | way | tps min | median | max | x direct | x PgBouncer | latency p50 µs | CPU µs in between | CPU µs of all | RSS MiB |
      |--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
      """;

  private static void row(
      StringBuilder text,
      Load load,
      String way,
      List<Sample> measured,
      Map<String, List<Sample>> others) {
    var tps = spread(measured, Sample::perSecond);
    boolean between = !way.equals("direct");
    text.append(
        "| %d | %s | %.0f | **%.0f** | %.0f | %s | %s | %.0f | %s | %.0f | %s |%n"
            .formatted(
                load.clients(),
                way,
                tps.min(),
                tps.median(),
                tps.max(),
                ratio(measured, others.get("direct")),
                ratio(measured, others.get("PgBouncer")),
                spread(measured, Sample::medianMicros).median(),
                between ? number(spread(measured, Sample::wayCpuMicros).median()) : "",
                spread(measured, Sample::allCpuMicros).median(),
                between ? number(spread(measured, s -> s.residentBytes() / 1048576.0).max()) : ""));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static Spread spread(List<Sample> samples, ToDoubleFunction<Sample> of) {
    return Spread.of(samples.stream().map(of::applyAsDouble).toList());
  }

  /** The median of the rounds' ratios: what ran side by side is compared. */
  private static String ratio(List<Sample> measured, @Nullable List<Sample> other) {
    if (other == null || other.equals(measured)) {
      return "";
    }
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < Math.min(measured.size(), other.size()); i++) {
      ratios.add(measured.get(i).perSecond() / other.get(i).perSecond());
    }
    var spread = Spread.of(ratios);
    return String.format(
        Locale.ROOT, "%.2f (%.2f–%.2f)", spread.median(), spread.min(), spread.max());
  }
}
