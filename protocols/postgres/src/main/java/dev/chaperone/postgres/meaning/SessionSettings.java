package dev.chaperone.postgres.meaning;

import dev.chaperone.postgres.catalogue.SearchPath;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of a session a statement's meaning depends on.
 *
 * @param database the database
 * @param searchPath where names without a schema are looked for, with the current role
 * @param settings the settings that a grant binds, by lower-case name
 */
public record SessionSettings(
    String database, SearchPath searchPath, SortedMap<String, String> settings) {
  public SessionSettings {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }
}
