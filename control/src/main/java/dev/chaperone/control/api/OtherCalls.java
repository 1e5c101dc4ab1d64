package dev.chaperone.control.api;

import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.target.Target;
import dev.chaperone.journal.JournalUnavailableException;
import io.helidon.http.Method;
import java.util.Comparator;
import java.util.List;

/** {@code /whoami}, {@code /targets}, {@code /reload} and the page a review's address leads to. */
final class OtherCalls {
  private final ControlPlane plane;
  private final Authentication authentication;

  OtherCalls(ControlPlane plane, Authentication authentication) {
    this.plane = plane;
    this.authentication = authentication;
  }

  void addTo(Router router, String base) {
    router
        .on(Method.GET, base + "/whoami", this::whoami)
        .on(Method.GET, base + "/targets", this::targets)
        .on(Method.POST, base + "/reload", this::reload)
        .on(Method.GET, "/reviews/" + ReviewCalls.ID, OtherCalls::page);
  }

  private Answer whoami(Call call)
      throws Problem, JournalUnavailableException, InterruptedException {
    var caller = authentication.caller(call);
    call.only();
    var json = EntryJson.object();
    var identity = caller.identity();
    json.set("identity", Shown.identity(identity));
    var roles = json.putArray("roles");
    if (caller.administrator()) {
      roles.add("administrator");
    }
    if (caller.auditor()) {
      roles.add("auditor");
    }
    json.put("mayReview", caller.signedIn().mayReview())
        .put("authenticated", identity.credential().authenticated().toString())
        .put("expires", identity.credential().expires().toString())
        .putNull("csrf");
    return Answer.json(json);
  }

  private Answer targets(Call call)
      throws Problem, JournalUnavailableException, InterruptedException {
    var caller = authentication.caller(call);
    call.only();
    var json = EntryJson.object();
    var items = json.putArray("items");
    plane.snapshots().get().targets().values().stream()
        .sorted(Comparator.comparing(Target::name))
        .forEach(target -> {
          var item =
              items
                  .addObject()
                  .put("name", target.name())
                  .put("protocol", target.protocol())
                  .put("database", target.database());
          Shown.array(item, "databases", target.databases());
          Shown.array(item, "logins", target.logins().keySet().stream().sorted().toList());
          var labels = item.putObject("labels");
          target.labels().forEach(labels::put);
          if (caller.administrator()) {
            item.put("address", target.host() + ":" + target.port());
          }
        });
    return Answer.json(json);
  }

  private Answer reload(Call call)
      throws Problem, JournalUnavailableException, InterruptedException {
    var caller = authentication.caller(call);
    call.only();
    if (!caller.administrator()) {
      throw Problem.notFound();
    }
    try {
      plane.reload().reload(caller.identity().toString());
    } catch (ControlPlane.Reload.RefusedException e) {
      throw Problem.invalidConfiguration(String.valueOf(e.getMessage()));
    }
    return Answer.json(202, EntryJson.object().put("state", "reloaded"));
  }

  /** The same for every id, so that it tells nobody whether there is such a review. */
  private static Answer page(Call call) {
    var id = call.part("id");
    var lines =
        List.of(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">",
            "<title>A review</title></head><body><h1>A review</h1>",
            "<p>Look at it and decide it at the command line, signed in as yourself:</p><pre>",
            "chaperone reviews show " + id,
            "chaperone reviews grant " + id + " --reason \"…\"",
            "chaperone reviews refuse " + id + " --reason \"…\"",
            "</pre></body></html>",
            "");
    return Answer.text("text/html; charset=utf-8", String.join("\n", lines));
  }
}
