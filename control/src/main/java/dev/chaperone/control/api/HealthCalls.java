package dev.chaperone.control.api;

import dev.chaperone.control.record.EntryJson;
import io.helidon.http.Method;

/** {@code /health}: whether the node runs, and whether it admits anything. For everyone. */
final class HealthCalls {
  private final ControlPlane plane;

  HealthCalls(ControlPlane plane) {
    this.plane = plane;
  }

  void addTo(Router router, String base) {
    router
        .on(Method.GET, base + "/health/live", _ -> status("live"))
        .on(Method.GET, base + "/health/ready", _ -> ready());
  }

  /** A state file that lags behind stops no command, so the node stays ready and says so. */
  private Answer ready() throws Problem {
    var journal = plane.journal().failure();
    if (journal.isPresent()) {
      throw Problem.unavailable("journal-unavailable", journal.get());
    }
    if (plane.sessions().isStopping()) {
      throw Problem.unavailable("stopping", "the gateway is stopping and admits nobody any more");
    }
    var projection = plane.projection().failure();
    if (projection.isPresent()) {
      return Answer.json(EntryJson.object().put("status", "degraded").put("why", projection.get()));
    }
    return status("ready");
  }

  private static Answer status(String word) {
    return Answer.json(EntryJson.object().put("status", word));
  }
}
