package dev.chaperone.postgres.meaning;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.SearchPath;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.SettingChange;
import dev.chaperone.sql.Statement;
import dev.chaperone.sql.StatementKind;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Turns what a text says into a command that can be decided. Pure and total.
 *
 * <p>Where it cannot be told, more is said rather than less:
 *
 * <ul>
 *   <li>A function, operator, type or cast that is not PostgreSQL's own, nor of an extension that
 *       only computes, makes the effects unknown; so does one of the same name as a built-in one,
 *       in a schema of the search path, since which is meant depends on types.
 *   <li>A relation that runs such code on the kind of access at hand does too: views, triggers,
 *       rules, policies, defaults, checks, indexes, foreign tables. A statement that writes is
 *       taken to write all that it names.
 *   <li>A relation that the catalogue does not have makes the effects unknown, unless the same text
 *       makes it.
 *   <li>Where an earlier statement of the text moves the search path, names are looked for in all
 *       schemas.
 * </ul>
 */
public final class Meaning {
  private Meaning() {}

  /**
   * The command that a text is.
   *
   * @param text as the client sent it
   * @param reading what the grammar made of it
   * @param parameters the values bound to it; empty while it is only prepared
   */
  public static Outcome of(
      String text,
      Reading reading,
      List<Parameter> parameters,
      Catalogue catalogue,
      SessionSettings session,
      Prepared prepared) {
    return switch (reading) {
      case Reading.Unreadable(String why) -> unreadable(text, why);
      case Reading.SyntaxError(String message, int position) ->
          unreadable(text, position > 0 ? message + " at character " + position : message);
      case Reading.Understood(List<Statement> statements) ->
          understood(text, statements, parameters, catalogue, session, prepared);
    };
  }

  private static Outcome understood(
      String text,
      List<Statement> statements,
      List<Parameter> parameters,
      Catalogue catalogue,
      SessionSettings session,
      Prepared prepared) {
    var path = movesNames(statements) ? SearchPath.UNKNOWN : session.searchPath();
    var found = findings(statements, catalogue, path, prepared);
    // Unknown code of an earlier statement may have moved the path for a later one.
    if (statements.size() > 1 && path.known() && found.effects.contains(Effect.UNKNOWN)) {
      found = findings(statements, catalogue, SearchPath.UNKNOWN, prepared);
    }
    for (SettingChange change : found.settings) {
      var refusal = SettingRules.refusal(change);
      if (refusal.isPresent()) {
        return unreadable(text, refusal.get());
      }
    }
    if (found.effects.isEmpty()) {
      found.effects.add(Effect.SESSION);
    }
    var command =
        new Command.Statement(
            text,
            parameters,
            found.effects,
            found.relations,
            found.functions,
            session.database(),
            settings(session, found),
            found.reachesUnknown);
    return new Outcome(command, List.copyOf(found.notFound), found.settings, Traceparent.in(text));
  }

  /** The settings, and what the names that are executed or fetched from stand for. */
  private static SortedMap<String, String> settings(SessionSettings session, Findings found) {
    if (found.meant.isEmpty()) {
      return session.settings();
    }
    var settings = new TreeMap<>(session.settings());
    settings.putAll(found.meant);
    return settings;
  }

  private static Findings findings(
      List<Statement> statements, Catalogue catalogue, SearchPath path, Prepared prepared) {
    var found = new Findings();
    var meaning = new StatementMeaning(catalogue, path, prepared, found);
    boolean madeCode = false;
    boolean movedPrepared = false;
    for (Statement statement : statements) {
      if (madeCode && !(statement.kind() instanceof StatementKind.Transaction)) {
        found.unknown();
      }
      meaning.add(statement);
      if (!movedPrepared && StatementMeaning.movesPrepared(statement)) {
        movedPrepared = true;
        meaning = new StatementMeaning(catalogue, path, Prepared.NONE, found);
      }
      madeCode |= StatementMeaning.makesCode(statement);
    }
    return found;
  }

  private static boolean movesNames(List<Statement> statements) {
    return statements.stream()
        .limit(Math.max(0, statements.size() - 1))
        .anyMatch(StatementMeaning::movesNames);
  }

  private static Outcome unreadable(String text, String why) {
    return new Outcome(new Command.Unreadable(text, why), List.of(), List.of(), null);
  }
}
