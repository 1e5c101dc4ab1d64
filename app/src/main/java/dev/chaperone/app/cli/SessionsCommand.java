package dev.chaperone.app.cli;

import dev.chaperone.control.client.Replay;
import dev.chaperone.control.client.SessionText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code chaperone sessions}: what was recorded, and what is open. */
@Command(
    name = "sessions",
    description = "Look at sessions, replay them, end them.",
    synopsisSubcommandLabel = "COMMAND")
public final class SessionsCommand {
  private static final String ID = "ID";
  private static final int REPLAYED = 100_000;

  @Command(name = "list", description = "List sessions, the newest first.")
  int list(
      @Mixin ServerOptions server,
      @Option(names = "--identity", paramLabel = "SUBJECT", description = "Whose.")
          @Nullable String identity,
      @Option(names = "--target", paramLabel = "NAME", description = "On which target.")
          @Nullable String target,
      @Option(names = "--state", paramLabel = "STATE", description = "open or ended.")
          @Nullable String state,
      @Option(names = "--since", paramLabel = "TIME", description = "Begun since, RFC 3339.")
          @Nullable String since,
      @Option(names = "--until", paramLabel = "TIME", description = "Begun before, RFC 3339.")
          @Nullable String until,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "How many; ${DEFAULT-VALUE} unless said otherwise.")
          int limit)
      throws CommandFailedException, InterruptedException {
    var filter = new LinkedHashMap<String, String>();
    put(filter, "identity", identity);
    put(filter, "target", target);
    put(filter, "state", state);
    put(filter, "since", since);
    put(filter, "until", until);
    server.print(client -> client.sessions(filter, limit), SessionText::list);
    return ExitStatus.DONE;
  }

  @Command(name = "show", description = "Show one session.")
  int show(@Mixin ServerOptions server, @Parameters(paramLabel = ID) String id)
      throws CommandFailedException, InterruptedException {
    server.print(client -> client.session(id), SessionText::show);
    return ExitStatus.DONE;
  }

  @Command(name = "replay", description = "Show a session as it happened.")
  int replay(@Mixin ServerOptions server, @Parameters(paramLabel = ID) String id)
      throws CommandFailedException, InterruptedException {
    server.print(
        client -> {
          var whole = JsonNodeFactory.instance.objectNode();
          whole.set("session", client.session(id));
          whole.set("commands", client.commands(id, REPLAYED));
          return whole;
        },
        SessionsCommand::replayed);
    return ExitStatus.DONE;
  }

  private static String replayed(JsonNode whole) {
    return Replay.text(whole.path("session"), whole.path("commands"));
  }

  @Command(
      name = "kill",
      description = "End an open session; what runs on the target is cancelled.")
  int kill(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = ID) String id,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "For the record.")
          String reason)
      throws CommandFailedException, InterruptedException {
    server.print(client -> client.kill(id, reason), answer -> "session " + id + " is ending\n");
    return ExitStatus.DONE;
  }

  private static void put(Map<String, String> filter, String name, @Nullable String value) {
    if (value != null) {
      filter.put(name, value);
    }
  }
}
