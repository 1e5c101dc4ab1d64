package dev.chaperone.control.api;

import dev.chaperone.control.record.EntryJson;
import dev.chaperone.journal.JournalUnavailableException;
import io.helidon.http.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code /log/}: the logs as C2SP tlog-tiles has them. Checkpoints and hashes are for everyone;
 * entry bundles are for auditors, and reading one is an entry.
 */
final class LogCalls {
  /** The files of a log that are served, and nothing else. */
  private static final String FILE =
      "(?<file>checkpoint|tile/(?:entries|[0-9]|[1-5][0-9]|6[0-3])"
          + "/(?:x[0-9]{3}/)*[0-9]{3}(?:\\.p/[0-9]{1,3})?)";

  /** A bundle has 256 entries of at most 65,535 bytes and their lengths. */
  private static final long MAX_FILE = 256L * (65_535 + 2);

  private final ControlPlane plane;
  private final Authentication authentication;
  private final LogReads reads;

  LogCalls(ControlPlane plane, Authentication authentication) {
    this.plane = plane;
    this.authentication = authentication;
    this.reads = new LogReads(plane);
  }

  void addTo(Router router) {
    router.on(Method.GET, "/log", this::logs);
    for (var log : plane.logs()) {
      router.on(
          Method.GET, "/log/" + Pattern.quote(log.origin()) + "/" + FILE, call -> file(log, call));
    }
  }

  private Answer logs(Call call) throws Problem {
    call.only();
    var json = EntryJson.object();
    var items = json.putArray("items");
    for (var log : plane.logs()) {
      items.addObject().put("origin", log.origin()).put("key", log.key());
    }
    return Answer.json(json);
  }

  private Answer file(ControlPlane.PublishedLog log, Call call)
      throws Problem, IOException, InterruptedException, JournalUnavailableException {
    call.only();
    var name = call.part("file");
    boolean bundle = name.startsWith("tile/entries/");
    var caller = bundle ? authentication.caller(call) : null;
    if (caller != null && !caller.auditor()) {
      throw Problem.notFound();
    }
    var path = log.directory().resolve(name);
    byte[] content;
    try {
      if (!Files.isRegularFile(path) || Files.size(path) > MAX_FILE) {
        throw Problem.notFound();
      }
      content = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      // A partial tile goes when the full one stands.
      throw Problem.notFound();
    }
    if (caller != null) {
      reads.record(caller, "entries", fields -> fields.put("log", log.origin()).put("file", name));
    }
    if (name.equals("checkpoint")) {
      return new Answer(200, "text/plain; charset=utf-8", content, Map.of());
    }
    return new Answer(200, "application/octet-stream", content, bundle ? Map.of() : FOR_EVER);
  }

  /** A tile never changes. */
  private static final Map<String, String> FOR_EVER =
      Map.of("Cache-Control", "public, max-age=31536000, immutable");
}
