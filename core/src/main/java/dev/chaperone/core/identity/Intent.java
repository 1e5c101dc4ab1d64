package dev.chaperone.core.identity;

import org.jspecify.annotations.Nullable;

/**
 * What the actor says that it is doing; a statement, never a proof.
 *
 * @param text free text, at most {@link #MAX_CHARACTERS}
 * @param ticket a ticket's identifier
 * @param trace a W3C {@code traceparent}
 */
public record Intent(@Nullable String text, @Nullable String ticket, @Nullable String trace) {
  /** The longest text, ticket or trace that is kept; longer ones are cut. */
  public static final int MAX_CHARACTERS = 1_000;

  /** Nothing stated. */
  public static final Intent NONE = new Intent(null, null, null);

  public Intent {
    text = cut(text);
    ticket = cut(ticket);
    trace = cut(trace);
  }

  /** Whether nothing is stated. */
  public boolean isEmpty() {
    return text == null && ticket == null && trace == null;
  }

  /** The same with another text. */
  public Intent withText(@Nullable String newText) {
    return new Intent(newText, ticket, trace);
  }

  /** The same with another trace. */
  public Intent withTrace(@Nullable String newTrace) {
    return new Intent(text, ticket, newTrace);
  }

  private static @Nullable String cut(@Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    if (value.length() <= MAX_CHARACTERS) {
      return value;
    }
    boolean splits = Character.isHighSurrogate(value.charAt(MAX_CHARACTERS - 1));
    return value.substring(0, splits ? MAX_CHARACTERS - 1 : MAX_CHARACTERS);
  }
}
