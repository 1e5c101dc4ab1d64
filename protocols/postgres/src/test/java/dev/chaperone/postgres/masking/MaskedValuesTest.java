package dev.chaperone.postgres.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.masking.MaskWith;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.CatalogueLoader;
import dev.chaperone.postgres.catalogue.JdbcQuery;
import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.PgMessages;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A masked value is one that the server itself would take, for every type it has. */
class MaskedValuesTest {
  private static final KeyedHash HASH = new KeyedHash(new byte[32]);

  private static final List<MaskWith> MASKS =
      List.of(
          new MaskWith.Redact(),
          new MaskWith.Null(),
          new MaskWith.Hash(),
          new MaskWith.KeepLast(0),
          new MaskWith.KeepLast(4),
          new MaskWith.KeepLast(1_000_000));

  /** Each type takes some of these; those that take none are named in the test. */
  private static final List<String> SAMPLES =
      List.of(
          "1",
          "-32768",
          "123456",
          "9223372036854775807",
          "1.50",
          "-0.00012345",
          "NaN",
          "t",
          "text",
          "a longer text, with \"quotes\", 4111111111111111",
          "ünï¢ødé 𝄞𝄞",
          "",
          "\\x00ff",
          "{}",
          "{1,2,NULL}",
          "{\"a\": [1, null]}",
          "\"word\"",
          "<a>b</a>",
          "2026-11-23",
          "2026-11-23 12:34:56.789+02",
          "infinity",
          "12:34:56.7",
          "12:34:56+02",
          "1 day 2 hours",
          "9f3c1c1e-6a9c-4f0e-8a53-1a2b3c4d5e6f",
          "10.0.0.1/8",
          "08:00:2b:01:02:03",
          "08:00:2b:01:02:03:04:05",
          "(1,2)",
          "((1,2),(3,4))",
          "[(1,2),(3,4)]",
          "<(1,2),3>",
          "{1,2,3}",
          "101",
          "[1,5)",
          "{[1,5)}",
          "[2026-01-01,2026-02-01)",
          "{[2026-01-01,2026-02-01)}",
          "pg_class",
          "now",
          "integer",
          "=",
          "+(integer,integer)",
          "lower(text)",
          "english",
          "simple",
          "a & b",
          "a:1",
          "$.a",
          "0/16B3748",
          "1:2:",
          "12345:12348:",
          "(0,1)",
          "{\"x\",\"y\"}");

  private record Sample(String type, long oid, Bytes text, @Nullable Bytes binary) {}

  private static Connection connection;
  private static RawPostgres raw;
  private static Catalogue catalogue;

  @BeforeAll
  static void start() throws SQLException, IOException {
    var server = TestPostgres.shared();
    var database = server.createDatabase();
    server.run(database, "CREATE EXTENSION citext");
    connection = server.superuser(database);
    catalogue = CatalogueLoader.load(new JdbcQuery(connection));
    raw =
        RawPostgres.signedIn(
            server.host(),
            server.port(),
            server.certificates().clientContext(),
            TestPostgres.SUPERUSER,
            database,
            TestPostgres.SUPERUSER_PASSWORD);
  }

  @AfterAll
  static void stop() throws SQLException {
    raw.close();
    connection.close();
  }

