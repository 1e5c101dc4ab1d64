package dev.chaperone.sql.compiler;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.OpCode;

/**
 * The contents of a module's memory as one piece, since its thousands of data segments take longer
 * to read than all else: an int, big endian, with the address of the first byte, and the bytes.
 */
final class MemoryImage {
  private record Segment(int address, ByteBuffer data) {
    int end() {
      return address + data.remaining();
    }
  }

  private MemoryImage() {}

  static byte[] of(WasmModule module) {
    var segments = new ArrayList<Segment>();
    for (var data : module.dataSection().dataSegments()) {
      if (!(data instanceof ActiveDataSegment active) || active.index() != 0) {
        throw new UnsupportedOperationException("data segment " + data);
      }
      var address = active.offsetInstructions().getFirst();
      if (address.opcode() != OpCode.I32_CONST) {
        throw new UnsupportedOperationException("address of data segment " + address);
      }
      segments.add(new Segment((int) address.operand(0), ByteBuffer.wrap(active.data())));
    }
    int start = segments.stream().mapToInt(Segment::address).min().orElse(0);
    int end = segments.stream().mapToInt(Segment::end).max().orElse(0);
    var image = ByteBuffer.allocate(Integer.BYTES + end - start).putInt(start);
    // In their order, as the specification initialises memory.
    for (Segment part : segments) {
      image.position(Integer.BYTES + part.address() - start).put(part.data());
    }
    return image.array();
  }
}
