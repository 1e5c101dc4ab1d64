package dev.chaperone.sql.compiler;

import static dev.chaperone.sql.compiler.ValueKind.F32;
import static dev.chaperone.sql.compiler.ValueKind.F64;
import static dev.chaperone.sql.compiler.ValueKind.I32;
import static dev.chaperone.sql.compiler.ValueKind.I64;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import run.endive.wasm.types.OpCode;

/**
 * A load from or a store to linear memory, done by the checked accessors that Endive compiles
 * beside the module.
 *
 * @param accessor the accessor's name without {@code memoryRead} or {@code memoryWrite}
 * @param width the Java type that the accessor takes or gives
 * @param before JVM instructions that narrow the value before a store
 * @param after JVM instructions that widen the value after a load
 * @param mask applied to a loaded int when not 0, for unsigned bytes and shorts
 */
record MemoryAccess(
    ValueKind kind,
    boolean load,
    String accessor,
    char width,
    int mask,
    List<Integer> before,
    List<Integer> after) {

  /** The access that this instruction makes, or null when it makes none. */
  static @Nullable MemoryAccess of(OpCode opcode) {
    return switch (opcode) {
      case I32_LOAD -> load(I32, "Int", 'I', 0);
      case I32_LOAD8_S -> load(I32, "Byte", 'B', 0);
      case I32_LOAD8_U -> load(I32, "Byte", 'B', 0xff);
      case I32_LOAD16_S -> load(I32, "Short", 'S', 0);
      case I32_LOAD16_U -> load(I32, "Short", 'S', 0xffff);
      case I64_LOAD -> load(I64, "Long", 'J', 0);
      case I64_LOAD8_S -> load(I64, "Byte", 'B', 0, Opcodes.I2L);
      case I64_LOAD8_U -> load(I64, "Byte", 'B', 0xff, Opcodes.I2L);
      case I64_LOAD16_S -> load(I64, "Short", 'S', 0, Opcodes.I2L);
      case I64_LOAD16_U -> load(I64, "Short", 'S', 0xffff, Opcodes.I2L);
      case I64_LOAD32_S -> load(I64, "Int", 'I', 0, Opcodes.I2L);
      // -1 stands for the mask of 32 bits, which is a long's.
      case I64_LOAD32_U -> load(I64, "Int", 'I', -1, Opcodes.I2L);
      case F32_LOAD -> load(F32, "Float", 'F', 0);
      case F64_LOAD -> load(F64, "Double", 'D', 0);
      case I32_STORE -> store(I32, "Int", 'I');
      case I32_STORE8 -> store(I32, "Byte", 'B', Opcodes.I2B);
      case I32_STORE16 -> store(I32, "Short", 'S', Opcodes.I2S);
      case I64_STORE -> store(I64, "Long", 'J');
      case I64_STORE8 -> store(I64, "Byte", 'B', Opcodes.L2I, Opcodes.I2B);
      case I64_STORE16 -> store(I64, "Short", 'S', Opcodes.L2I, Opcodes.I2S);
      case I64_STORE32 -> store(I64, "Int", 'I', Opcodes.L2I);
      case F32_STORE -> store(F32, "Float", 'F');
      case F64_STORE -> store(F64, "Double", 'D');
      default -> null;
    };
  }

  /** Emits the access; address (and value) are on the JVM stack. */
  void emit(MethodVisitor code, int offset, String owner) {
    for (int instruction : before) {
      code.visitInsn(instruction);
    }
    Jvm.push(code, offset);
    code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.MEMORY);
    String name = (load ? "memoryRead" : "memoryWrite") + accessor;
    String descriptor =
        load ? "(II" + Jvm.MEMORY + ")" + width : "(I" + width + "I" + Jvm.MEMORY + ")V";
    code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
    if (mask > 0) {
      Jvm.push(code, mask);
      code.visitInsn(Opcodes.IAND);
    }
    for (int instruction : after) {
      code.visitInsn(instruction);
    }
    if (mask < 0) {
      code.visitLdcInsn(0xffff_ffffL);
      code.visitInsn(Opcodes.LAND);
    }
  }

  private static MemoryAccess load(
      ValueKind kind, String accessor, char width, int mask, Integer... after) {
    return new MemoryAccess(kind, true, accessor, width, mask, List.of(), List.of(after));
  }

  private static MemoryAccess store(
      ValueKind kind, String accessor, char width, Integer... before) {
    return new MemoryAccess(kind, false, accessor, width, 0, List.of(before), List.of());
  }
}
