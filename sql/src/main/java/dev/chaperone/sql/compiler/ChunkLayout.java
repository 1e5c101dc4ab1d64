package dev.chaperone.sql.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.OpCode;

/**
 * How a function's basic blocks are packed, in their order, into chunks that each fit a short JVM
 * method; and the numbers by which a chunk is entered at a block from outside. A chunk's entry
 * numbers follow one another, and those of the chunk before.
 */
final class ChunkLayout {
  /** Estimated bytes; what is written is measured afterwards against the real limit. */
  private static final int CHUNK_BYTES = 5200;

  private static final int LABEL_BYTES = 12;

  private final List<Integer> starts = new ArrayList<>();
  private final int[] chunkOf;
  private final Map<Integer, Integer> entryIds = new HashMap<>();
  private final int[] firstEntry;

  ChunkLayout(WasmFunction function, ControlFlow flow) {
    chunkOf = new int[function.code().size() + 1];
    pack(function, flow);
    var entries = entries(function, flow);
    firstEntry = new int[starts.size()];
    for (int chunk = 0; chunk < chunks(); chunk++) {
      firstEntry[chunk] = entryIds.size();
      for (int at : entries.subSet(start(chunk), end(chunk))) {
        entryIds.put(at, entryIds.size());
      }
    }
    firstEntry[chunks()] = entryIds.size();
  }

  int chunks() {
    return starts.size() - 1;
  }

  /** The first instruction of a chunk. */
  int start(int chunk) {
    return starts.get(chunk);
  }

  /** One beyond the last instruction of a chunk. */
  int end(int chunk) {
    return starts.get(chunk + 1);
  }

  int chunkOf(int at) {
    return chunkOf[at];
  }

  /** The first entry number of a chunk; for one chunk too many, the count of all. */
  int firstEntry(int chunk) {
    return firstEntry[chunk];
  }

  /** The entry number of a block, which is entered from another chunk. */
  int entry(int at) {
    Integer id = entryIds.get(at);
    if (id == null) {
      throw new IllegalStateException("no entry at " + at);
    }
    return id;
  }

  boolean isEntry(int at) {
    return entryIds.containsKey(at);
  }

  /**
   * Whether all targets of a table lie in the chunk of the instruction here and take nothing along.
   */
  boolean local(int at, List<Edge> targets) {
    return targets.stream()
        .allMatch(edge ->
            edge.target() != Edge.RETURN
                && edge.carried() == 0
                && chunkOf[edge.target()] == chunkOf[at]);
  }

  private void pack(WasmFunction function, ControlFlow flow) {
    starts.add(0);
    int size = 0;
    int count = function.code().size();
    for (int block = 0; block < count; ) {
      int next = block + 1;
      int bytes = LABEL_BYTES + cost(function.code().get(block));
      while (next < count && !flow.begins(next)) {
        bytes += flow.reachable(next) ? cost(function.code().get(next)) : 0;
        next++;
      }
      if (size > 0 && size + bytes > CHUNK_BYTES) {
        starts.add(block);
        size = 0;
      }
      size += bytes;
      for (int i = block; i < next; i++) {
        chunkOf[i] = starts.size() - 1;
      }
      block = next;
    }
    starts.add(count);
  }

  private NavigableSet<Integer> entries(WasmFunction function, ControlFlow flow) {
    var entries = new TreeSet<Integer>();
    for (int chunk = 0; chunk < chunks(); chunk++) {
      if (flow.begins(start(chunk))) {
        entries.add(start(chunk));
      }
    }
    flow.edges()
        .forEach((at, targets) -> {
          boolean table = function.code().get(at).opcode() == OpCode.BR_TABLE;
          for (Edge edge : targets) {
            if (edge.target() != Edge.RETURN
                && (chunkOf[edge.target()] != chunkOf[at] || (table && !local(at, targets)))) {
              entries.add(edge.target());
            }
          }
        });
    return entries;
  }

  private static int cost(AnnotatedInstruction instruction) {
    return switch (instruction.opcode()) {
      case BLOCK, LOOP, END, ELSE, NOP -> 1;
      case LOCAL_GET, LOCAL_SET, I32_CONST, I64_CONST, F64_CONST, F32_CONST -> 3;
      case LOCAL_TEE -> 4;
      case GLOBAL_GET, GLOBAL_SET -> 7;
      case SELECT -> 10;
      case CALL, BR, BR_IF, IF -> 14;
      case CALL_INDIRECT -> 16;
      case BR_TABLE -> 24 + Math.min(instruction.operandCount(), 64) * 4;
      default -> 8;
    };
  }
}
