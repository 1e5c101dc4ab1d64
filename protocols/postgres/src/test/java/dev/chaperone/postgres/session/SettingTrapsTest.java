package dev.chaperone.postgres.session;

import static dev.chaperone.postgres.session.Shown.error;
import static dev.chaperone.postgres.session.Shown.texts;
import static dev.chaperone.testing.PgMessages.bind;
import static dev.chaperone.testing.PgMessages.execute;
import static dev.chaperone.testing.PgMessages.parse;
import static dev.chaperone.testing.PgMessages.query;
import static dev.chaperone.testing.PgMessages.sync;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ways to have a text read under other settings, or over another catalogue, than it was decided
 * under. Table {@code secret.t} may not be read here; {@code public.t} may.
 */
@Timeout(60)
final class SettingTrapsTest {
  private static final String POLICY =
      """
      rules:
        - name: everything
          when: command.effects.size() > 0 && ("unknown" in command.effects || true)
          then: allow
        - name: secret
          when: command.relations.exists(r, r == "secret.t") && !("schema" in command.effects)
          then: deny
          message: secret
      """;

  private static TestPostgres postgres;
  private static String database;
  private static TestGateway gateway;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.shared();
    database = postgres.createDatabase();
    gateway = new TestGateway(postgres, database, directory.resolve("journal"), POLICY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void tables() {
    postgres.run(
        database,
        "GRANT ALL ON SCHEMA public TO app",
        "CREATE SCHEMA IF NOT EXISTS secret",
        "CREATE TABLE IF NOT EXISTS public.t (v text)",
        "CREATE TABLE IF NOT EXISTS secret.t (v text)",
        "TRUNCATE public.t, secret.t",
        "INSERT INTO public.t VALUES ('open')",
        "INSERT INTO secret.t VALUES ('hidden')",
        "GRANT ALL ON SCHEMA secret TO app",
        "GRANT ALL ON public.t, secret.t TO app");
  }

  private static List<PgFrame> toTheEnd(RawPostgres client, int readies) {
    var seen = new ArrayList<PgFrame>();
    try {
      for (int left = readies; left > 0; ) {
        seen.add(client.read());
        left -= seen.getLast().type() == 'Z' ? 1 : 0;
      }
    } catch (RawPostgres.EndOfStream e) {
      return seen; // the session ended instead
    }
    return seen;
  }

  @Test
  void noTextIsReadUnderAnotherQuotingOrEncoding() {
    // Under standard_conforming_strings = off this text reads secret.t; under on, only a constant.
    var trap = "SELECT '\\'' , v FROM secret.t --' AS x";
    for (var way :
        new String[] {
          "SET standard_conforming_strings = off",
          "SET LOCAL standard_conforming_strings = off",
          "SELECT set_config('standard_conforming_strings', 'off', false)",
          "SELECT set_config('standard_' || 'conforming_strings', 'off', false)",
          "DO $$BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END$$",
          "DO $$BEGIN SET standard_conforming_strings = off; END$$",
          "SET client_encoding = 'SJIS'",
          "SET NAMES 'BIG5'",
          "DO $$BEGIN PERFORM set_config('client_encoding', 'GBK', false); END$$",
          "DO $$BEGIN PERFORM set_config('backslash_quote', 'on', false); END$$",
          "UPDATE pg_settings SET setting = 'off' WHERE name = 'standard_conforming_strings'"
        }) {
      for (boolean inOneGo : new boolean[] {true, false}) {
        try (var client = gateway.through()) {
          client.send(query("BEGIN"));
          client.readUntilReady();
          List<PgFrame> seen;
          if (inOneGo) {
            client.send(query(way), parse("", trap), bind("", ""), execute("", 0), sync());
            seen = toTheEnd(client, 2);
          } else {
            client.send(query(way));
            seen = new ArrayList<>(toTheEnd(client, 1));
            seen.addAll(lastWords(client, trap));
          }
          assertThat(texts(seen)).as(way).doesNotContain("hidden");
          boolean ended = seen.isEmpty() || seen.getLast().type() != 'Z';
          assertThat(ended || !error(seen).isEmpty()).as(way).isTrue();
        }
      }
    }
  }

  private static List<PgFrame> lastWords(RawPostgres client, String text) {
    try {
      client.send(query(text));
    } catch (RawPostgres.EndOfStream e) {
      return List.of();
    }
    return toTheEnd(client, 1);
  }

  @Test
  void whatALoginsDefaultsSayDoesNotCount() {
    postgres.run(database, "ALTER ROLE app SET standard_conforming_strings = off");
    try (var client = gateway.through()) {
      assertThat(texts(client.query("SHOW standard_conforming_strings"))).containsExactly("on");
      client.query("RESET ALL");
      client.query("DISCARD ALL");
      assertThat(texts(client.query("SHOW standard_conforming_strings"))).containsExactly("on");
    } finally {
      postgres.run(database, "ALTER ROLE app RESET standard_conforming_strings");
    }
  }

  @Test
  void theSearchPathIsFollowedWhereverItChanges() {
    for (var way :
        new String[] {
          "SET search_path = secret",
          "SELECT set_config('search_' || 'path', 'secret', false)",
          "DO $$BEGIN PERFORM set_config('search_path', 'secret', false); END$$"
        }) {
      try (var client = gateway.through()) {
        client.send(
            query(way),
            query("SELECT v FROM t"),
            parse("", "SELECT v FROM t"),
            bind("", ""),
            execute("", 0),
            sync());
        assertThat(error(client.readUntilReady())).as(way).isEmpty();
        assertThat(error(client.readUntilReady())).as(way).isEqualTo("42501");
        assertThat(error(client.readUntilReady())).as(way).isEqualTo("42501");
      }
      try (var client = gateway.through()) {
        client.send(
            parse("", way),
            bind("", ""),
            execute("", 0),
            parse("", "SELECT v FROM t"),
            bind("", ""),
            execute("", 0),
            sync());
        assertThat(error(client.readUntilReady())).as(way).isEqualTo("42501");
      }
    }
  }

  @Test
  void aRollbackTakesASettingBack() {
    try (var client = gateway.through()) {
      client.query("SET search_path = secret");
      client.send(
          query("BEGIN"),
          query("SET search_path = public"),
          query("SELECT v FROM t"),
          query("ROLLBACK"),
          query("SELECT v FROM t"));
      client.readUntilReady();
      client.readUntilReady();
      assertThat(texts(client.readUntilReady())).containsExactly("open");
      client.readUntilReady();
      assertThat(error(client.readUntilReady())).isEqualTo("42501");
      client.send(
          query("BEGIN"),
          query("SAVEPOINT a"),
          query("SET LOCAL search_path = public"),
          query("SELECT v FROM t"),
          query("SELECT 1/0"),
          query("ROLLBACK TO a"),
          query("SELECT v FROM t"));
      client.readUntilReady();
      client.readUntilReady();
      client.readUntilReady();
      assertThat(texts(client.readUntilReady())).containsExactly("open");
      client.readUntilReady();
      client.readUntilReady();
      assertThat(error(client.readUntilReady())).isEqualTo("42501");
    }
  }

  @Test
  void theClientsTimeoutIsNotForTheGatewaysOwnQuestions() throws Exception {
    try (var client = gateway.through()) {
      client.query("SET statement_timeout = '300ms'");
      client.query("CREATE TABLE public.quick ()");
      // The gateway reads pg_rewrite anew before the next statement, which itself does not.
      try (var superuser = postgres.superuser(database);
          var lock = superuser.createStatement()) {
        superuser.setAutoCommit(false);
        lock.execute("LOCK TABLE pg_catalog.pg_rewrite IN ACCESS EXCLUSIVE MODE");
        client.send(query("SELECT 2"));
        lock.execute("SELECT pg_sleep(1)");
        superuser.rollback();
        assertThat(texts(client.readUntilReady())).containsExactly("2");
      }
      assertThat(texts(client.query("SHOW statement_timeout"))).containsExactly("300ms");
      assertThat(error(client.query("SELECT pg_sleep(1)"))).isEqualTo("57014");
    }
  }

  @Test
  void theClientsTimeoutStaysWhatItIsInATransactionInWhichTheGatewayAsks() {
    try (var client = gateway.through()) {
      client.query("SET statement_timeout = '300ms'");
      client.query("BEGIN");
      client.query("CREATE TABLE public.quick ()");
      client.query("SELECT FROM quick");
      assertThat(texts(client.query("SHOW statement_timeout"))).containsExactly("300ms");
      client.query("SET statement_timeout = '400ms'");
      client.query("SELECT FROM quick");
      client.query("ALTER TABLE quick ADD c int");
      client.query("SELECT c FROM quick");
      assertThat(texts(client.query("SHOW statement_timeout"))).containsExactly("400ms");
      client.query("DROP TABLE quick");
      client.query("COMMIT");
      assertThat(texts(client.query("SHOW statement_timeout"))).containsExactly("400ms");
      assertThat(error(client.query("SELECT pg_sleep(1)"))).isEqualTo("57014");
    }
  }

  @Test
  void aTransactionsIsolationIsSetBeforeTheGatewayAsksAnything() {
    try (var client = gateway.through()) {
      client.query("BEGIN");
      client.query("SET search_path = public");
      assertThat(error(client.query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))).isEmpty();
      assertThat(texts(client.query("SHOW transaction_isolation"))).containsExactly("serializable");
      assertThat(texts(client.query("SELECT v FROM t"))).containsExactly("open");
    }
  }

