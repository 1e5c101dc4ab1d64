package dev.chaperone.postgres.meaning;

import dev.chaperone.core.command.Effect;
import dev.chaperone.postgres.catalogue.Relation;
import dev.chaperone.sql.Name;
import dev.chaperone.sql.SettingChange;
import dev.chaperone.sql.Statement;
import dev.chaperone.sql.StatementKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the statements of one text are found to do, while they are gone through. */
final class Findings {
  final EnumSet<Effect> effects = EnumSet.noneOf(Effect.class);
  final TreeSet<String> relations = new TreeSet<>();
  final TreeSet<String> functions = new TreeSet<>();
  final Set<Name> notFound = new LinkedHashSet<>();
  final Set<Name> created = new LinkedHashSet<>();
  final List<SettingChange> settings = new ArrayList<>();
  final SortedMap<String, String> meant = new TreeMap<>();
  boolean reachesUnknown;

  /** What a name stands for when the gateway cannot tell. */
  static final String NOT_KNOWN = "(not known)";

  /**
   * A statement runs what a name stands for. It is bound like a setting, so that people are shown
   * it and a grant counts for it alone.
   */
  void standsFor(Statement statement, String text) {
    switch (statement.kind()) {
      case StatementKind.Execute(var name, var _) -> meant.put("prepared statement " + name, text);
      case StatementKind.Fetch(var name, var _) -> meant.put("cursor " + name, text);
      case StatementKind _ -> {}
    }
  }

  /** Something runs that is not known: what it does and what it reads. */
  void unknown() {
    effects.add(Effect.UNKNOWN);
    reachesUnknown = true;
  }

  void add(dev.chaperone.sql.Effect effect) {
    effects.add(
        switch (effect) {
          case READ -> Effect.READ;
          case WRITE -> Effect.WRITE;
          case DELETE -> Effect.DELETE;
          case SCHEMA -> Effect.SCHEMA;
          case PRIVILEGE -> Effect.PRIVILEGE;
          case EXECUTE -> Effect.EXECUTE;
          case SECRET -> Effect.SECRET;
          case SESSION -> Effect.SESSION;
          case LOCK -> Effect.LOCK;
          case TUNNEL -> Effect.TUNNEL;
          case UNKNOWN -> Effect.UNKNOWN;
        });
  }

  void reached(Relation relation) {
    relations.add(relation.qualifiedName());
    if (SecretRelations.include(relation)) {
      effects.add(Effect.SECRET);
    }
  }
}
