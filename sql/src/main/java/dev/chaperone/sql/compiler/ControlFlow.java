package dev.chaperone.sql.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.OpCode;

/**
 * A function's basic blocks: where they begin, what lies on the operand stack there, and the jumps
 * between them. Instructions are named by their position.
 */
final class ControlFlow {
  /** A block, loop or if that is open; the function itself has no opening instruction. */
  private record Scope(
      boolean loop, int opening, int end, List<ValueKind> below, int results, boolean live) {}

  private final WasmFunction function;
  private final List<AnnotatedInstruction> code;
  private final OperandTypes stack;
  private final ArrayList<Scope> scopes = new ArrayList<>();
  private final Map<Integer, List<Edge>> edges = new HashMap<>();
  private final Map<Integer, List<ValueKind>> entries = new HashMap<>();
  private final BitSet leaders = new BitSet();
  private final BitSet reachable = new BitSet();
  private final int[] ends;
  private final int[] elses;
  private boolean live = true;
  private int maxHeight;

  private ControlFlow(ModuleFunctions functions, WasmFunction function) {
    this.function = function;
    code = function.code();
    stack = new OperandTypes(functions, function);
    ends = new int[code.size()];
    elses = new int[code.size()];
  }

  static ControlFlow of(ModuleFunctions functions, WasmFunction function) {
    var flow = new ControlFlow(functions, function);
    flow.matchScopes();
    flow.follow();
    return flow;
  }

  /** Whether a basic block that can be reached begins here. */
  boolean begins(int at) {
    return leaders.get(at) && reachable.get(at);
  }

  boolean reachable(int at) {
    return reachable.get(at);
  }

  /** The jumps of the instruction here, in the order of its labels. */
  List<Edge> edges(int at) {
    return edges.getOrDefault(at, List.of());
  }

  Map<Integer, List<Edge>> edges() {
    return edges;
  }

  /** What lies on the operand stack when the block that begins here is entered. */
  List<ValueKind> entry(int at) {
    return entries.getOrDefault(at, List.of());
  }

  int maxHeight() {
    return maxHeight;
  }

  private void matchScopes() {
    Arrays.fill(elses, -1);
    var open = new ArrayDeque<Integer>();
    for (int i = 0; i < code.size(); i++) {
      switch (code.get(i).opcode()) {
        case BLOCK, LOOP, IF -> open.push(i);
        case ELSE -> elses[open.element()] = i;
        case END -> {
          if (!open.isEmpty()) {
            ends[open.pop()] = i;
          }
        }
        default -> {}
      }
    }
  }

  private void follow() {
    int results = function.type().returns().size();
    scopes.add(new Scope(false, -1, code.size(), List.of(), results, true));
    leaders.set(0);
    for (int i = 0; i < code.size(); i++) {
      var instruction = code.get(i);
      boolean closes = instruction.opcode() == OpCode.END || instruction.opcode() == OpCode.ELSE;
      if (live && leaders.get(i)) {
        entries.put(i, stack.snapshot());
      }
      reachable.set(i, live);
      if (live || closes) {
        step(i, instruction);
        maxHeight = Math.max(maxHeight, stack.height());
      } else if (opens(instruction)) {
        open(i, instruction, false);
      }
    }
  }

  private void step(int at, AnnotatedInstruction instruction) {
    switch (instruction.opcode()) {
      case BLOCK -> open(at, instruction, true);
      case LOOP -> {
        open(at, instruction, true);
        leaders.set(at + 1);
      }
      case IF -> branchOver(at, instruction);
      case ELSE -> otherwise(at);
      case END -> close(at);
      case BR -> {
        edges.put(at, List.of(edge(instruction.operand(0))));
        live = false;
      }
      case BR_IF -> {
        stack.pop();
        edges.put(at, List.of(edge(instruction.operand(0))));
        leaders.set(at + 1);
      }
      case BR_TABLE -> {
        stack.pop();
        var targets = new ArrayList<Edge>();
        for (long depth : instruction.operands()) {
          targets.add(edge(depth));
        }
        edges.put(at, targets);
        live = false;
      }
      case RETURN, UNREACHABLE -> live = false;
      default -> stack.apply(instruction);
    }
  }

  private static boolean opens(AnnotatedInstruction instruction) {
    return switch (instruction.opcode()) {
      case BLOCK, LOOP, IF -> true;
      default -> false;
    };
  }

  private void open(int at, AnnotatedInstruction instruction, boolean reached) {
    boolean loop = instruction.opcode() == OpCode.LOOP;
    scopes.add(new Scope(loop, at, ends[at], stack.snapshot(), results(instruction), reached));
  }

  /**
   * Block types that name a function type, with parameters, do not occur in what LLVM makes of C.
   */
  private static int results(AnnotatedInstruction instruction) {
    return switch ((int) instruction.operand(0) & 0x7f) {
      case 0x40 -> 0;
      case 0x7c, 0x7d, 0x7e, 0x7f -> 1;
      default -> throw new UnsupportedOperationException("block type of " + instruction);
    };
  }

  private void branchOver(int at, AnnotatedInstruction instruction) {
    stack.pop();
    open(at, instruction, true);
    int otherwise = elses[at] >= 0 ? elses[at] + 1 : ends[at] + 1;
    edges.put(at, List.of(new Edge(otherwise, stack.height(), 0)));
    leaders.set(otherwise);
    leaders.set(at + 1);
  }

  private void otherwise(int at) {
    var scope = scopes.getLast();
    if (!scope.live()) {
      return;
    }
    if (live) {
      edges.put(at, List.of(new Edge(scope.end() + 1, scope.below().size(), scope.results())));
      leaders.set(scope.end() + 1);
    }
    stack.reset(scope.below());
    live = true;
    leaders.set(at + 1);
  }

  private void close(int at) {
    if (scopes.size() == 1) {
      return;
    }
    var scope = scopes.removeLast();
    if (!scope.live()) {
      return;
    }
    live = live || leaders.get(at + 1);
    var after = new ArrayList<>(scope.below());
    if (scope.results() == 1) {
      after.add(kind(code.get(scope.opening())));
    }
    stack.reset(after);
  }

  private static ValueKind kind(AnnotatedInstruction opening) {
    return switch ((int) opening.operand(0) & 0x7f) {
      case 0x7f -> ValueKind.I32;
      case 0x7e -> ValueKind.I64;
      case 0x7d -> ValueKind.F32;
      default -> ValueKind.F64;
    };
  }

  private Edge edge(long depth) {
    var scope = scopes.get(scopes.size() - 1 - (int) depth);
    if (scope.opening() < 0) {
      return new Edge(Edge.RETURN, 0, scope.results());
    }
    int target = scope.loop() ? scope.opening() + 1 : scope.end() + 1;
    leaders.set(target);
    return new Edge(target, scope.below().size(), scope.loop() ? 0 : scope.results());
  }
}
