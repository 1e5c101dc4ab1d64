package dev.chaperone.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a PostgreSQL client sends, built as the manual, chapter 54.7, lays them out.
 */
public final class PgMessages {
  private static final int PROTOCOL_3_0 = 196_608;
  private static final int TLS_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final int CANCEL_REQUEST = 80_877_102;

  private PgMessages() {}

  /** A StartupMessage for protocol 3.0 with these parameters, in the map's order. */
  public static PgFrame startup(Map<String, String> parameters) {
    return startup(PROTOCOL_3_0, parameters);
  }

  /** A StartupMessage for any protocol version. */
  public static PgFrame startup(int version, Map<String, String> parameters) {
    var body = new Body().int32(version);
    parameters.forEach((name, value) -> body.text(name).text(value));
    return body.int8(0).untyped("Startup");
  }

  public static PgFrame tlsRequest() {
    return new Body().int32(TLS_REQUEST).untyped("SSLRequest");
  }

  public static PgFrame gssRequest() {
    return new Body().int32(GSS_REQUEST).untyped("GSSENCRequest");
  }

  /** A CancelRequest with the process and secret key of BackendKeyData. */
  public static PgFrame cancel(int process, byte[] secretKey) {
    return new Body().int32(CANCEL_REQUEST).int32(process).raw(secretKey).untyped("Cancel");
  }

  public static PgFrame password(String password) {
    return new Body().text(password).frame('p');
  }

  public static PgFrame saslInitial(String mechanism, byte[] response) {
    return new Body().text(mechanism).int32(response.length).raw(response).frame('p');
  }

  public static PgFrame saslResponse(byte[] response) {
    return new Body().raw(response).frame('p');
  }

  public static PgFrame query(String sql) {
    return new Body().text(sql).frame('Q');
  }

  /** A Parse; types by OID, and those that are left out the server infers. */
  public static PgFrame parse(String statement, String sql, int... types) {
    var body = new Body().text(statement).text(sql).int16(types.length);
    for (int type : types) {
      body.int32(type);
    }
    return body.frame('P');
  }

  /** A Bind with values in text format, results in text format. */
  public static PgFrame bind(String portal, String statement, @Nullable String... values) {
    var bytes = new ArrayList<byte @Nullable []>();
    for (var value : values) {
      bytes.add(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }
    return bind(portal, statement, new short[0], bytes, new short[0]);
  }

  /** A Bind with any formats: 0 is text, 1 binary; none means all text, one means that for all. */
  public static PgFrame bind(
      String portal,
      String statement,
      short[] formats,
      List<byte @Nullable []> values,
      short[] resultFormats) {
    var body = new Body().text(portal).text(statement).shorts(formats).int16(values.size());
    for (var value : values) {
      if (value == null) {
        body.int32(-1);
      } else {
        body.int32(value.length).raw(value);
      }
    }
    return body.shorts(resultFormats).frame('B');
  }

  public static PgFrame describeStatement(String name) {
    return new Body().int8('S').text(name).frame('D');
  }

  public static PgFrame describePortal(String name) {
    return new Body().int8('P').text(name).frame('D');
  }

  /** An Execute; 0 rows means all. */
  public static PgFrame execute(String portal, int rows) {
    return new Body().text(portal).int32(rows).frame('E');
  }

  public static PgFrame closeStatement(String name) {
    return new Body().int8('S').text(name).frame('C');
  }

  public static PgFrame closePortal(String name) {
    return new Body().int8('P').text(name).frame('C');
  }

  public static PgFrame sync() {
    return new Body().frame('S');
  }

  public static PgFrame flush() {
    return new Body().frame('H');
  }

  public static PgFrame terminate() {
    return new Body().frame('X');
  }

  public static PgFrame copyData(byte[] data) {
    return new Body().raw(data).frame('d');
  }

  public static PgFrame copyDone() {
    return new Body().frame('c');
  }

  public static PgFrame copyFail(String reason) {
    return new Body().text(reason).frame('f');
  }

  private static final class Body {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Body int8(int value) {
      bytes.write(value);
      return this;
    }

    Body int16(int value) {
      return raw(ByteBuffer.allocate(2).putShort((short) value).array());
    }

    Body int32(int value) {
      return raw(ByteBuffer.allocate(4).putInt(value).array());
    }

    Body shorts(short[] values) {
      int16(values.length);
      for (short value : values) {
        int16(value);
      }
      return this;
    }

    Body text(String value) {
      return raw(value.getBytes(StandardCharsets.UTF_8)).int8(0);
    }

    Body raw(byte[] value) {
      bytes.writeBytes(value);
      return this;
    }

    PgFrame frame(char type) {
      return PgFrame.of(type, bytes.toByteArray());
    }

    PgFrame untyped(String name) {
      return new PgFrame(PgFrame.UNTYPED, bytes.toByteArray(), name);
    }
  }
}
