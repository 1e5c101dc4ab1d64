package dev.chaperone.postgres.meaning;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.TypeInfo;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Bound values as people and policies read them. */
public final class ParameterText {
  private ParameterText() {}

  /**
   * A bound value with its type's name, which has its schema unless that is {@code pg_catalog}, and
   * its text.
   *
   * @param type the type's OID, 0 when it is not known
   * @param value null for NULL
   */
  public static Parameter parameter(
      long type, boolean binary, byte @Nullable [] value, Catalogue catalogue) {
    var name = catalogue.type(type).map(ParameterText::name).orElse("unknown");
    return value == null
        ? new Parameter(name, binary, null, null)
        : new Parameter(name, binary, Bytes.copyOf(value), of(type, binary, value));
  }

  /**
   * A value as PostgreSQL would print it with its default settings, time stamps in UTC; a value
   * that cannot be read, or a type whose binary format is not known here, as {@code \x} and
   * hexadecimal digits. Never throws.
   *
   * @param type the type's OID, an unsigned 32-bit number
   */
  public static String of(long type, boolean binary, byte[] value) {
    try {
      return binary ? BinaryValues.text(type, ByteBuffer.wrap(value), 0) : utf8(value);
    } catch (CharacterCodingException | BufferUnderflowException | UnreadableValueException e) {
      return hex(value);
    }
  }

  /** A user's own type may have the name of a built-in one. */
  private static String name(TypeInfo type) {
    return type.schema().equals("pg_catalog") ? type.name() : type.schema() + "." + type.name();
  }

  static String utf8(byte[] value) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
  }

  static String hex(byte[] value) {
    return "\\x" + HexFormat.of().formatHex(value);
  }
}
