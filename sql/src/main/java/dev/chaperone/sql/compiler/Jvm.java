package dev.chaperone.sql.compiler;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Words of the class file format that the emitters share. */
final class Jvm {
  static final String MEMORY = "Lrun/endive/runtime/Memory;";
  static final String INSTANCE = "Lrun/endive/runtime/Instance;";

  private Jvm() {}

  /** Pushes an int constant in the shortest form. */
  static void push(MethodVisitor code, int value) {
    if (value >= -1 && value <= 5) {
      code.visitInsn(Opcodes.ICONST_0 + value);
    } else if (value == (byte) value) {
      code.visitIntInsn(Opcodes.BIPUSH, value);
    } else if (value == (short) value) {
      code.visitIntInsn(Opcodes.SIPUSH, value);
    } else {
      code.visitLdcInsn(value);
    }
  }
}
