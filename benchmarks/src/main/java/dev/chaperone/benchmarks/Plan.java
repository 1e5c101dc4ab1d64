package dev.chaperone.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is measured, and for how long.
 *
 * @param rounds how often everything is repeated, the order rotated
 * @param seconds how long each measurement lasts
 * @param warmUpSeconds how long the gateway is warmed up by each workload before anything counts
 * @param scale pgbench's scale factor: so many times 100,000 accounts
 * @param clients numbers of clients
 * @param workloads what they do
 */
record Plan(
    int rounds,
    int seconds,
    int warmUpSeconds,
    int scale,
    List<Integer> clients,
    List<Workload> workloads) {

  /** How many clients connect and leave, whatever the numbers of clients are. */
  static final int CONNECTING = 8;

  static final String USAGE =
      """
      usage: ./build bench [--quick] [--rounds N] [--seconds N] [--clients N,N…]
                           [--workloads prepared,simple,tpc-b,connect]
      """;

  private static final Plan DEFAULT =
      new Plan(3, 3, 8, 20, List.of(1, 8, 32, 100), List.of(Workload.values()));

  private static final Plan QUICK =
      new Plan(2, 2, 5, 5, List.of(1, 8, 32), List.of(Workload.PREPARED, Workload.CONNECT));

  Plan {
    clients = List.copyOf(clients);
    workloads = List.copyOf(workloads);
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static Plan of(String... arguments) {
    var plan = List.of(arguments).contains("--quick") ? QUICK : DEFAULT;
    for (int i = 0; i < arguments.length; i++) {
      var option = arguments[i];
      if (option.equals("--quick")) {
        continue;
      }
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException("`" + option + "` is unknown or lacks its value");
      }
      plan = plan.with(option, arguments[++i]);
    }
    return plan;
  }

  private Plan with(String option, String value) {
    return switch (option) {
      case "--rounds" -> new Plan(number(value), seconds, warmUpSeconds, scale, clients, workloads);
      case "--seconds" -> new Plan(rounds, number(value), warmUpSeconds, scale, clients, workloads);
      case "--clients" -> {
        var numbers = new ArrayList<Integer>();
        for (var one : value.split(",", -1)) {
          numbers.add(number(one));
        }
        yield new Plan(rounds, seconds, warmUpSeconds, scale, numbers, workloads);
      }
      case "--workloads" -> {
        var chosen = new ArrayList<Workload>();
        for (var one : value.split(",", -1)) {
          chosen.add(Workload.valueOf(one.toUpperCase(Locale.ROOT).replace('-', '_')));
        }
        yield new Plan(rounds, seconds, warmUpSeconds, scale, clients, chosen);
      }
      default -> throw new IllegalArgumentException("there is no option `" + option + "`");
    };
  }

  private static int number(String text) {
    int number;
    try {
      number = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("`" + text + "` is no number", e);
    }
    if (number < 1 || number > 1_000) {
      throw new IllegalArgumentException("`" + text + "` is not from 1 to 1000");
    }
    return number;
  }

  /** The numbers of clients for a workload. */
  List<Integer> clientsOf(Workload workload) {
    return workload == Workload.CONNECT ? List.of(CONNECTING) : clients;
  }
}
