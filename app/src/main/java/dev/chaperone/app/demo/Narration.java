package dev.chaperone.app.demo;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * Tells the demo line by line, and keeps count of what held. Colours on a terminal only, and not
 * where NO_COLOR is set. Not safe for threads.
 */
final class Narration {
  private static final String BOLD = "\u001b[1m";
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String DIM = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter out;
  private final boolean colours;
  private int steps;
  private int held;
  private int failed;

  Narration(PrintWriter out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /** Whether standard output is a terminal that wants colours. */
  static boolean isColourful() {
    var terminal = System.getenv("TERM");
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
        && System.getenv("NO_COLOR") == null
        && terminal != null
        && !terminal.equals("dumb");
  }

  /** Begins a step. */
  void step(String title) {
    steps++;
    out.println();
    out.println(coloured(BOLD, steps + ". " + title));
  }

  /** Something that happens. */
  void tell(String line) {
    out.println("   " + line);
    out.flush();
  }

  /** What a program printed, line by line. */
  void quote(String text) {
    text.lines().forEach(line -> out.println(coloured(DIM, "   | " + line)));
    out.flush();
  }

  /** Says whether something holds that the demo promises. */
  void check(boolean holds, String what) {
    if (holds) {
      held++;
      out.println("   " + coloured(GREEN, "held: ") + what);
    } else {
      failed++;
      out.println("   " + coloured(RED, "DID NOT HOLD: ") + what);
    }
    out.flush();
  }

  /** The last line; returns whether everything held. */
  boolean conclude() {
    out.println();
    boolean all = failed == 0 && held > 0;
    out.println(
        all
            ? coloured(GREEN, "All " + held + " checks in " + steps + " steps held.")
            : coloured(RED, failed + " of " + (held + failed) + " checks did not hold."));
    out.flush();
    return all;
  }

  private String coloured(String colour, String text) {
    return colours ? colour + text + PLAIN : text;
  }
}
