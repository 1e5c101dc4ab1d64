package dev.chaperone.sql.compiler;

import static dev.chaperone.sql.compiler.ValueKind.F32;
import static dev.chaperone.sql.compiler.ValueKind.F64;
import static dev.chaperone.sql.compiler.ValueKind.I32;
import static dev.chaperone.sql.compiler.ValueKind.I64;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import run.endive.runtime.OpCodeIdentifier;
import run.endive.runtime.OpcodeImpl;
import run.endive.wasm.types.OpCode;

/**
 * Instructions that compute: those that are one JVM instruction too, and all others by the methods
 * in which Endive's run time has put their meaning.
 */
final class Arithmetic {
  private static final Map<OpCode, Operation> OPERATIONS = operations();

  private Arithmetic() {}

  /** The operation, or null when this instruction does not just compute. */
  static @Nullable Operation of(OpCode opcode) {
    return OPERATIONS.get(opcode);
  }

  private static Map<OpCode, Operation> operations() {
    var operations = new EnumMap<OpCode, Operation>(OpCode.class);
    for (Method method : OpcodeImpl.class.getMethods()) {
      var identifier = method.getAnnotation(OpCodeIdentifier.class);
      if (identifier != null && isPure(method)) {
        operations.put(identifier.value(), call(method));
      }
    }
    binary(operations, OpCode.I32_ADD, I32, Opcodes.IADD);
    binary(operations, OpCode.I32_SUB, I32, Opcodes.ISUB);
    binary(operations, OpCode.I32_MUL, I32, Opcodes.IMUL);
    binary(operations, OpCode.I32_AND, I32, Opcodes.IAND);
    binary(operations, OpCode.I32_OR, I32, Opcodes.IOR);
    binary(operations, OpCode.I32_XOR, I32, Opcodes.IXOR);
    binary(operations, OpCode.I32_SHL, I32, Opcodes.ISHL);
    binary(operations, OpCode.I32_SHR_S, I32, Opcodes.ISHR);
    binary(operations, OpCode.I32_SHR_U, I32, Opcodes.IUSHR);
    binary(operations, OpCode.I64_ADD, I64, Opcodes.LADD);
    binary(operations, OpCode.I64_SUB, I64, Opcodes.LSUB);
    binary(operations, OpCode.I64_MUL, I64, Opcodes.LMUL);
    binary(operations, OpCode.I64_AND, I64, Opcodes.LAND);
    binary(operations, OpCode.I64_OR, I64, Opcodes.LOR);
    binary(operations, OpCode.I64_XOR, I64, Opcodes.LXOR);
    // The JVM shifts a long by an int; only the low six bits count, in both.
    binary(operations, OpCode.I64_SHL, I64, Opcodes.L2I, Opcodes.LSHL);
    binary(operations, OpCode.I64_SHR_S, I64, Opcodes.L2I, Opcodes.LSHR);
    binary(operations, OpCode.I64_SHR_U, I64, Opcodes.L2I, Opcodes.LUSHR);
    binary(operations, OpCode.F32_ADD, F32, Opcodes.FADD);
    binary(operations, OpCode.F32_SUB, F32, Opcodes.FSUB);
    binary(operations, OpCode.F32_MUL, F32, Opcodes.FMUL);
    binary(operations, OpCode.F32_DIV, F32, Opcodes.FDIV);
    binary(operations, OpCode.F64_ADD, F64, Opcodes.DADD);
    binary(operations, OpCode.F64_SUB, F64, Opcodes.DSUB);
    binary(operations, OpCode.F64_MUL, F64, Opcodes.DMUL);
    binary(operations, OpCode.F64_DIV, F64, Opcodes.DDIV);
    unary(operations, OpCode.F32_NEG, F32, F32, Opcodes.FNEG);
    unary(operations, OpCode.F64_NEG, F64, F64, Opcodes.DNEG);
    unary(operations, OpCode.I32_WRAP_I64, I64, I32, Opcodes.L2I);
    unary(operations, OpCode.I64_EXTEND_I32_S, I32, I64, Opcodes.I2L);
    unary(operations, OpCode.F64_PROMOTE_F32, F32, F64, Opcodes.F2D);
    unary(operations, OpCode.F32_DEMOTE_F64, F64, F32, Opcodes.D2F);
    return operations;
  }

  private static boolean isPure(Method method) {
    return Stream.concat(
            Stream.of(method.getReturnType()), Arrays.stream(method.getParameterTypes()))
        .allMatch(type -> type.isPrimitive() && type != void.class);
  }

  private static Operation call(Method method) {
    var owner = Type.getInternalName(OpcodeImpl.class);
    var descriptor = Type.getMethodDescriptor(method);
    return new Operation(
        Arrays.stream(method.getParameterTypes()).map(ValueKind::of).toList(),
        List.of(ValueKind.of(method.getReturnType())),
        code ->
            code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, method.getName(), descriptor, false));
  }

  private static void binary(
      Map<OpCode, Operation> operations, OpCode opcode, ValueKind kind, int... instructions) {
    put(operations, opcode, List.of(kind, kind), kind, instructions);
  }

  private static void unary(
      Map<OpCode, Operation> operations,
      OpCode opcode,
      ValueKind from,
      ValueKind to,
      int instruction) {
    put(operations, opcode, List.of(from), to, instruction);
  }

  private static void put(
      Map<OpCode, Operation> operations,
      OpCode opcode,
      List<ValueKind> operands,
      ValueKind result,
      int... instructions) {
    operations.put(
        opcode,
        new Operation(
            operands,
            List.of(result),
            code -> {
              for (int instruction : instructions) {
                code.visitInsn(instruction);
              }
            }));
  }
}
