package dev.chaperone.identity.oidc;

import dev.chaperone.core.identity.Intent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The intent that a token carries. */
final class StatedIntent {
  /** Our own claim: a text, or an object with {@code text}, {@code ticket} and {@code trace}. */
  static final String CLAIM = "chaperone_intent";

  /** Another issuer's name for it; in another form it means something else and is ignored. */
  static final String COMMON_CLAIM = "intent";

  private StatedIntent() {}

  /** The intent; our own claim in another form is an error. */
  static Intent of(Claims claims) throws InvalidInputException {
    var own = claims.members().get(CLAIM);
    if (own != null) {
      var intent = read(own);
      if (intent == null) {
        throw new InvalidInputException(
            "claim " + CLAIM + " is neither a text nor text, ticket, trace");
      }
      return intent;
    }
    var common = read(claims.members().get(COMMON_CLAIM));
    return common == null ? Intent.NONE : common;
  }

  private static @Nullable Intent read(@Nullable Object value) {
    return switch (value) {
      case String text -> new Intent(text, null, null);
      case Map<?, ?> parts when parts.values().stream().allMatch(String.class::isInstance) ->
          new Intent(part(parts, "text"), part(parts, "ticket"), part(parts, "trace"));
      case null, default -> null;
    };
  }

  private static @Nullable String part(Map<?, ?> parts, String name) {
    return parts.get(name) instanceof String text ? text : null;
  }
}
