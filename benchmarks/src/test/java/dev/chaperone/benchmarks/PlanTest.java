package dev.chaperone.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  @Test
  void whatIsNotNamedStaysAsItWas() {
    var plan = Plan.of("--quick", "--clients", "8,32", "--workloads", "tpc-b,simple");

    assertThat(plan.rounds()).isEqualTo(Plan.of("--quick").rounds());
    assertThat(plan.clients()).containsExactly(8, 32);
    assertThat(plan.workloads()).containsExactly(Workload.TPC_B, Workload.SIMPLE);
  }

  @Test
  void wrongWordsAreNamed() {
    assertThatThrownBy(() -> Plan.of("--round", "2")).hasMessageContaining("--round");
    assertThatThrownBy(() -> Plan.of("--rounds")).hasMessageContaining("--rounds");
    assertThatThrownBy(() -> Plan.of("--rounds", "0")).hasMessageContaining("0");
    assertThatThrownBy(() -> Plan.of("--clients", "8,x")).hasMessageContaining("x");
    assertThatThrownBy(() -> Plan.of("--workloads", "fast")).hasMessageContaining("FAST");
  }

  @Test
  void theMiddleIsTheMedian() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(1, 2, 3));
    assertThat(Spread.of(List.of(4.0, 1.0))).isEqualTo(new Spread(1, 2.5, 4));
  }

  @Test
  void roundsAreComparedWithWhatRanBesideThem() {
    var report = new Report();
    for (int round = 1; round <= 3; round++) {
      for (var way : List.of("direct", "PgBouncer", "Chaperone")) {
        double share = way.equals("direct") ? 4 : way.equals("PgBouncer") ? 2 : 1;
        report.add(Workload.SIMPLE, 8, way, new Sample(1_000 * round * share, 50, 10, 20, 1 << 20));
      }
    }

    assertThat(report.markdown(List.of("direct", "PgBouncer", "Chaperone")))
        .contains("### select, simple")
        .contains("| 8 | Chaperone | 1000 | **2000** | 3000 | 0.25 (0.25–0.25) | 0.50 (0.50–0.50)");
  }
}
