package dev.chaperone.sql.compiler;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import run.endive.wasm.types.ValType;

/**
 * The four number types of WebAssembly, and how the JVM holds them. A frame slot is a long; every
 * kind fits one.
 */
enum ValueKind {
  I32('I', Opcodes.ILOAD, Opcodes.ISTORE, 1),
  I64('J', Opcodes.LLOAD, Opcodes.LSTORE, 2),
  F32('F', Opcodes.FLOAD, Opcodes.FSTORE, 1),
  F64('D', Opcodes.DLOAD, Opcodes.DSTORE, 2);

  private final char descriptor;
  private final int load;
  private final int store;
  private final int size;

  ValueKind(char descriptor, int load, int store, int size) {
    this.descriptor = descriptor;
    this.load = load;
    this.store = store;
    this.size = size;
  }

  static ValueKind of(ValType type) {
    if (type.equals(ValType.I32)) {
      return I32;
    }
    if (type.equals(ValType.I64)) {
      return I64;
    }
    if (type.equals(ValType.F32)) {
      return F32;
    }
    if (type.equals(ValType.F64)) {
      return F64;
    }
    throw new UnsupportedOperationException("value type " + type);
  }

  static ValueKind of(Class<?> primitive) {
    return switch (primitive.descriptorString()) {
      case "I", "B", "S", "Z" -> I32;
      case "J" -> I64;
      case "F" -> F32;
      case "D" -> F64;
      default -> throw new UnsupportedOperationException("Java type " + primitive);
    };
  }

  char descriptor() {
    return descriptor;
  }

  int load() {
    return load;
  }

  int store() {
    return store;
  }

  /** JVM stack words. */
  int size() {
    return size;
  }

  void pop(MethodVisitor code) {
    code.visitInsn(size == 1 ? Opcodes.POP : Opcodes.POP2);
  }

  void duplicate(MethodVisitor code) {
    code.visitInsn(size == 1 ? Opcodes.DUP : Opcodes.DUP2);
  }

  /** Turns a value on the JVM stack into the long of a frame slot. */
  void toSlot(MethodVisitor code) {
    switch (this) {
      case I32 -> code.visitInsn(Opcodes.I2L);
      case I64 -> {}
      case F32 -> {
        raw(code, "java/lang/Float", "floatToRawIntBits", "(F)I");
        code.visitInsn(Opcodes.I2L);
      }
      case F64 -> raw(code, "java/lang/Double", "doubleToRawLongBits", "(D)J");
    }
  }

  /** Turns the long of a frame slot into a value on the JVM stack. */
  void fromSlot(MethodVisitor code) {
    switch (this) {
      case I32 -> code.visitInsn(Opcodes.L2I);
      case I64 -> {}
      case F32 -> {
        code.visitInsn(Opcodes.L2I);
        raw(code, "java/lang/Float", "intBitsToFloat", "(I)F");
      }
      case F64 -> raw(code, "java/lang/Double", "longBitsToDouble", "(J)D");
    }
  }

  void emitReturn(MethodVisitor code) {
    code.visitInsn(
        switch (this) {
          case I32 -> Opcodes.IRETURN;
          case I64 -> Opcodes.LRETURN;
          case F32 -> Opcodes.FRETURN;
          case F64 -> Opcodes.DRETURN;
        });
  }

  private static void raw(MethodVisitor code, String owner, String name, String descriptor) {
    code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
  }
}
