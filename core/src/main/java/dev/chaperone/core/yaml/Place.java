package dev.chaperone.core.yaml;

/**
 * Where something stands in a configuration file.
 *
 * @param file the file as the user named it
 * @param line from 1
 * @param column from 1, in characters
 * @param path the keys that lead there, for example {@code rules[2].when}; empty for the whole
 */
public record Place(String file, int line, int column, String path) {
  /** The file as a whole. */
  public static Place start(String file) {
    return new Place(file, 1, 1, "");
  }

  /** The same spot, seen as {@code newPath}. */
  Place as(String newPath) {
    return new Place(file, line, column, newPath);
  }

  /** {@code file:line:column: path}, as editors and people read it. */
  @Override
  public String toString() {
    var spot = file + ":" + line + ":" + column;
    return path.isEmpty() ? spot : spot + ": " + path;
  }
}