  private static Map<String, Long> types() throws SQLException {
    var types = new TreeMap<String, Long>();
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT format_type(oid, NULL), oid FROM pg_type
                WHERE typtype IN ('b', 'r', 'm', 'd') AND (typelem = 0 OR typcategory <> 'A')
                  AND typnamespace <> 'information_schema'::regnamespace
                """)) {
      while (rows.next()) {
        types.put(rows.getString(1), rows.getLong(2));
      }
    }
    return types;
  }

  private static List<Sample> samples(String type, long oid) throws SQLException {
    var samples = new ArrayList<Sample>();
    for (String literal : SAMPLES) {
      var value = "'" + literal.replace("'", "''") + "'::" + type;
      try (var statement = connection.createStatement();
          var row =
              statement.executeQuery(
                  "SELECT v::text, (SELECT typsend::oid <> 0 FROM pg_type WHERE oid = %d)"
                      .concat(" FROM (SELECT %s) s (v)")
                      .formatted(oid, value))) {
        row.next();
        var text = row.getString(1).getBytes(StandardCharsets.UTF_8);
        samples.add(
            new Sample(type, oid, Bytes.copyOf(text), row.getBoolean(2) ? sent(oid, text) : null));
      } catch (SQLException e) {
        // Not a literal of this type.
        assertThat(e.getSQLState()).isNotNull();
      }
    }
    return samples;
  }

  /** The value in binary format, as the server sends it; null when it cannot. */
  private static @Nullable Bytes sent(long oid, byte[] text) {
    for (PgFrame frame : echo(oid, text, false, true)) {
      if (frame.type() == 'D') {
        var value = frame.values().getFirst();
        return value == null ? null : Bytes.copyOf(value);
      }
    }
    return null;
  }

  private static List<PgFrame> echo(
      long oid, byte @Nullable [] value, boolean binary, boolean binaryResult) {
    raw.clearTrace();
    return raw.send(
            PgMessages.parse("", "SELECT $1", (int) oid),
            PgMessages.bind(
                "",
                "",
                new short[] {(short) (binary ? 1 : 0)},
                Collections.singletonList(value),
                new short[] {(short) (binaryResult ? 1 : 0)}),
            PgMessages.execute("", 0),
            PgMessages.sync())
        .readUntilReady();
  }

  @Test
  void everyMaskedValueIsOneOfItsType() throws SQLException {
    var without = new ArrayList<String>();
    for (var type : types().entrySet()) {
      var samples = samples(type.getKey(), type.getValue());
      if (samples.isEmpty()) {
        without.add(type.getKey());
      }
      for (Sample sample : samples) {
        for (MaskWith with : MASKS) {
          var family = ValueFamily.of(sample.oid(), catalogue);
          var mask = new TypedMask(with, family, sample.oid(), HASH);
          assertAccepted(sample, mask, sample.text(), false);
          assertAccepted(sample, mask, sample.binary(), true);
        }
      }
    }
    // Types of which the server takes no value from outside, or that need an object that is not
    // here.
    assertThat(without)
        .containsExactly(
            "gtsvector",
            "pg_brin_bloom_summary",
            "pg_brin_minmax_multi_summary",
            "pg_dependencies",
            "pg_mcv_list",
            "pg_ndistinct",
            "pg_node_tree");
  }

  private static void assertAccepted(
      Sample sample, TypedMask mask, @Nullable Bytes value, boolean binary) {
    var masked = value == null ? null : mask.apply(value.toArray(), binary);
    if (masked != null) {
      assertThat(echo(sample.oid(), masked, binary, binary))
          .as("%s of a %s, %s", mask.with(), sample.type(), binary ? "binary" : "text")
          .noneMatch(frame -> frame.type() == 'E')
          .anyMatch(frame -> frame.type() == 'D');
    }
  }

  @Test
  void equalValuesHashEqualInBothFormats() throws SQLException {
    int compared = 0;
    for (var type : types().entrySet()) {
      for (Sample sample : samples(type.getKey(), type.getValue())) {
        var mask =
            new TypedMask(
                new MaskWith.Hash(), ValueFamily.of(sample.oid(), catalogue), sample.oid(), HASH);
        var text = mask.apply(sample.text().toArray(), false);
        var sent = sample.binary();
        var binary = sent == null ? null : mask.apply(sent.toArray(), true);
        if (text != null && binary != null) {
          assertThat(sent(sample.oid(), text)).as(sample.type()).isEqualTo(Bytes.copyOf(binary));
          assertThat(Bytes.copyOf(text)).isNotEqualTo(sample.text());
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(100);
  }

  @Test
  void escapedBytesHashAsHexadecimalOnes() {
    var mask = new TypedMask(new MaskWith.Hash(), ValueFamily.BYTES, 17, HASH);
    assertThat(mask.apply(utf8("\\000a\\\\\\377"), false))
        .isNotNull()
        .isEqualTo(mask.apply(utf8("\\x00615cff"), false));
  }

  @Test
  void anotherKeyGivesAnotherHash() {
    var key = new byte[32];
    key[31] = 1;
    var hash = new MaskWith.Hash();
    var one = new TypedMask(hash, ValueFamily.TEXT, 25, HASH);
    var other = new TypedMask(hash, ValueFamily.TEXT, 25, new KeyedHash(key));
    assertThat(one.apply(utf8("x"), false)).isNotEqualTo(other.apply(utf8("x"), false));
    assertThatThrownBy(() -> new KeyedHash(new byte[31])).hasMessageContaining("32 bytes");
  }

  @Test
  void theLastCharactersAreKeptByCodePoint() {
    assertThat(kept("4111111111111111", 4)).isEqualTo("************1111");
    assertThat(kept("𝄞𝄞𝄞", 1)).isEqualTo("**𝄞");
    assertThat(kept("abc", 0)).isEqualTo("***");
  }

  @Test
  void aValueNoLongerThanWhatIsKeptIsHiddenWhole() {
    assertThat(kept("abcd", 4)).isEqualTo("****");
    assertThat(kept("ab", 4)).isEqualTo("**");
    assertThat(kept("", 4)).isEmpty();
  }

  private static @Nullable String kept(String value, int last) {
    var mask = new TypedMask(new MaskWith.KeepLast(last), ValueFamily.TEXT, 25, HASH);
    var masked = mask.apply(utf8(value), false);
    return masked == null ? null : new String(masked, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void nullStaysNull() {
    for (MaskWith with : MASKS) {
      assertThat(new TypedMask(with, ValueFamily.TEXT, 25, HASH).apply(null, true)).isNull();
    }
  }

  @Test
  void noBytesMakeAMaskThrow() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var types =
        List.of(16L, 17L, 18L, 19L, 20L, 21L, 23L, 25L, 114L, 142L, 1042L, 1700L, 2950L, 3802L);
    for (int i = 0; i < 20_000; i++) {
      var value = new byte[random.nextInt(40)];
      random.nextBytes(value);
      if (value.length > 1 && random.nextBoolean()) {
        value[0] = '\\';
        value[1] = (byte) (random.nextBoolean() ? 'x' : '3');
      }
      long type = types.get(random.nextInt(types.size()));
      var with = MASKS.get(random.nextInt(MASKS.size()));
      boolean binary = random.nextBoolean();
      var mask = new TypedMask(with, ValueFamily.of(type, catalogue), type, HASH);
      assertThatCode(() -> mask.apply(value, binary))
          .as("seed %d", seed)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aMaskNeverShowsItsKey() {
    assertThat(new TypedMask(new MaskWith.Hash(), ValueFamily.TEXT, 25, HASH).toString())
        .doesNotContain("[B@")
        .contains("hash=KeyedHash");
  }
}