  @Test
  void whatTheSessionMakesIsKnownToItsNextStatement() {
    try (var client = gateway.through()) {
      client.send(
          query("CREATE VIEW public.w AS SELECT v FROM secret.t"), query("SELECT v FROM w"),
          query("CREATE TEMP VIEW t AS SELECT v FROM secret.t"), query("SELECT v FROM t"));
      assertThat(error(client.readUntilReady())).isEmpty();
      assertThat(error(client.readUntilReady())).isEqualTo("42501");
      assertThat(error(client.readUntilReady())).isEmpty();
      assertThat(error(client.readUntilReady())).isEqualTo("42501");
    }
  }

  @Test
  void whatIsTemporaryInOneSessionIsNotForgottenForTheCatalogueOfAnother() {
    for (var way :
        new String[] {
          "CREATE TEMP VIEW t AS SELECT v FROM secret.t",
          "DO $$BEGIN CREATE TEMP VIEW t AS SELECT v FROM secret.t; END$$"
        }) {
      try (var client = gateway.through();
          var other = gateway.through()) {
        client.query(way);
        assertThat(error(client.query("SELECT v FROM t"))).as(way).isEqualTo("42501");
        other.query("CREATE TABLE public.passing ()");
        other.query("DROP TABLE public.passing");
        assertThat(texts(other.query("SELECT v FROM t"))).as(way).containsExactly("open");
        assertThat(error(client.query("SELECT v FROM t"))).as(way).isEqualTo("42501");
      }
    }
  }

  @Test
  void whatAnotherSessionMadeIsFoundOnceItIsLookedFor() {
    try (var client = gateway.through();
        var other = gateway.through()) {
      client.query("SELECT v FROM public.t");
      other.query("CREATE TABLE public.fresh AS SELECT 'new' AS v");
      other.query("CREATE VIEW public.seen AS SELECT v FROM secret.t");
      assertThat(texts(client.query("SELECT v FROM fresh"))).containsExactly("new");
      assertThat(error(client.query("SELECT v FROM seen"))).isEqualTo("42501");
      client.query("SELECT 1");
      other.query("CREATE OR REPLACE VIEW public.seen AS SELECT v FROM public.t");
      other.query("SELECT v FROM seen");
      assertThat(texts(client.query("SELECT v FROM seen"))).containsExactly("open");
      other.query("CREATE OR REPLACE VIEW public.seen AS SELECT v FROM secret.t");
      assertThat(error(client.query("SELECT v FROM seen"))).isEqualTo("42501");
    }
  }
}
