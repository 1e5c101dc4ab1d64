package dev.chaperone.sql.compiler;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import run.endive.wasm.types.AnnotatedInstruction;

/**
 * Writes one chunk: a method that runs from the block with the given entry number until control
 * leaves the chunk, and answers where it went. At the borders of blocks the operand stack lies in
 * the frame; within a block it is the JVM's.
 */
final class ChunkWriter {
  private final WasmFunction function;
  private final ControlFlow flow;
  private final ChunkLayout layout;
  private final int chunk;
  private final MethodVisitor code;
  private final ChunkFrame frame;
  private final OperandTypes stack;
  private final InstructionWriter instructions;
  private final String shaded;
  private final Map<Integer, Label> labels = new HashMap<>();
  private final Label leave = new Label();
  private boolean live;

  ChunkWriter(
      ModuleFunctions functions,
      WasmFunction function,
      ControlFlow flow,
      ChunkLayout layout,
      int chunk,
      MethodVisitor code,
      CompiledNames names) {
    this.function = function;
    this.flow = flow;
    this.layout = layout;
    this.chunk = chunk;
    this.code = code;
    shaded = names.shaded();
    frame = new ChunkFrame(function, flow, layout.start(chunk), layout.end(chunk));
    stack = new OperandTypes(functions, function);
    instructions = new InstructionWriter(functions, names, frame, code);
  }

