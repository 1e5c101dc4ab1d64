package dev.chaperone.identity.oidc;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Claims by name with the types that they must have (RFC 7519, 4.1); errors name the claim. */
record Claims(Map<String, Object> members) {
  private static final int MAX_SUBJECT_CHARACTERS = 1_000;

  /** The end of the year 9999: what no clock or record can hold is not a time. */
  private static final long MAX_EPOCH_SECONDS = 253_402_300_799L;

  /** A string claim, or null when there is none. */
  @Nullable String text(String name) throws InvalidInputException {
    return switch (members.get(name)) {
      case null -> null;
      case String text -> text;
      default -> throw new InvalidInputException("claim " + name + " is not a string");
    };
  }

  /** A string that is only shown: what is not a string or blank counts as none. */
  @Nullable String shown(String name) {
    return members.get(name) instanceof String text && !text.isBlank() ? text : null;
  }

  /**
   * The subject. It must be a name that looks like what it is: no control characters, nothing blank
   * around it, no broken Unicode.
   */
  String subject(String name) throws InvalidInputException {
    var subject = text("sub");
    if (subject == null || subject.isEmpty()) {
      throw new InvalidInputException("claim " + name + " is missing or empty");
    }
    if (subject.length() > MAX_SUBJECT_CHARACTERS) {
      throw new InvalidInputException("claim " + name + " is too long");
    }
    if (!subject.strip().equals(subject) || subject.codePoints().anyMatch(Claims::isUnfit)) {
      throw new InvalidInputException("claim " + name + " holds characters that no name has");
    }
    return subject;
  }

  private static boolean isUnfit(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /** A NumericDate, fractions dropped; empty when there is none. */
  Optional<Instant> time(String name) throws InvalidInputException {
    long seconds =
        switch (members.get(name)) {
          case null -> -1;
          case Long whole -> checked(name, whole);
          case Double fraction -> checked(name, fraction);
          default -> throw new InvalidInputException("claim " + name + " is not a time in seconds");
        };
    return seconds < 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
  }

  private static long checked(String name, double seconds) throws InvalidInputException {
    if (seconds < 0 || seconds > MAX_EPOCH_SECONDS) {
      throw new InvalidInputException("claim " + name + " is not a time that can be");
    }
    return (long) seconds;
  }

  /** Whether the audience is this, or a list with it. */
  boolean isFor(String audience) throws InvalidInputException {
    return switch (members.get("aud")) {
      case null -> throw new InvalidInputException("claim aud is missing");
      case String one -> one.equals(audience);
      case List<?> several when several.stream().allMatch(String.class::isInstance) ->
          several.contains(audience);
      default ->
          throw new InvalidInputException("claim aud is neither a string nor a list of strings");
    };
  }

  /** The actor's own claims (RFC 8693, 4.1), or null when nobody acts for the subject. */
  @Nullable Claims actor() throws InvalidInputException {
    return switch (members.get("act")) {
      case null -> null;
      case Map<?, ?> actor -> new Claims(StringKeys.of(actor));
      default -> throw new InvalidInputException("claim act is not an object");
    };
  }
}
