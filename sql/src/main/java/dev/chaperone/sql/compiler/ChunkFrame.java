package dev.chaperone.sql.compiler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Where a chunk keeps its values. Between chunks they lie in an array of longs, the frame: the
 * function's locals, then its operand stack; a returning function leaves its result in slot 0.
 * Within a chunk the locals it uses are JVM locals.
 */
final class ChunkFrame {
  // The parameters of every chunk method, in order.
  static final int ENTRY = 0;
  static final int FRAME = 1;
  static final int MEMORY = 2;
  static final int INSTANCE = 3;
  private static final int SCRATCH = 4;
  private static final int FIRST_LOCAL = 6;

  /** What a chunk answers instead of an entry number when the function has returned. */
  static final int RETURNED = -1;

  static final String DESCRIPTOR = "(I[J" + Jvm.MEMORY + Jvm.INSTANCE + ")I";

  private final WasmFunction function;
  private final Map<Integer, Integer> variables = new HashMap<>();

  /** The locals used here, and whether they are written. */
  private final TreeMap<Integer, Boolean> used = new TreeMap<>();

  ChunkFrame(WasmFunction function, ControlFlow flow, int start, int end) {
    this.function = function;
    for (int i = start; i < end; i++) {
      var instruction = function.code().get(i);
      if (flow.reachable(i)) {
        switch (instruction.opcode()) {
          case LOCAL_GET -> used.putIfAbsent((int) instruction.operand(0), false);
          case LOCAL_SET, LOCAL_TEE -> used.put((int) instruction.operand(0), true);
          default -> {}
        }
      }
    }
    int next = FIRST_LOCAL;
    for (int local : used.keySet()) {
      variables.put(local, next);
      next += function.locals().get(local).size();
    }
  }

  /** The slots that a function's frame needs. */
  static int slots(WasmFunction function, ControlFlow flow) {
    return Math.max(1, function.locals().size() + flow.maxHeight());
  }

  void loadLocals(MethodVisitor code) {
    for (int local : used.keySet()) {
      fromSlot(code, local, function.locals().get(local));
      set(code, local);
    }
  }

  void saveLocals(MethodVisitor code) {
    used.forEach((local, written) -> {
      if (written) {
        get(code, local);
        toSlot(code, local, function.locals().get(local));
      }
    });
  }

  void get(MethodVisitor code, int local) {
    code.visitVarInsn(function.locals().get(local).load(), variable(local));
  }

  void set(MethodVisitor code, int local) {
    code.visitVarInsn(function.locals().get(local).store(), variable(local));
  }

  /** Stores the JVM stack into the frame, and leaves it empty. */
  void spill(MethodVisitor code, List<ValueKind> stack) {
    for (int i = stack.size() - 1; i >= 0; i--) {
      toSlot(code, function.locals().size() + i, stack.get(i));
    }
  }

  /** Loads the JVM stack from the frame. */
  void reload(MethodVisitor code, List<ValueKind> stack) {
    for (int i = 0; i < stack.size(); i++) {
      fromSlot(code, function.locals().size() + i, stack.get(i));
    }
  }

  /**
   * Moves what a jump takes along from the top of the spilled operand stack to where its target
   * expects it.
   */
  void carry(MethodVisitor code, Edge edge, int height) {
    int from = function.locals().size() + height - edge.carried();
    int to = function.locals().size() + edge.height();
    for (int i = 0; i < edge.carried() && from != to; i++) {
      code.visitVarInsn(Opcodes.ALOAD, FRAME);
      Jvm.push(code, to + i);
      code.visitVarInsn(Opcodes.ALOAD, FRAME);
      Jvm.push(code, from + i);
      code.visitInsn(Opcodes.LALOAD);
      code.visitInsn(Opcodes.LASTORE);
    }
  }

  static void fromSlot(MethodVisitor code, int slot, ValueKind kind) {
    code.visitVarInsn(Opcodes.ALOAD, FRAME);
    Jvm.push(code, slot);
    code.visitInsn(Opcodes.LALOAD);
    kind.fromSlot(code);
  }

  static void toSlot(MethodVisitor code, int slot, ValueKind kind) {
    kind.toSlot(code);
    code.visitVarInsn(Opcodes.LSTORE, SCRATCH);
    code.visitVarInsn(Opcodes.ALOAD, FRAME);
    Jvm.push(code, slot);
    code.visitVarInsn(Opcodes.LLOAD, SCRATCH);
    code.visitInsn(Opcodes.LASTORE);
  }

  /**
   * Keeps an int that lies on the JVM stack while that is spilled. The scratch variable of {@link
   * #toSlot} stays free.
   */
  int keep(MethodVisitor code) {
    int variable = FIRST_LOCAL + 2 * used.size();
    code.visitVarInsn(Opcodes.ISTORE, variable);
    return variable;
  }

  private int variable(int local) {
    Integer variable = variables.get(local);
    if (variable == null) {
      throw new IllegalStateException("local " + local + " is not used in this chunk");
    }
    return variable;
  }
}
