package dev.chaperone.sql.compiler;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** A WebAssembly module's bytes, cut at its sections (WebAssembly core specification, 5.5). */
final class WasmBinary {
  private static final int HEADER = 8;
  private static final int CODE_SECTION = 10;
  private static final int DATA_SECTION = 11;
  private static final int DATA_COUNT_SECTION = 12;

  /** A body without locals that is one {@code unreachable}, with its length before it. */
  private static final byte[] EMPTY_BODY = {3, 0, 0x00, 0x0b};

  private final byte[] module;
  private final boolean data;
  private int at;

  private WasmBinary(byte[] module, boolean data) {
    this.module = module;
    this.data = data;
  }

  /**
   * The module with the bodies of some functions replaced by a trap; all else is kept byte for
   * byte.
   *
   * @param emptied takes the position of a function in the code section, from 0
   */
  static byte[] withoutBodies(byte[] module, IntPredicate emptied) {
    return new WasmBinary(module, true).rewrite(emptied);
  }

  /**
   * The module's outline: without the code of any function, and without the contents of its memory.
   */
  static byte[] outline(byte[] module) {
    return new WasmBinary(module, false).rewrite(body -> true);
  }

  private byte[] rewrite(IntPredicate emptied) {
    var out = new ByteArrayOutputStream(module.length);
    out.write(module, 0, HEADER);
    at = HEADER;
    while (at < module.length) {
      int id = module[at++];
      int size = number();
      int end = at + size;
      if (!data && (id == DATA_SECTION || id == DATA_COUNT_SECTION)) {
        at = end;
        continue;
      }
      byte[] section = id == CODE_SECTION ? bodies(emptied) : Arrays.copyOfRange(module, at, end);
      out.write(id);
      writeNumber(out, section.length);
      out.writeBytes(section);
      at = end;
    }
    return out.toByteArray();
  }

  private byte[] bodies(IntPredicate emptied) {
    var out = new ByteArrayOutputStream();
    int count = number();
    writeNumber(out, count);
    for (int i = 0; i < count; i++) {
      int start = at;
      int size = number();
      at += size;
      if (emptied.test(i)) {
        out.writeBytes(EMPTY_BODY);
      } else {
        out.write(module, start, at - start);
      }
    }
    return out.toByteArray();
  }

  private int number() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = module[at++];
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("LEB128 number too long at " + at);
  }

  private static void writeNumber(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
