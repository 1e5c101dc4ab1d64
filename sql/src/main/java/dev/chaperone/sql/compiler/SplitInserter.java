package dev.chaperone.sql.compiler;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Replaces the bodies of split functions in a class that Endive compiled. */
final class SplitInserter extends ClassVisitor {
  private final Map<String, WasmFunction> split;
  private final CompiledNames names;

  private SplitInserter(ClassVisitor next, Map<String, WasmFunction> split, CompiledNames names) {
    super(Opcodes.ASM9, next);
    this.split = split;
    this.names = names;
  }

  /**
   * @param split the functions by the name of their method
   */
  static byte[] insert(byte[] classFile, Map<String, WasmFunction> split, CompiledNames names) {
    var reader = new ClassReader(classFile);
    var writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(new SplitInserter(writer, split, names), 0);
    return writer.toByteArray();
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    var method = super.visitMethod(access, name, descriptor, signature, exceptions);
    var function = split.get(name);
    if (function == null) {
      return method;
    }
    SplitFunction.forward(method, function, names);
    return null;
  }
}
