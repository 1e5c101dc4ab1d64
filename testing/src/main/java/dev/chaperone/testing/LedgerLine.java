package dev.chaperone.testing;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One line of the server's own log (PostgreSQL's {@code jsonlog}); what it does not say is null.
 *
 * @param user the role that was signed in
 * @param database the database
 * @param applicationName {@code application_name} at that moment
 * @param processId the backend's process
 * @param severity such as {@code LOG} or {@code ERROR}
 * @param sqlState five characters
 * @param message such as {@code statement: SELECT 1} or {@code execute <unnamed>: SELECT $1}
 * @param detail such as {@code Parameters: $1 = '7'}
 */
public record LedgerLine(
    @Nullable String user,
    @Nullable String database,
    @Nullable String applicationName,
    long processId,
    String severity,
    @Nullable String sqlState,
    String message,
    @Nullable String detail) {

  /** The statement that ran, if the line says that one did, whichever protocol asked for it. */
  public Optional<String> statement() {
    for (var prefix : List.of("statement: ", "execute ")) {
      if (message.startsWith(prefix)) {
        int start = prefix.equals("execute ") ? message.indexOf(": ") + 2 : prefix.length();
        return Optional.of(message.substring(start));
      }
    }
    return Optional.empty();
  }

  /** Every whole line of the file; a last one that is still being written is left out. */
  static List<LedgerLine> read(Path file) throws IOException {
    var lines = new ArrayList<LedgerLine>();
    if (Files.exists(file)) {
      var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n') + 1;
      for (var line : text.substring(0, end).lines().toList()) {
        lines.add(parse(line));
      }
    }
    return List.copyOf(lines);
  }

  private static LedgerLine parse(String line) throws IOException {
    try {
      Map<String, Object> json = JSONObjectUtils.parse(line);
      return new LedgerLine(
          JSONObjectUtils.getString(json, "user"),
          JSONObjectUtils.getString(json, "dbname"),
          JSONObjectUtils.getString(json, "application_name"),
          JSONObjectUtils.getLong(json, "pid"),
          JSONObjectUtils.getString(json, "error_severity"),
          JSONObjectUtils.getString(json, "state_code"),
          Objects.requireNonNullElse(JSONObjectUtils.getString(json, "message"), ""),
          JSONObjectUtils.getString(json, "detail"));
    } catch (ParseException e) {
      throw new IOException("not a line of jsonlog: " + line, e);
    }
  }
}
