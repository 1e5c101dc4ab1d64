package dev.chaperone.sql.compiler;

import java.util.ArrayList;
import java.util.List;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionType;

/** The types on WebAssembly's operand stack, followed instruction by instruction. */
final class OperandTypes {
  private final ModuleFunctions functions;
  private final WasmFunction function;
  private final List<ValueKind> types = new ArrayList<>();

  OperandTypes(ModuleFunctions functions, WasmFunction function) {
    this.functions = functions;
    this.function = function;
  }

  int height() {
    return types.size();
  }

  List<ValueKind> snapshot() {
    return List.copyOf(types);
  }

  void reset(List<ValueKind> stack) {
    types.clear();
    types.addAll(stack);
  }

  ValueKind pop() {
    return types.removeLast();
  }

  ValueKind top() {
    return types.getLast();
  }

  /** Applies an instruction that is not control flow. */
  void apply(AnnotatedInstruction instruction) {
    switch (instruction.opcode()) {
      case NOP, LOCAL_TEE -> {}
      case LOCAL_GET -> types.add(function.locals().get((int) instruction.operand(0)));
      case GLOBAL_GET -> types.add(functions.global((int) instruction.operand(0)));
      case LOCAL_SET, GLOBAL_SET, DROP -> pop();
      case I32_CONST -> types.add(ValueKind.I32);
      case I64_CONST -> types.add(ValueKind.I64);
      case F32_CONST -> types.add(ValueKind.F32);
      case F64_CONST -> types.add(ValueKind.F64);
      case SELECT -> pop(2);
      case MEMORY_COPY, MEMORY_FILL -> pop(3);
      case CALL -> call(functions.type((int) instruction.operand(0)));
      case CALL_INDIRECT -> {
        pop();
        call(functions.declared((int) instruction.operand(0)));
      }
      default -> compute(instruction);
    }
  }

  private void compute(AnnotatedInstruction instruction) {
    var access = MemoryAccess.of(instruction.opcode());
    if (access != null) {
      pop(access.load() ? 1 : 2);
      if (access.load()) {
        types.add(access.kind());
      }
      return;
    }
    var operation = Arithmetic.of(instruction.opcode());
    if (operation == null) {
      throw new UnsupportedOperationException(
          "function " + function.index() + " has " + instruction);
    }
    pop(operation.operands().size());
    types.addAll(operation.results());
  }

  private void call(FunctionType type) {
    pop(type.params().size());
    type.returns().forEach(result -> types.add(ValueKind.of(result)));
  }

  private void pop(int count) {
    for (int i = 0; i < count; i++) {
      pop();
    }
  }
}
