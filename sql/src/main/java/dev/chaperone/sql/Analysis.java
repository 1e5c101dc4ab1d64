package dev.chaperone.sql;

import dev.chaperone.sql.tree.Node;

/** The analysis of one statement, or of a statement inside one. */
final class Analysis {
  private final Findings findings;
  private final String text;

  Analysis(Catalogues catalogues, String text) {
    findings = new Findings(catalogues);
    this.text = text;
  }

  Findings findings() {
    return findings;
  }

  /**
   * @param node the statement itself, such as SelectStmt
   */
  Statement statement(Node node) {
    var kind = new Walker(findings, text).topLevel(node);
    return findings.statement(kind, CommandTag.of(node), text);
  }
}
