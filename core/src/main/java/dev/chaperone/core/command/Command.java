package dev.chaperone.core.command;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * One unit of work, by shape, as a pure decoder read it from the wire. What a command's shape does
 * not have is empty, never missing.
 */
public sealed interface Command {
  /** The shape's word, for example {@code statement}. */
  String kind();

  /** What will run, as the resource will read it; for people, policies and the record. */
  String text();

  /** What it does; never empty. */
  Set<Effect> effects();

  /** Values bound to the text, in order. */
  List<Parameter> parameters();

  /** Settings in force that change what the text means, by name; part of what a grant binds. */
  SortedMap<String, String> settings();

  /**
   * One or several statements of a query language, decided as one.
   *
   * @param text the text as the client sent it
   * @param parameters bound values, in order; empty for a text without
   * @param effects the union over all statements; never empty
   * @param relations every relation that is reached, as {@code schema.name}, resolved where the
   *     catalogue knows it
   * @param functions every function that is called, as {@code schema.name}
   * @param database the database on the target
   * @param settings settings that change the text's meaning
   * @param reachesUnknown whether it may reach relations beyond {@code relations}
   */
  record Statement(
      String text,
      List<Parameter> parameters,
      Set<Effect> effects,
      SortedSet<String> relations,
      SortedSet<String> functions,
      String database,
      SortedMap<String, String> settings,
      boolean reachesUnknown)
      implements Command {
    public Statement {
      if (effects.isEmpty()) {
        throw new IllegalArgumentException("a statement without an effect");
      }
      parameters = List.copyOf(parameters);
      effects = Set.copyOf(effects);
      relations = Sorted.copyOf(relations);
      functions = Sorted.copyOf(functions);
      settings = Sorted.copyOf(settings);
    }

    @Override
    public String kind() {
      return "statement";
    }
  }

  /**
   * What cannot be read; always denied.
   *
   * @param text what was sent, as far as it can be shown
   * @param why what is wrong, for the client and the record
   */
  record Unreadable(String text, String why) implements Command {
    @Override
    public String kind() {
      return "unreadable";
    }

    @Override
    public Set<Effect> effects() {
      return Set.of(Effect.UNKNOWN);
    }

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public SortedMap<String, String> settings() {
      return Sorted.none();
    }
  }
}
