package dev.chaperone.control.client;

import dev.chaperone.control.record.EntryJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A session as it happened, command by command: when, who, what with which values, what was decided
 * by which rule and review, how it went and what the client saw. Pure; safe to print.
 */
public final class Replay {
  private static final String INDENT = "    ";

  private Replay() {}

  /**
   * The whole session as text.
   *
   * @param session as the API shows it
   * @param commands the listing of its commands
   */
  public static String text(JsonNode session, JsonNode commands) {
    var text = new StringBuilder(SessionText.show(session));
    var who = Told.who(session.path("identity"));
    for (var command : commands.path("items")) {
      text.append('\n').append(command(command, who));
    }
    return text + ReviewText.more(commands);
  }

  /** One command as text. */
  public static String command(JsonNode command, String who) {
    var text = new StringBuilder();
    text.append(Told.clock(command, "time")).append("  ").append(who).append('\n');
    text.append(Told.block(EntryJson.text(command, "text"), INDENT));
    text.append(Told.parameters(command, INDENT));
    var intent = Told.intent(command);
    if (intent != null) {
      text.append("  says: ").append(intent).append('\n');
    }
    text.append("  ").append(verdict(command)).append('\n');
    text.append("  ").append(outcome(command)).append('\n');
    return text + output(command);
  }

  private static String verdict(JsonNode command) {
    var word = EntryJson.text(command, "verdict");
    var told = new StringBuilder();
    told.append(
        switch (word) {
          case null -> "understood, to run later";
          case "allow" -> "allowed";
          case "deny" -> "denied";
          case "hold" -> "held, undecided";
          default -> Told.line(command, "verdict");
        });
    if (!EntryJson.texts(command, "rules").isEmpty()) {
      told.append(" by ").append(Told.list(command, "rules"));
    }
    if (command.hasNonNull("review")) {
      told.append(", review ").append(Told.line(command, "review"));
    }
    if (command.hasNonNull("reason")) {
      told.append(", ").append(Told.line(command, "reason"));
    }
    if (command.hasNonNull("message")) {
      told.append(": ").append(Told.line(command, "message"));
    }
    return told.toString();
  }

  private static String outcome(JsonNode command) {
    var outcome = EntryJson.text(command, "outcome");
    if (outcome == null) {
      return "did not run";
    }
    if (outcome.equals("interrupted")) {
      return "interrupted: the gateway stopped; how it went is not known";
    }
    if (!command.hasNonNull("duration")) {
      return Told.line(command, "outcome");
    }
    var told = new StringBuilder(Told.line(command, "outcome"));
    told.append(", ").append(EntryJson.number(command, "rows", 0)).append(" rows, ");
    told.append(EntryJson.number(command, "bytes", 0)).append(" bytes, ");
    told.append(command.path("duration").decimalValue().movePointRight(3).toPlainString());
    told.append(" ms");
    if (!EntryJson.texts(command, "masked").isEmpty()) {
      told.append(", masked ").append(Told.list(command, "masked"));
    }
    var error = command.get("error");
    if (error != null && error.isObject()) {
      told.append("; error ").append(Told.line(error, "code"));
      told.append(' ').append(Told.line(error, "message"));
    }
    return told.toString();
  }

  /**
   * What the client saw: arrays are rows, {@code {"columns": […]}} names them, and anything else is
   * told as it is.
   */
  private static String output(JsonNode command) {
    var text = new StringBuilder();
    var rows = new ArrayList<List<String>>();
    for (var line : command.path("output")) {
      if (line.isArray()) {
        rows.add(cells(line));
      } else if (line.path("columns").isArray()) {
        text.append(table(rows));
        rows.clear();
        rows.add(cells(line.path("columns")));
      } else {
        text.append(table(rows));
        rows.clear();
        text.append(Told.block(line.isString() ? line.stringValue() : line.toString(), INDENT));
      }
    }
    text.append(table(rows));
    if (EntryJson.isTrue(command, "outputTruncated")) {
      text.append(INDENT).append("(more was shown than is kept)\n");
    }
    return text.toString();
  }

  private static List<String> cells(JsonNode row) {
    var cells = new ArrayList<String>();
    row.forEach(value -> cells.add(cell(value)));
    return cells;
  }

  private static String cell(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return "NULL";
    }
    if (value.isString()) {
      return value.stringValue();
    }
    var name = EntryJson.text(value, "name");
    return name == null ? value.toString() : name;
  }

  private static String table(List<List<String>> rows) {
    var table = new Table();
    rows.forEach(table::row);
    return table.text(INDENT + "| ");
  }
}