  void write() {
    code.visitCode();
    frame.loadLocals(code);
    for (int i = layout.start(chunk); i < layout.end(chunk); i++) {
      if (flow.begins(i)) {
        labels.put(i, new Label());
      }
    }
    dispatch();
    for (int i = layout.start(chunk); i < layout.end(chunk); i++) {
      if (flow.begins(i)) {
        enterBlock(i);
      }
      if (live && flow.reachable(i)) {
        write(i, function.code().get(i));
      }
    }
    if (live) {
      frame.spill(code, stack.snapshot());
      leaveTo(layout.end(chunk));
    }
    code.visitLabel(leave);
    frame.saveLocals(code);
    code.visitVarInsn(Opcodes.ILOAD, ChunkFrame.ENTRY);
    code.visitInsn(Opcodes.IRETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void dispatch() {
    int first = layout.firstEntry(chunk);
    int last = layout.firstEntry(chunk + 1) - 1;
    var targets = new Label[last - first + 1];
    labels.forEach((at, label) -> {
      if (layout.isEntry(at)) {
        targets[layout.entry(at) - first] = label;
      }
    });
    code.visitVarInsn(Opcodes.ILOAD, ChunkFrame.ENTRY);
    // Entry numbers come from this layout alone: any of them will do for what cannot happen.
    code.visitTableSwitchInsn(first, last, targets[0], targets);
  }

  private void enterBlock(int at) {
    if (live) {
      frame.spill(code, stack.snapshot());
    }
    code.visitLabel(label(at));
    stack.reset(flow.entry(at));
    frame.reload(code, flow.entry(at));
    live = true;
  }

  private void write(int at, AnnotatedInstruction instruction) {
    switch (instruction.opcode()) {
      case BLOCK, LOOP, NOP -> {}
      case END -> {
        if (at == function.code().size() - 1) {
          finish();
        }
      }
      case ELSE, BR -> jump(at, flow.edges(at).getFirst());
      case IF -> branch(at, flow.edges(at).getFirst(), Opcodes.IFEQ, Opcodes.IFNE);
      case BR_IF -> branch(at, flow.edges(at).getFirst(), Opcodes.IFNE, Opcodes.IFEQ);
      case BR_TABLE -> select(at, flow.edges(at));
      case RETURN -> finish();
      case UNREACHABLE -> trap();
      default -> {
        instructions.write(instruction, stack);
        stack.apply(instruction);
      }
    }
  }

  private void jump(int at, Edge edge) {
    if (edge.target() == Edge.RETURN) {
      finish();
      return;
    }
    int height = stack.height();
    frame.spill(code, stack.snapshot());
    go(at, edge, height);
    live = false;
  }

  /** The operand stack is spilled. */
  private void go(int at, Edge edge, int height) {
    frame.carry(code, edge, height);
    if (layout.chunkOf(edge.target()) == chunk) {
      checkInterruption(at, edge);
      code.visitJumpInsn(Opcodes.GOTO, label(edge.target()));
    } else {
      leaveTo(edge.target());
    }
  }

  private void leaveTo(int target) {
    Jvm.push(code, layout.entry(target));
    code.visitVarInsn(Opcodes.ISTORE, ChunkFrame.ENTRY);
    code.visitJumpInsn(Opcodes.GOTO, leave);
  }

  private void branch(int at, Edge edge, int taken, int notTaken) {
    stack.pop();
    if (stack.height() > 0) {
      int condition = frame.keep(code);
      frame.spill(code, stack.snapshot());
      code.visitVarInsn(Opcodes.ILOAD, condition);
    }
    boolean near =
        edge.target() > at && edge.carried() == 0 && layout.chunkOf(edge.target()) == chunk;
    if (near) {
      code.visitJumpInsn(taken, label(edge.target()));
    } else {
      var stay = new Label();
      code.visitJumpInsn(notTaken, stay);
      if (edge.target() == Edge.RETURN) {
        finishSpilled();
      } else {
        go(at, edge, stack.height());
      }
      code.visitLabel(stay);
    }
    // What follows begins a block, perhaps in the next chunk, and reloads the stack.
    frame.reload(code, stack.snapshot());
  }

  private void select(int at, List<Edge> targets) {
    stack.pop();
    if (stack.height() > 0 || targets.stream().anyMatch(edge -> edge.carried() > 0)) {
      int index = frame.keep(code);
      frame.spill(code, stack.snapshot());
      code.visitVarInsn(Opcodes.ILOAD, index);
    }
    int last = targets.size() - 1;
    if (layout.local(at, targets)) {
      var cases = targets.stream().map(edge -> label(edge.target())).toArray(Label[]::new);
      if (targets.stream().anyMatch(edge -> edge.target() <= at)) {
        checkInterruption();
      }
      var others = Arrays.copyOf(cases, last);
      code.visitTableSwitchInsn(0, last - 1, cases[last], others);
    } else {
      TableLookup.write(code, targets, layout, function.index());
      code.visitVarInsn(Opcodes.ISTORE, ChunkFrame.ENTRY);
      code.visitJumpInsn(Opcodes.GOTO, leave);
    }
    live = false;
  }

  private void finish() {
    var result = function.result();
    if (result != null) {
      ChunkFrame.toSlot(code, 0, result);
      stack.pop();
    }
    for (int i = stack.height(); i > 0; i--) {
      stack.pop().pop(code);
    }
    returned();
    live = false;
  }

  private void finishSpilled() {
    var result = function.result();
    if (result != null) {
      ChunkFrame.fromSlot(code, function.locals().size() + stack.height() - 1, result);
      ChunkFrame.toSlot(code, 0, result);
    }
    returned();
  }

  private void returned() {
    Jvm.push(code, ChunkFrame.RETURNED);
    code.visitInsn(Opcodes.IRETURN);
  }

  private void trap() {
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        shaded,
        "throwTrapException",
        "()Ljava/lang/RuntimeException;",
        false);
    code.visitInsn(Opcodes.ATHROW);
    live = false;
  }

  private void checkInterruption(int at, Edge edge) {
    if (edge.target() <= at) {
      checkInterruption();
    }
  }

  private void checkInterruption() {
    code.visitMethodInsn(Opcodes.INVOKESTATIC, shaded, "checkInterruption", "()V", false);
  }

  private Label label(int at) {
    Label label = labels.get(at);
    if (label == null) {
      throw new IllegalStateException("no block at " + at + " in chunk " + chunk);
    }
    return label;
  }
}
