package dev.chaperone.postgres.catalogue;

import java.io.IOException;

/** Where the server keeps what it runs when a relation is used. */
enum StoredCode {
  VIEW('v'),
  RULE('r'),
  DEFAULT('d'),
  /** From PostgreSQL 18 on computed when it is read, if it is virtual. */
  GENERATED('g'),
  /** The planner too evaluates its constant parts. */
  CHECK('k'),
  /** Indexes, partition keys and statistics; the planner too evaluates their constant parts. */
  INDEX('i'),
  POLICY('p'),
  TRIGGER('t'),
  /** A type, in the place of a relation. */
  TYPE('y');

  private final char letter;

  StoredCode(char letter) {
    this.letter = letter;
  }

  /** When it runs. */
  RunsCode runs() {
    return switch (this) {
      case VIEW, GENERATED, CHECK, INDEX, TYPE -> RunsCode.ALWAYS;
      case DEFAULT -> RunsCode.ON_WRITE_AND_BUILD;
      case POLICY -> RunsCode.ON_READ_AND_WRITE;
      case RULE, TRIGGER -> RunsCode.ON_WRITE;
    };
  }

  static StoredCode of(String letter) throws IOException {
    for (StoredCode code : values()) {
      if (letter.length() == 1 && letter.charAt(0) == code.letter) {
        return code;
      }
    }
    throw new IOException("the catalogue names an unknown kind of stored code");
  }
}
