package dev.chaperone.postgres.meaning;

import dev.chaperone.core.command.Command;
import dev.chaperone.sql.Name;
import dev.chaperone.sql.SettingChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a text.
 *
 * @param command what to decide; on its own it is safe: where names were not found its effects are
 *     unknown
 * @param notFound names of relations that the catalogue does not have. When there are any, load the
 *     catalogue anew once and ask again, since another session may just have made them; if they are
 *     still not found then the server will most likely say so too
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
}
