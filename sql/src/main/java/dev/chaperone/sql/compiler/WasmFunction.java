package dev.chaperone.sql.compiler;

import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.types.AnnotatedInstruction;
import run.endive.wasm.types.FunctionType;

/**
 * A function with a body.
 *
 * @param locals the parameters, then the other locals
 */
record WasmFunction(
    int index, FunctionType type, List<ValueKind> locals, List<AnnotatedInstruction> code) {
  WasmFunction {
    if (type.returns().size() > 1) {
      throw new UnsupportedOperationException("function " + index + " returns several values");
    }
  }

  /** What it returns, or null for nothing. */
  @Nullable ValueKind result() {
    return type.returns().isEmpty() ? null : ValueKind.of(type.returns().getFirst());
  }
}
