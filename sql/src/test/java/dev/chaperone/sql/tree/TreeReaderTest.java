package dev.chaperone.sql.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TreeReaderTest {
  private static final String TREE =
      """
      {"version":180004,"stmts":[{"stmt":{"SelectStmt":{"targetList":[{"ResTarget":{"val":{"FuncCall":
      {"funcname":[{"String":{"sval":"f"}}],"args":[{"A_Const":{"ival":{"ival":1}}}]}}}}],
      "fromClause":[{"RangeVar":{"relname":"t","inh":true}}],"op":"SETOP_NONE"}},"stmt_len":12}]}
      """;
  private static final TreeReader READER = new TreeReader();

  @Test
  void whatTheGrammarHasIsFamiliar() {
    var tree = read(TREE);
    assertThat(tree.familiar()).isTrue();
    var raw = tree.statements().getFirst();
    assertThat(raw.number("stmt_len")).isEqualTo(12);
    var select = raw.nodes("stmt").getFirst();
    assertThat(select.type()).isEqualTo("SelectStmt");
    assertThat(select.nodes("fromClause").getFirst().text("relname")).isEqualTo("t");
  }

  @Test
  void anUnknownFieldIsStrange() {
    assertThat(read(TREE.replace("\"inh\":true", "\"inh\":true,\"shadow\":{\"a\":[1]}")).familiar())
        .isFalse();
  }

  @Test
  void anUnknownNodeIsStrange() {
    assertThat(read(TREE.replace("RangeVar", "RangeVarOfNineteen")).familiar()).isFalse();
  }

  @Test
  void aNodeWhereNoneBelongsIsStrange() {
    assertThat(read(TREE.replace("\"inh\":true", "\"inh\":{\"FuncCall\":{}}")).familiar())
        .isFalse();
  }

  @Test
  void whatIsNoTreeIsRefused() {
    assertThatThrownBy(() -> read("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read("[1]")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> read(TREE.substring(0, 100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a parse tree");
  }

  @Test
  void damagedTreesAreReadOrRefused() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      byte[] damaged = TREE.getBytes(StandardCharsets.UTF_8);
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) (32 + random.nextInt(96));
      }
      String where = "seed " + seed + ": " + new String(damaged, StandardCharsets.UTF_8);
      try {
        assertThat(READER.read(damaged).statements()).as(where).isNotNull();
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).as(where).startsWith("not a parse tree");
      }
    }
  }

  private static ParseTree read(String tree) {
    return READER.read(tree.getBytes(StandardCharsets.UTF_8));
  }
}
