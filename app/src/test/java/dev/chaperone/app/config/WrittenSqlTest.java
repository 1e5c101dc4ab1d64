package dev.chaperone.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrittenSqlTest {
  private final WrittenSql sql = new WrittenSql();

  @AfterAll
  void close() {
    sql.close();
  }

  private Command.Statement statement(String text) {
    return (Command.Statement) sql.read("orders", text, List.of());
  }

  @Test
  void severalStatementsAreOneCommand() {
    var both = statement("SELECT now() FROM customers; DELETE FROM shop.carts");
    assertThat(both.effects()).containsExactlyInAnyOrder(Effect.READ, Effect.DELETE);
    assertThat(both.relations()).containsExactly("public.customers", "shop.carts");
    assertThat(both.functions()).containsExactly("pg_catalog.now");
  }

  @Test
  void aFunctionThatPostgresDoesNotHaveMakesTheEffectUnknown() {
    var unknown = statement("SELECT purge()");
    assertThat(unknown.effects()).contains(Effect.UNKNOWN);
    assertThat(unknown.functions()).containsExactly("public.purge");
  }

  @Test
  void anEmptyTextOnlyTouchesTheSession() {
    assertThat(statement(" -- nothing").effects()).containsExactly(Effect.SESSION);
  }

  @Test
  void whatIsNotSqlIsUnreadable() {
    assertThat(sql.read("orders", "SELEC 1", List.of()))
        .isEqualTo(
            new Command.Unreadable("SELEC 1", "syntax error at or near \"SELEC\" at character 1"));
  }
}
