package dev.chaperone.testing;

/** Which messages went which way, in their order: one line for each change of direction. */
final class Trace {
  private final StringBuilder lines = new StringBuilder();
  private String direction = "";

  void add(String newDirection, String message) {
    if (!direction.equals(newDirection)) {
      lines.append(lines.isEmpty() ? "" : "\n").append(newDirection);
      direction = newDirection;
    }
    lines.append(' ').append(message);
  }

  void clear() {
    lines.setLength(0);
    direction = "";
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
