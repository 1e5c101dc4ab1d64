package dev.chaperone.postgres.meaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Binary values read as the server itself prints them. */
class ParameterTextTest {
  private static final List<String> VALUES =
      List.of(
          "true",
          "false",
          "1::int2",
          "(-32768)::int2",
          "2147483647",
          "(-9223372036854775808)::int8",
          "4294967295::oid",
          "1.5::float4",
          "1::float8",
          "'NaN'::float8",
          "'-Infinity'::float8",
          "'text'::text",
          "'ünï'::varchar",
          "'c'::\"char\"",
          "'n'::name",
          "'ab'::char(4)",
          "'9f3c1c1e-6a9c-4f0e-8a53-1a2b3c4d5e6f'::uuid",
          "'2026-11-23'::date",
          "'1999-02-03'::date",
          "'infinity'::date",
          "'-infinity'::timestamp",
          "'2026-11-23 12:34:56.789'::timestamp",
          "'1969-12-31 23:59:59.000001'::timestamp",
          "'2026-11-23 12:34:56+02'::timestamptz",
          "'23:59:59.5'::time",
          "'24:00'::time",
          "0::numeric",
          "1.50::numeric",
          "-0.00012345",
          "123456789012345678901234567890.123::numeric",
          "1e20::numeric",
          "10000::numeric",
          "'NaN'::numeric",
          "'-Infinity'::numeric",
          "'{\"a\": 1}'::json",
          "'{\"b\": [1]}'::jsonb",
          "'\\xdeadbeef'::bytea",
          "'{1,2,NULL}'::int[]",
          "'{}'::int[]",
          "'{{1,2},{3,4}}'::int8[]",
          "'{\"a b\",NULL,\"NULL\",\"\\\"\",\"\\\\\"}'::text[]",
          "'{t,f}'::bool[]",
          "'{2026-11-23}'::date[]",
          "'{1.5,2}'::numeric[]");

  private record Sent(long type, Bytes binary, String text) {}

  private static Connection connection;

  @BeforeAll
  static void start() throws SQLException {
    connection = TestPostgres.shared().superuser("postgres");
    try (var statement = connection.createStatement()) {
      statement.execute("SET timezone = 'UTC'");
    }
  }

  @AfterAll
  static void stop() throws SQLException {
    connection.close();
  }

  private static List<Sent> sent() throws SQLException {
    var sent = new ArrayList<Sent>();
    for (String value : VALUES) {
      try (var statement = connection.createStatement()) {
        String send;
        long type;
        try (var row =
            statement.executeQuery(
                "SELECT t.oid, typsend::text FROM pg_type t WHERE t.oid = pg_typeof("
                    + value
                    + ")")) {
          row.next();
          type = row.getLong(1);
          send = row.getString(2);
        }
        try (var row =
            statement.executeQuery(
                "SELECT %s(v), format('%%s', v) FROM (SELECT %s) s (v)".formatted(send, value))) {
          row.next();
          sent.add(new Sent(type, Bytes.copyOf(row.getBytes(1)), row.getString(2)));
        }
      }
    }
    return sent;
  }

  @Test
  void binaryValuesReadAsTheServerPrintsThem() throws SQLException {
    for (Sent value : sent()) {
      assertThat(ParameterText.of(value.type(), true, value.binary().toArray()))
          .as("type %d", value.type())
          .isEqualTo(value.text());
      assertThat(
              ParameterText.of(value.type(), false, value.text().getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(value.text());
    }
  }

  @Test
  void whatCannotBeReadIsHexadecimal() {
    assertThat(ParameterText.of(23, true, new byte[] {1, 2})).isEqualTo("\\x0102");
    assertThat(ParameterText.of(23, true, new byte[5])).isEqualTo("\\x0000000000");
    assertThat(ParameterText.of(25, false, new byte[] {(byte) 0xff})).isEqualTo("\\xff");
    assertThat(ParameterText.of(99_999, true, new byte[] {7})).isEqualTo("\\x07");
    assertThat(ParameterText.of(1700, true, new byte[] {0, 9, 0, 0, 0, 0, 0, 0})).startsWith("\\x");
  }

  @Test
  void noBytesMakeItThrowOrGrow() throws SQLException {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var valid = sent();
    for (int i = 0; i < 20_000; i++) {
      var base = valid.get(random.nextInt(valid.size()));
      var bytes = base.binary().toArray();
      for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      var cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      long type = random.nextInt(4) == 0 ? random.nextInt(4000) : base.type();
      assertThatCode(
              () -> assertThat(ParameterText.of(type, true, cut).length()).isLessThan(200_000))
          .as("seed %d, type %d", seed, type)
          .doesNotThrowAnyException();
    }
  }
}
