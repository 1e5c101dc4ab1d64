package dev.chaperone.postgres.masking;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.CatalogueLoader;
import dev.chaperone.postgres.catalogue.OwnQuery;
import dev.chaperone.postgres.catalogue.SearchPath;
import dev.chaperone.postgres.meaning.Meaning;
import dev.chaperone.postgres.meaning.Outcome;
import dev.chaperone.postgres.meaning.Prepared;
import dev.chaperone.postgres.meaning.SessionSettings;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.SqlLimits;
import dev.chaperone.sql.SqlReader;
import dev.chaperone.sql.Statement;
import dev.chaperone.sql.StatementKind;
import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.PgMessages;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs texts on a real server and masks what comes back, as a session would. */
final class MaskedClient implements AutoCloseable, Prepared {
  private static final byte[] KEY = new byte[32];

  private final SqlReader reader = new SqlReader(SqlLimits.defaults());
  private final RawPostgres client;
  private final Masking masking;
  private final String database;
  private final Map<String, Statement> statements = new HashMap<>();
  private final Map<String, Statement> cursors = new HashMap<>();
  private Catalogue catalogue;
  private ColumnMasks masks;

  /**
   * What came back of one text.
   *
   * @param command what the text was read as
   * @param values all values of all rows after masking
   * @param error the server's error, or null
   * @param hidden how many columns were masked
   * @param shown how many were not
   */
  record Result(
      Command command,
      List<byte @Nullable []> values,
      @Nullable String error,
      int hidden,
      int shown) {
    List<@Nullable String> texts() {
      var texts = new ArrayList<@Nullable String>();
      for (var value : values) {
        texts.add(value == null ? null : new String(value, StandardCharsets.UTF_8));
      }
      return texts;
    }
  }

  MaskedClient(TestPostgres server, String database, Masking masking) throws IOException {
    this.database = database;
    this.masking = masking;
    this.client =
        RawPostgres.signedIn(
            server.host(),
            server.port(),
            server.certificates().clientContext(),
            TestPostgres.SUPERUSER,
            database,
            TestPostgres.SUPERUSER_PASSWORD);
    this.catalogue = load();
    this.masks = ColumnMasks.of(masking, catalogue, KEY);
  }

  Catalogue catalogue() {
    return catalogue;
  }

  /** Reads the catalogue anew on the session's own connection. */
  void reload() throws IOException {
    catalogue = load();
    masks = ColumnMasks.of(masking, catalogue, KEY);
  }

  private Catalogue load() throws IOException {
    OwnQuery query =
        sql -> {
          var rows = new ArrayList<List<@Nullable String>>();
          for (PgFrame frame : client.query(sql)) {
            if (frame.type() == 'E') {
              throw new IOException(frame.fields().toString());
            } else if (frame.type() == 'D') {
              rows.add(frame.texts());
            }
          }
          return rows;
        };
    return CatalogueLoader.load(query);
  }

  /** Runs a text whose results nobody looks at. */
  void prepare(String text) {
    for (PgFrame frame : client.query(text)) {
      if (frame.type() == 'E') {
        throw new IllegalStateException(text + ": " + frame.fields());
      }
    }
  }

  Outcome meaning(String text) {
    var session =
        new SessionSettings(
            database, SearchPath.of(TestPostgres.SUPERUSER, "$user", "public"), new TreeMap<>());
    var reading = reader.read(text);
    if (reading instanceof Reading.Understood(List<Statement> read)) {
      read.forEach(this::remember);
    }
    return Meaning.of(text, reading, List.of(), catalogue, session, this);
  }

  private void remember(Statement statement) {
    switch (statement.kind()) {
      case StatementKind.Prepare(String name, Statement inner) -> statements.put(name, inner);
      case StatementKind.DeclareCursor(String name, boolean _, Statement inner) ->
          cursors.put(name, inner);
      default -> {}
    }
  }

  Result run(String text, boolean binary) {
    var command = meaning(text).command();
    client.clearTrace();
    var frames =
        binary
            ? client
                .send(
                    PgMessages.parse("", text),
                    PgMessages.bind("", "", new short[0], List.of(), new short[] {1}),
                    PgMessages.describePortal(""),
                    PgMessages.execute("", 0),
                    PgMessages.sync())
                .readUntilReady()
            : client.query(text);
    return masked(command, frames, binary);
  }

  private Result masked(Command command, List<PgFrame> frames, boolean binary) {
    var values = new ArrayList<byte @Nullable []>();
    List<Optional<ValueMask>> columns = List.of();
    String error = null;
    int hidden = 0;
    int shown = 0;
    for (PgFrame frame : frames) {
      switch (frame.type()) {
        case 'T' -> {
          columns = masks.of(command, columns(frame));
          hidden += (int) columns.stream().filter(Optional::isPresent).count();
          shown += (int) columns.stream().filter(Optional::isEmpty).count();
        }
        case 'D' -> {
          var row = frame.values();
          for (int i = 0; i < row.size(); i++) {
            var mask = columns.get(i);
            var value = row.get(i);
            values.add(mask.isPresent() ? mask.get().apply(value, binary) : value);
          }
        }
        case 'E' ->
            error = masks.errorsMayCarryValues(command) ? "withheld" : frame.fields().toString();
        default -> {}
      }
    }
    return new Result(command, values, error, hidden, shown);
  }

  private static List<ResultColumn> columns(PgFrame description) {
    var in = ByteBuffer.wrap(description.body());
    var columns = new ArrayList<ResultColumn>();
    for (int left = in.getShort(); left > 0; left--) {
      var name = new StringBuilder();
      for (byte next = in.get(); next != 0; next = in.get()) {
        name.append((char) next);
      }
      long table = Integer.toUnsignedLong(in.getInt());
      int number = in.getShort();
      long type = Integer.toUnsignedLong(in.getInt());
      in.position(in.position() + 8);
      columns.add(new ResultColumn(name.toString(), table, number, type));
    }
    return columns;
  }

  @Override
  public Optional<Statement> statement(String name) {
    return Optional.ofNullable(statements.get(name));
  }

  @Override
  public Optional<Statement> cursor(String name) {
    return Optional.ofNullable(cursors.get(name));
  }

  @Override
  public void close() {
    client.close();
    reader.close();
  }
}
