package dev.chaperone.app.cli;

import dev.chaperone.control.client.ReviewText;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code chaperone reviews}: looks at held commands and decides them. */
@Command(
    name = "reviews",
    description = "Look at held commands, and decide them.",
    synopsisSubcommandLabel = "COMMAND")
public final class ReviewsCommand {
  private static final String ID = "ID";
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
  private static final int LISTED = 200;

  @Command(name = "list", description = "List reviews, the newest first.")
  int list(
      @Mixin ServerOptions server,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              defaultValue = "pending",
              description =
                  "pending, granted, refused, expired, cancelled, used or all;"
                      + " ${DEFAULT-VALUE} unless said otherwise.")
          String state)
      throws CommandFailedException, InterruptedException {
    var asked = state.equals("all") ? null : state;
    server.print(client -> client.reviews(asked, LISTED), ReviewText::list);
    return ExitStatus.DONE;
  }

  @Command(name = "show", description = "Show one review: exactly what would run.")
  int show(@Mixin ServerOptions server, @Parameters(paramLabel = ID) String id)
      throws CommandFailedException, InterruptedException {
    server.print(client -> client.review(id), ReviewText::show);
    return ExitStatus.DONE;
  }

  @Command(name = "grant", description = "Let the command run, once.")
  int grant(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = ID) String id,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "For the record.")
          String reason)
      throws CommandFailedException, InterruptedException {
    server.print(client -> client.grant(id, reason), ReviewText::decided);
    return ExitStatus.DONE;
  }

  @Command(name = "refuse", description = "Refuse the command; whoever asked sees the reason.")
  int refuse(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = ID) String id,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "For the record.")
          String reason)
      throws CommandFailedException, InterruptedException {
    server.print(client -> client.refuse(id, reason), ReviewText::decided);
    return ExitStatus.DONE;
  }

  @Command(name = "cancel", description = "End a review of one's own without a decision.")
  int cancel(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = ID) String id,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "",
              description = "For the record.")
          String reason)
      throws CommandFailedException, InterruptedException {
    server.print(client -> client.cancel(id, reason), ReviewText::decided);
    return ExitStatus.DONE;
  }

  @Command(
      name = "wait",
      description = "Wait until a review is decided; status 0 when the command may run.")
  int await(
      @Mixin ServerOptions server,
      @Parameters(paramLabel = ID) String id,
      @Option(
              names = "--minutes",
              paramLabel = "N",
              defaultValue = "60",
              description = "How long at most; ${DEFAULT-VALUE} unless said otherwise.")
          int minutes)
      throws CommandFailedException, InterruptedException {
    var longest = Duration.ofMinutes(minutes);
    var review =
        server.print(
            client -> client.awaitDecision(id, BETWEEN_QUESTIONS, longest), ReviewText::decided);
    return ReviewText.waitStatus(review);
  }
}
