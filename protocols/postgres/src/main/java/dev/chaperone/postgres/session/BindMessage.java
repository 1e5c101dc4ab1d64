package dev.chaperone.postgres.session;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.meaning.ParameterText;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Bind message.
 *
 * @param portal the portal that it makes
 * @param statement the statement that it binds
 * @param formats the format code of each value, spread out
 * @param values the values; null for NULL
 * @param resultFormats the result's format codes: none for text, one for all, or one a column
 */
record BindMessage(
    String portal,
    String statement,
    List<Boolean> formats,
    List<@Nullable Bytes> values,
    List<Boolean> resultFormats) {

  static BindMessage read(byte[] message) throws ProtocolViolationException {
    var body = Body.ofMessage(message);
    var portal = body.string();
    var statement = body.string();
    var codes = codes(body);
    int count = body.count();
    if (codes.size() > 1 && codes.size() != count) {
      throw new ProtocolViolationException("Bind with other formats than values");
    }
    var formats = new ArrayList<Boolean>();
    var values = new ArrayList<@Nullable Bytes>();
    for (int i = 0; i < count; i++) {
      formats.add(codes.isEmpty() ? false : codes.get(codes.size() == 1 ? 0 : i));
      int length = body.int32();
      if (length < -1) {
        throw new ProtocolViolationException("a value of negative length");
      }
      values.add(length < 0 ? null : Bytes.copyOf(body.bytes(length)));
    }
    var resultFormats = codes(body);
    body.end("Bind");
    return new BindMessage(portal, statement, formats, values, resultFormats);
  }

  private static List<Boolean> codes(Body body) throws ProtocolViolationException {
    int count = body.count();
    var codes = new ArrayList<Boolean>();
    for (int i = 0; i < count; i++) {
      int code = body.int16();
      if (code != 0 && code != 1) {
        throw new ProtocolViolationException("format code " + code);
      }
      codes.add(code == 1);
    }
    return codes;
  }

  /**
   * The values as people and policies see them.
   *
   * @param types the statement's
   */
  List<Parameter> parameters(ParameterTypes types, Catalogue catalogue) {
    var parameters = new ArrayList<Parameter>(values.size());
    for (int i = 0; i < values.size(); i++) {
      var value = values.get(i);
      parameters.add(
          ParameterText.parameter(
              types.oid(i), formats.get(i), value == null ? null : value.toArray(), catalogue));
    }
    return parameters;
  }
}
