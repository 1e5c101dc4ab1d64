package dev.chaperone.sql.compiler;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * Writes the JVM code of single instructions that are not control flow, by the conventions of
 * Endive's compiled code.
 */
final class InstructionWriter {
  private final ModuleFunctions functions;
  private final CompiledNames names;
  private final ChunkFrame frame;
  private final MethodVisitor code;

  InstructionWriter(
      ModuleFunctions functions, CompiledNames names, ChunkFrame frame, MethodVisitor code) {
    this.functions = functions;
    this.names = names;
    this.frame = frame;
    this.code = code;
  }

  /** Writes one instruction; {@code stack} is as before it. */
  void write(AnnotatedInstruction instruction, OperandTypes stack) {
    switch (instruction.opcode()) {
      case LOCAL_GET -> frame.get(code, (int) instruction.operand(0));
      case LOCAL_SET -> frame.set(code, (int) instruction.operand(0));
      case LOCAL_TEE -> {
        stack.top().duplicate(code);
        frame.set(code, (int) instruction.operand(0));
      }
      case GLOBAL_GET -> {
        int global = (int) instruction.operand(0);
        Jvm.push(code, global);
        code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.INSTANCE);
        shaded("readGlobal", "(I" + Jvm.INSTANCE + ")J");
        functions.global(global).fromSlot(code);
      }
      case GLOBAL_SET -> {
        int global = (int) instruction.operand(0);
        functions.global(global).toSlot(code);
        Jvm.push(code, global);
        code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.INSTANCE);
        shaded("writeGlobal", "(JI" + Jvm.INSTANCE + ")V");
      }
      case I32_CONST -> Jvm.push(code, (int) instruction.operand(0));
      case I64_CONST -> code.visitLdcInsn(instruction.operand(0));
      case F32_CONST -> code.visitLdcInsn(Float.intBitsToFloat((int) instruction.operand(0)));
      case F64_CONST -> code.visitLdcInsn(Double.longBitsToDouble(instruction.operand(0)));
      case DROP -> stack.top().pop(code);
      case SELECT -> select(stack);
      case MEMORY_COPY -> {
        code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.MEMORY);
        shaded("memoryCopy", "(III" + Jvm.MEMORY + ")V");
      }
      case MEMORY_FILL -> fill();
      case CALL -> call((int) instruction.operand(0));
      case CALL_INDIRECT -> callIndirect(instruction);
      default -> compute(instruction);
    }
  }

  private void compute(AnnotatedInstruction instruction) {
    var access = MemoryAccess.of(instruction.opcode());
    if (access != null) {
      long offset = instruction.operand(1);
      if (offset < 0 || offset > Integer.MAX_VALUE) {
        throw new UnsupportedOperationException("offset of " + instruction);
      }
      access.emit(code, (int) offset, names.shaded());
      return;
    }
    var operation = Arithmetic.of(instruction.opcode());
    if (operation == null) {
      throw new UnsupportedOperationException("instruction " + instruction);
    }
    operation.code().accept(code);
  }

  private void select(OperandTypes stack) {
    var types = stack.snapshot();
    ValueKind kind = types.get(types.size() - 2);
    var first = new Label();
    code.visitJumpInsn(Opcodes.IFNE, first);
    if (kind.size() == 1) {
      code.visitInsn(Opcodes.SWAP);
    } else {
      code.visitInsn(Opcodes.DUP2_X2);
      code.visitInsn(Opcodes.POP2);
    }
    code.visitLabel(first);
    kind.pop(code);
  }

  /** The accessor takes the byte in the middle as a byte: narrow it below the size. */
  private void fill() {
    code.visitInsn(Opcodes.SWAP);
    code.visitInsn(Opcodes.I2B);
    code.visitInsn(Opcodes.SWAP);
    code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.MEMORY);
    shaded("memoryFill", "(IBI" + Jvm.MEMORY + ")V");
  }

  private void call(int function) {
    code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.MEMORY);
    code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.INSTANCE);
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        names.owner(function),
        CompiledNames.function(function),
        descriptor(functions.type(function), ""),
        false);
  }

  private void callIndirect(AnnotatedInstruction instruction) {
    int type = (int) instruction.operand(0);
    Jvm.push(code, (int) instruction.operand(1));
    code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.MEMORY);
    code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.INSTANCE);
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        names.machine(),
        CompiledNames.indirect(type),
        descriptor(functions.declared(type), "II"),
        false);
  }

  private void shaded(String name, String descriptor) {
    code.visitMethodInsn(Opcodes.INVOKESTATIC, names.shaded(), name, descriptor, false);
  }

  /** Parameters, then what is given beside them, memory and instance. */
  static String descriptor(FunctionType type, String beside) {
    var descriptor = new StringBuilder("(");
    for (ValType parameter : type.params()) {
      descriptor.append(ValueKind.of(parameter).descriptor());
    }
    descriptor.append(beside).append(Jvm.MEMORY).append(Jvm.INSTANCE).append(')');
    return descriptor
        .append(
            type.returns().isEmpty() ? 'V' : ValueKind.of(type.returns().getFirst()).descriptor())
        .toString();
  }
}
