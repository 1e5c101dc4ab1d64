package dev.chaperone.core.masking;

import java.util.Comparator;
import java.util.List;

/** How a value is replaced. A masked value stays valid for its type, else it is null. */
public sealed interface MaskWith {
  /** A constant in the value's place. */
  record Redact() implements MaskWith {}

  /** NULL in the value's place. */
  record Null() implements MaskWith {}

  /** A keyed digest: equal values stay equal within one gateway, and cannot be guessed offline. */
  record Hash() implements MaskWith {}

  /** All but the last {@code last} characters replaced. */
  record KeepLast(int last) implements MaskWith {
    public KeepLast {
      if (last < 0) {
        throw new IllegalArgumentException("keep.last is negative");
      }
    }
  }

  /** The one that hides most, for a column that several masks meet: null, redact, hash, keep. */
  static MaskWith strictest(List<MaskWith> all) {
    return all.stream().min(Comparator.comparingInt(MaskWith::rank)).orElseThrow();
  }

  private static int rank(MaskWith with) {
    return switch (with) {
      case Null _ -> 0;
      case Redact _ -> 1;
      case Hash _ -> 2;
      case KeepLast(int last) -> 3 + Math.min(last, 1_000_000);
    };
  }
}
