package dev.chaperone.postgres.catalogue;

/** What a row of {@code pg_class} is. */
public enum RelationKind {
  TABLE('r'),
  PARTITIONED_TABLE('p'),
  VIEW('v'),
  MATERIALIZED_VIEW('m'),
  FOREIGN_TABLE('f'),
  SEQUENCE('S'),
  INDEX('i'),
  PARTITIONED_INDEX('I'),
  TOAST_TABLE('t'),
  COMPOSITE_TYPE('c'),
  /** A kind that PostgreSQL 18 does not have. */
  OTHER('?');

  private final char letter;

  RelationKind(char letter) {
    this.letter = letter;
  }

  /** The kind that {@code relkind} names. */
  static RelationKind of(String relkind) {
    for (RelationKind kind : values()) {
      if (relkind.length() == 1 && relkind.charAt(0) == kind.letter) {
        return kind;
      }
    }
    return OTHER;
  }
}
