package dev.chaperone.control.client;

import dev.chaperone.control.record.Visible;
import java.util.ArrayList;
import java.util.List;

/** Rows in aligned columns. What cells hold is made visible, and cut where it is long. */
final class Table {
  private static final int MAX_CELL = 60;

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... head) {
    if (head.length > 0) {
      rows.add(List.of(head));
    }
  }

  Table row(String... cells) {
    return row(List.of(cells));
  }

  Table row(List<String> cells) {
    rows.add(cells.stream().map(Table::cell).toList());
    return this;
  }

  /** The rows, each on a line of its own behind {@code indent}. */
  String text(String indent) {
    var widths = new ArrayList<Integer>();
    for (var row : rows) {
      for (int i = 0; i < row.size(); i++) {
        if (i == widths.size()) {
          widths.add(0);
        }
        widths.set(i, Math.max(widths.get(i), width(row.get(i))));
      }
    }
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder(indent);
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i));
        if (i < row.size() - 1) {
          line.append(" ".repeat(widths.get(i) - width(row.get(i)) + 2));
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  private static String cell(String value) {
    var shown = Visible.line(value);
    return width(shown) <= MAX_CELL
        ? shown
        : shown.substring(0, shown.offsetByCodePoints(0, MAX_CELL - 1)) + "…";
  }
}
