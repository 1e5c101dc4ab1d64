package dev.chaperone.benchmarks;

import java.util.List;

/** What clients do. */
enum Workload {
  PREPARED("select, prepared", "-S -M prepared"),
  SIMPLE("select, simple", "-S -M simple"),
  TPC_B("TPC-B, prepared", "-M prepared"),
  CONNECT("connect, select, leave", "-C -S -M simple");

  private final String title;
  private final String options;

  Workload(String title, String options) {
    this.title = title;
    this.options = options;
  }

  /** As the report names it. */
  String title() {
    return title;
  }

  /** The options of pgbench that make it. */
  List<String> options() {
    return List.of(options.split(" ", -1));
  }
}
