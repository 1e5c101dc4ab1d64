package dev.chaperone.sql.grammar;

import org.jspecify.annotations.Nullable;

/**
 * The parser failed on a text, which says nothing about the text. The instance that threw it must
 * not be used again.
 */
public final class GrammarFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GrammarFault(String message) {
    super(message);
  }

  GrammarFault(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
