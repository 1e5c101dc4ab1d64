package dev.chaperone.app.cli;

import dev.chaperone.control.client.ApiClient;
import dev.chaperone.control.client.ApiException;
import dev.chaperone.control.client.Authorities;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/**
 * How a client command reaches a gateway, and how it prints. The token comes from the environment
 * alone, since other users of a machine can read a process's arguments.
 */
public final class ServerOptions {
  static final String SERVER = "CHAPERONE_SERVER";
  static final String TOKEN = "CHAPERONE_TOKEN";
  static final String AUTHORITY = "CHAPERONE_CA";

  private final UnaryOperator<@Nullable String> environment;
  private CommandSpec spec = CommandSpec.create();
  private @Nullable String server;
  private @Nullable Path authority;
  private boolean json;

  /** The environment's variables by name. */
  public ServerOptions(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  @Spec(Spec.Target.MIXEE)
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Option(
      names = "--server",
      paramLabel = "ADDRESS",
      description = "The gateway's address, https://host:port; left out, $CHAPERONE_SERVER.")
  void server(String value) {
    this.server = value;
  }

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Whom to trust; left out, $CHAPERONE_CA, else the machine's authorities.")
  void authority(Path value) {
    this.authority = value;
  }

  @Option(names = "--json", description = "Print one JSON document.")
  void json(boolean asked) {
    this.json = asked;
  }

  /** One call, or several, of the gateway's API. */
  interface Call {
    JsonNode ask(ApiClient client) throws ApiException, InterruptedException;
  }

  /**
   * Makes the call and prints its answer: as it is with {@code --json}, else as {@code people}
   * tells it. Returns the answer.
   *
   * @throws CommandFailedException when the gateway cannot be reached or refuses
   */
  JsonNode print(Call call, Function<JsonNode, String> people)
      throws CommandFailedException, InterruptedException {
    var answer = ask(call);
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(answer.toPrettyString());
    } else {
      out.print(people.apply(answer));
      out.flush();
    }
    return answer;
  }

  /** Makes the call, and prints nothing. */
  JsonNode ask(Call call) throws CommandFailedException, InterruptedException {
    try (var client = client()) {
      return call.ask(client);
    } catch (ApiException e) {
      throw new CommandFailedException(ExitStatus.FAILED, said(e), e);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(ExitStatus.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether one JSON document was asked for. */
  boolean isJson() {
    return json;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private static String said(ApiException e) {
    return e.status() == 401
        ? e.getMessage() + "; put a fresh token into " + TOKEN
        : String.valueOf(e.getMessage());
  }

  private ApiClient client() throws CommandFailedException {
    var address = needed(server, SERVER, "the gateway's address: --server or " + SERVER);
    var token = needed(null, TOKEN, "a token in the environment variable " + TOKEN);
    try {
      return new ApiClient(URI.create(address), Authorities.of(authorityFile()), () -> token);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(
          ExitStatus.USAGE,
          "'" + address + "' is no gateway's address; it is https://host:port",
          e);
    } catch (IOException e) {
      throw new CommandFailedException(ExitStatus.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable Path authorityFile() {
    var named = environment.apply(AUTHORITY);
    return authority == null && named != null && !named.isEmpty() ? Path.of(named) : authority;
  }

  private String needed(@Nullable String given, String variable, String what)
      throws CommandFailedException {
    var value = given == null ? environment.apply(variable) : given;
    if (value == null || value.isBlank()) {
      throw new CommandFailedException(ExitStatus.USAGE, "this command needs " + what);
    }
    return value.strip();
  }
}
