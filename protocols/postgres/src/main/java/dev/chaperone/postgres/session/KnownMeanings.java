package dev.chaperone.postgres.session;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.meaning.Meaning;
import dev.chaperone.postgres.meaning.Outcome;
import dev.chaperone.postgres.meaning.SessionSettings;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.StatementKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What texts mean, kept for as long as it can be nothing else: the meaning of a plain statement
 * depends on its reading, the catalogue and the settings, which are compared by their very objects.
 * What stands for something that was prepared or declared is worked out anew each time, and so is
 * what names something that was not found. Belongs to the request pump.
 */
final class KnownMeanings {
  private static final int MOST = 256;

  /** The texts of readings are kept too, so their number alone bounds nothing. */
  private static final int LONGEST_TEXT = 4_096;

  private final Map<String, Known> byText = new LinkedHashMap<>(16, 0.75f, true);

  private record Known(
      Reading reading, Catalogue catalogue, SessionSettings settings, Outcome outcome) {
    // The very objects: to compare a whole catalogue would cost more than the meaning itself.
    @SuppressWarnings("ReferenceEquality")
    boolean holds(Reading now, SessionState state) {
      return reading == now && catalogue == state.catalogue() && settings == state.settings();
    }
  }

  /** What a text means now, with these values bound to it. */
  Outcome of(String text, Reading reading, List<Parameter> parameters, SessionState state) {
    var known = byText.get(text);
    if (known != null && known.holds(reading, state)) {
      return with(known.outcome(), parameters);
    }
    var catalogue = state.catalogue();
    var settings = state.settings();
    var outcome = Meaning.of(text, reading, parameters, catalogue, settings, state);
    if (text.length() <= LONGEST_TEXT && isPlain(reading) && outcome.notFound().isEmpty()) {
      byText.put(text, new Known(reading, catalogue, settings, with(outcome, List.of())));
      if (byText.size() > MOST) {
        byText.remove(byText.keySet().iterator().next());
      }
    }
    return outcome;
  }

  private static boolean isPlain(Reading reading) {
    return reading instanceof Reading.Understood(var statements)
        && statements.stream().allMatch(one -> one.kind() instanceof StatementKind.Plain);
  }

  private static Outcome with(Outcome outcome, List<Parameter> parameters) {
    if (!(outcome.command() instanceof Command.Statement statement)
        || statement.parameters().equals(parameters)) {
      return outcome;
    }
    var bound =
        new Command.Statement(
            statement.text(),
            parameters,
            statement.effects(),
            statement.relations(),
            statement.functions(),
            statement.database(),
            statement.settings(),
            statement.reachesUnknown());
    return new Outcome(bound, outcome.notFound(), outcome.settings(), outcome.trace());
  }
}
