package dev.chaperone.core.policy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Claims in the form that CEL computes with: whole numbers are {@code int}, others {@code double}.
 */
final class ClaimValues {
  private ClaimValues() {}

  static Map<String, Object> of(Map<String, Object> claims) {
    var values = new HashMap<String, Object>();
    claims.forEach((name, value) -> values.put(name, of(value)));
    return values;
  }

  private static Object of(Object value) {
    return switch (value) {
      case Integer number -> (Object) number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      case Float number -> number.doubleValue();
      // A number beyond 64 bits has no CEL value; as a double it compares, inexactly.
      case BigInteger number ->
          number.bitLength() < Long.SIZE ? (Object) number.longValue() : number.doubleValue();
      case BigDecimal number -> number.doubleValue();
      case Map<?, ?> map -> {
        var values = new HashMap<String, Object>();
        map.forEach((name, inner) -> {
          if (inner != null) {
            values.put(String.valueOf(name), of(inner));
          }
        });
        yield values;
      }
      case Collection<?> list ->
          list.stream().filter(java.util.Objects::nonNull).map(ClaimValues::of).toList();
      default -> value;
    };
  }
}
