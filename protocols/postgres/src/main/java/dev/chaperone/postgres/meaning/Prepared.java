package dev.chaperone.postgres.meaning;

import dev.chaperone.sql.Statement;
import java.util.Optional;

/** What names of the session's prepared statements and cursors stand for. */
public interface Prepared {
  /** Nothing is prepared. */
  Prepared NONE =
      new Prepared() {
        @Override
        public Optional<Statement> statement(String name) {
          return Optional.empty();
        }

        @Override
        public Optional<Statement> cursor(String name) {
          return Optional.empty();
        }
      };

  /** The statement that PREPARE or a Parse message gave this name; empty when it is not known. */
  Optional<Statement> statement(String name);

  /** The query of the cursor or portal of this name; empty when it is not known. */
  Optional<Statement> cursor(String name);
}
