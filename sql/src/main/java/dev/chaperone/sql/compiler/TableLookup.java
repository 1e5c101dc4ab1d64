package dev.chaperone.sql.compiler;

import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A jump table that leads out of its chunk: entry numbers as the characters of a constant, since a
 * class file has no constant arrays.
 */
final class TableLookup {
  private TableLookup() {}

  /**
   * Replaces the index on the JVM stack by the entry number of its target; the last target is for
   * all indexes beyond.
   */
  static void write(MethodVisitor code, List<Edge> targets, ChunkLayout layout, int function) {
    var table = new StringBuilder();
    for (Edge edge : targets) {
      if (edge.target() == Edge.RETURN || edge.carried() > 0) {
        throw new UnsupportedOperationException(
            "function " + function + ": jump table that returns or carries operands");
      }
      table.append((char) layout.entry(edge.target()));
    }
    int last = targets.size() - 1;
    var beyond = new Label();
    var inside = new Label();
    code.visitInsn(Opcodes.DUP);
    Jvm.push(code, last);
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC, "java/lang/Integer", "compareUnsigned", "(II)I", false);
    code.visitJumpInsn(Opcodes.IFLT, inside);
    code.visitInsn(Opcodes.POP);
    Jvm.push(code, last);
    code.visitLabel(beyond);
    code.visitLabel(inside);
    code.visitLdcInsn(table.toString());
    code.visitInsn(Opcodes.SWAP);
    code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/String", "charAt", "(I)C", false);
  }
}
