package dev.chaperone.postgres.masking;

import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.TypeInfo;

/** What of a type a mask must know to leave a valid value. */
enum ValueFamily {
  /** Any text is a value: text, varchar, char(n), name, unknown, citext. */
  TEXT,
  /** The type {@code "char"}: one byte. */
  SINGLE_CHARACTER,
  SMALL_INTEGER,
  INTEGER,
  BIG_INTEGER,
  NUMERIC,
  UUID,
  JSON,
  JSONB,
  XML,
  BYTES,
  /** Nothing but NULL is known to be valid. */
  OTHER;

  static ValueFamily of(long type, Catalogue catalogue) {
    if (catalogue.type(type).map(TypeInfo::textLike).orElse(false)) {
      return TEXT;
    }
    return type > Integer.MAX_VALUE ? OTHER : builtIn((int) type);
  }

  private static ValueFamily builtIn(int type) {
    return switch (type) {
      case 19, 25, 705, 1042, 1043 -> TEXT;
      case 18 -> SINGLE_CHARACTER;
      case 21 -> SMALL_INTEGER;
      case 23 -> INTEGER;
      case 20 -> BIG_INTEGER;
      case 1700 -> NUMERIC;
      case 2950 -> UUID;
      case 114 -> JSON;
      case 3802 -> JSONB;
      case 142 -> XML;
      case 17 -> BYTES;
      default -> OTHER;
    };
  }
}
