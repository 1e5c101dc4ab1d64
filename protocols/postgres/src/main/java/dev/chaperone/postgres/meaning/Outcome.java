package dev.chaperone.postgres.meaning;

import dev.chaperone.core.command.Command;
import dev.chaperone.sql.Name;
import dev.chaperone.sql.SettingChange;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of a text.
 *
 * @param command what to decide. Where a name was not found its effects are unknown, but for a name
 *     that the text makes or drops
 * @param notFound names of relations that the catalogue does not have, new ones included. When
 *     there are any, load the catalogue anew once and ask again, since another session may have
 *     made them since; if they are still not found then the server does not find them either
 * @param settings the settings that the text changes, in order, at any depth
 * @param trace the W3C {@code traceparent} of the last sqlcommenter comment, or null
 */
public record Outcome(
    Command command, List<Name> notFound, List<SettingChange> settings, @Nullable String trace) {
  public Outcome {
    notFound = List.copyOf(notFound);
    settings = List.copyOf(settings);
  }

  /** Whether the text changes what must be asked of the server anew before the next is read. */
  public boolean changesSettings() {
    return !settings.isEmpty();
  }

  /**
   * The same, so that a grant of what cannot be told counts in this session alone: elsewhere the
   * same text may stand for something else.
   */
  public Outcome inSession(String session) {
    if (!(command instanceof Command.Statement statement)
        || !statement.settings().containsValue(Findings.NOT_KNOWN)) {
      return this;
    }
    var bound = new TreeMap<>(statement.settings());
    bound.replaceAll(
        (_, value) -> value.equals(Findings.NOT_KNOWN) ? value + " in session " + session : value);
    return new Outcome(
        new Command.Statement(
            statement.text(),
            statement.parameters(),
            statement.effects(),
            statement.relations(),
            statement.functions(),
            statement.database(),
            bound,
            statement.reachesUnknown()),
        notFound,
        settings,
        trace);
  }
}
