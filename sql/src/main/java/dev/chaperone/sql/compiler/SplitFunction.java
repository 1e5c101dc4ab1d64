package dev.chaperone.sql.compiler;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * One long function as a class of its own: {@code run} takes what the function takes, and lets one
 * chunk after the other run on a frame until the function returns.
 */
final class SplitFunction {
  private static final int CLASS_VERSION = Opcodes.V11;
  private static final int STATIC = Opcodes.ACC_STATIC;
  private static final String STEP = "step";

  private final ModuleFunctions functions;
  private final WasmFunction function;
  private final CompiledNames names;
  private final ControlFlow flow;
  private final ChunkLayout layout;

  SplitFunction(ModuleFunctions functions, WasmFunction function, CompiledNames names) {
    this.functions = functions;
    this.function = function;
    this.names = names;
    flow = ControlFlow.of(functions, function);
    layout = new ChunkLayout(function, flow);
  }

  /** The class file. */
  byte[] write() {
    var out = new CommonObjectWriter();
    out.visit(
        CLASS_VERSION,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
        names.split(function.index()),
        null,
        "java/lang/Object",
        null);
    run(out);
    step(out);
    for (int chunk = 0; chunk < layout.chunks(); chunk++) {
      var method = out.visitMethod(STATIC, chunk(chunk), ChunkFrame.DESCRIPTOR, null, null);
      new ChunkWriter(functions, function, flow, layout, chunk, method, names).write();
    }
    out.visitEnd();
    return out.toByteArray();
  }

  /** Writes a body that passes its parameters on to {@code run}; it has the same descriptor. */
  static void forward(MethodVisitor code, WasmFunction function, CompiledNames names) {
    code.visitCode();
    int variable = 0;
    for (int i = 0; i < function.type().params().size(); i++) {
      code.visitVarInsn(function.locals().get(i).load(), variable);
      variable += function.locals().get(i).size();
    }
    code.visitVarInsn(Opcodes.ALOAD, variable);
    code.visitVarInsn(Opcodes.ALOAD, variable + 1);
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        names.split(function.index()),
        "run",
        InstructionWriter.descriptor(function.type(), ""),
        false);
    emitReturn(code, function);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void run(ClassWriter out) {
    var code =
        out.visitMethod(
            STATIC, "run", InstructionWriter.descriptor(function.type(), ""), null, null);
    code.visitCode();
    int memory = 0;
    for (int i = 0; i < function.type().params().size(); i++) {
      memory += function.locals().get(i).size();
    }
    int frame = memory + 2;
    int entry = memory + 3;
    Jvm.push(code, ChunkFrame.slots(function, flow));
    code.visitIntInsn(Opcodes.NEWARRAY, Opcodes.T_LONG);
    code.visitVarInsn(Opcodes.ASTORE, frame);
    storeParameters(code, frame);
    Jvm.push(code, layout.entry(0));
    code.visitVarInsn(Opcodes.ISTORE, entry);
    var again = new Label();
    code.visitLabel(again);
    code.visitMethodInsn(Opcodes.INVOKESTATIC, names.shaded(), "checkInterruption", "()V", false);
    code.visitVarInsn(Opcodes.ILOAD, entry);
    code.visitVarInsn(Opcodes.ALOAD, frame);
    code.visitVarInsn(Opcodes.ALOAD, memory);
    code.visitVarInsn(Opcodes.ALOAD, memory + 1);
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC, names.split(function.index()), STEP, ChunkFrame.DESCRIPTOR, false);
    code.visitInsn(Opcodes.DUP);
    code.visitVarInsn(Opcodes.ISTORE, entry);
    code.visitJumpInsn(Opcodes.IFGE, again);
    var result = function.result();
    if (result != null) {
      code.visitVarInsn(Opcodes.ALOAD, frame);
      code.visitInsn(Opcodes.ICONST_0);
      code.visitInsn(Opcodes.LALOAD);
      result.fromSlot(code);
    }
    emitReturn(code, function);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void storeParameters(MethodVisitor code, int frame) {
    int variable = 0;
    for (int i = 0; i < function.type().params().size(); i++) {
      ValueKind kind = function.locals().get(i);
      code.visitVarInsn(Opcodes.ALOAD, frame);
      Jvm.push(code, i);
      code.visitVarInsn(kind.load(), variable);
      kind.toSlot(code);
      code.visitInsn(Opcodes.LASTORE);
      variable += kind.size();
    }
  }

  private void step(ClassWriter out) {
    var code = out.visitMethod(STATIC, STEP, ChunkFrame.DESCRIPTOR, null, null);
    code.visitCode();
    choose(code, 0, layout.chunks());
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  /** Finds the chunk of an entry number by halving. */
  private void choose(MethodVisitor code, int low, int high) {
    if (high - low == 1) {
      code.visitVarInsn(Opcodes.ILOAD, ChunkFrame.ENTRY);
      code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.FRAME);
      code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.MEMORY);
      code.visitVarInsn(Opcodes.ALOAD, ChunkFrame.INSTANCE);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          names.split(function.index()),
          chunk(low),
          ChunkFrame.DESCRIPTOR,
          false);
      code.visitInsn(Opcodes.IRETURN);
      return;
    }
    int middle = (low + high) >>> 1;
    var upper = new Label();
    code.visitVarInsn(Opcodes.ILOAD, ChunkFrame.ENTRY);
    Jvm.push(code, layout.firstEntry(middle));
    code.visitJumpInsn(Opcodes.IF_ICMPGE, upper);
    choose(code, low, middle);
    code.visitLabel(upper);
    choose(code, middle, high);
  }

  private static void emitReturn(MethodVisitor code, WasmFunction function) {
    var result = function.result();
    if (result == null) {
      code.visitInsn(Opcodes.RETURN);
    } else {
      result.emitReturn(code);
    }
  }

  private static String chunk(int number) {
    return "chunk_" + number;
  }

  /**
   * Computes stack frames without loading classes: all objects here are arrays of long or of one
   * class.
   */
  static final class CommonObjectWriter extends ClassWriter {
    CommonObjectWriter() {
      super(COMPUTE_FRAMES);
    }

    @Override
    protected String getCommonSuperClass(String one, String other) {
      return "java/lang/Object";
    }
  }
}
