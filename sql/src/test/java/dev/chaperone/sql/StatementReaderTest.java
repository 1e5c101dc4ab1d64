package dev.chaperone.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.sql.tree.Node;
import dev.chaperone.sql.tree.ParseTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StatementReaderTest {
  private static final StatementReader READER = new StatementReader();
  private static final byte[] TEXT = "SELECT 1".getBytes(StandardCharsets.UTF_8);

  @Test
  void whatIsNotFamiliarIsUnknown() {
    assertThat(read(Node.empty("SelectStmt"), true).effects()).containsExactly(Effect.READ);
    var doubtful = read(Node.empty("SelectStmt"), false);
    assertThat(doubtful.effects()).containsExactly(Effect.READ, Effect.UNKNOWN);
    assertThat(doubtful.reachesUnknown()).isTrue();
  }

  @Test
  void aStatementThatIsNotListedIsUnknown() {
    assertThat(read(Node.empty("FrobnicateStmt"), true).effects()).containsExactly(Effect.UNKNOWN);
  }

  @Test
  void aStatementThatIsNotListedIsUnknownInsideAnother() {
    var explain = new Node("ExplainStmt", Map.of("query", Node.empty("FrobnicateStmt")));
    assertThat(read(explain, true).effects()).containsExactly(Effect.READ, Effect.UNKNOWN);
    var rule = new Node("RuleStmt", Map.of("actions", List.of(Node.empty("FrobnicateStmt"))));
    assertThat(read(rule, true).effects()).containsExactly(Effect.SCHEMA, Effect.UNKNOWN);
  }

  private static Statement read(Node node, boolean familiar) {
    var tree = new ParseTree(List.of(new Node("RawStmt", Map.of("stmt", node))), familiar);
    return READER.read(TEXT, tree).getFirst();
  }
}
