package dev.chaperone.app.config;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.policy.CommandReader;
import dev.chaperone.sql.FunctionUse;
import dev.chaperone.sql.Name;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.SqlLimits;
import dev.chaperone.sql.SqlReader;
import dev.chaperone.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;

/**
 * Reads SQL by its text alone, for policy tests and trials: there is no database to ask. A relation
 * without a schema is taken to be in {@code public} and to be a plain table; a function that
 * PostgreSQL itself has is taken to be that one. The gateway asks the database, so a view, a
 * trigger or a function of the database's own may make a command reach further there. Owns a parser
 * thread.
 */
public final class WrittenSql implements CommandReader, AutoCloseable {
  private static final String DEFAULT_SCHEMA = "public";

  private final SqlReader sql =
      new SqlReader(
          new SqlLimits(1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(20), 1, 0, 0));

  @Override
  public Command read(String target, String text, List<Parameter> parameters) {
    return switch (sql.read(text)) {
      case Reading.Understood(List<Statement> statements) ->
          statement(target, text, parameters, statements);
      case Reading.SyntaxError(String message, int position) ->
          new Command.Unreadable(
              text, position > 0 ? message + " at character " + position : message);
      case Reading.Unreadable(String why) -> new Command.Unreadable(text, why);
    };
  }

  private static Command statement(
      String target, String text, List<Parameter> parameters, List<Statement> statements) {
    var effects = EnumSet.noneOf(Effect.class);
    var relations = new TreeSet<String>();
    var functions = new TreeSet<String>();
    boolean reachesUnknown = false;
    for (var statement : statements) {
      statement.effects().forEach(effect -> effects.add(Effect.valueOf(effect.name())));
      statement.relations().forEach(name -> relations.add(relation(name)));
      statement.functions().forEach(use -> functions.add(function(use)));
      reachesUnknown |= statement.reachesUnknown();
    }
    if (effects.isEmpty()) {
      effects.add(Effect.SESSION);
    }
    return new Command.Statement(
        text,
        parameters,
        effects,
        relations,
        functions,
        target,
        Collections.emptySortedMap(),
        reachesUnknown);
  }

  private static String relation(Name name) {
    return name.schema() == null ? DEFAULT_SCHEMA + "." + name.name() : name.toString();
  }

  private static String function(FunctionUse use) {
    if (use.name().schema() != null) {
      return use.name().toString();
    }
    return (use.unknown() ? DEFAULT_SCHEMA : "pg_catalog") + "." + use.name().name();
  }

  /** Ends the parser thread. */
  @Override
  public void close() {
    sql.close();
  }
}
