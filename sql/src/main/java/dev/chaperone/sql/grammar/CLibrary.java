package dev.chaperone.sql.grammar;

import java.util.Arrays;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.WasmFunctionHandle;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;

/**
 * The functions that the module imports: what Emscripten's JavaScript does for it, and no more.
 * There is no file, no clock and no way out; {@code setjmp} and {@code longjmp}, by which
 * PostgreSQL reports errors, are {@code invoke_*} and an exception.
 */
final class CLibrary {
  private static final int PAGE = 65536;
  private static final long[] NONE = {};

  /** A longjmp on its way; only its flight matters, so it carries no trace. */
  private static final class LongJump extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LongJump() {
      super("longjmp", null, false, false);
    }
  }

  private CLibrary() {}

  static ImportValues imports(GrammarModule grammar) {
    var values = ImportValues.builder();
    var section = grammar.module().importSection();
    for (int i = 0; i < section.importCount(); i++) {
      if (!(section.getImport(i) instanceof FunctionImport function)) {
        throw new IllegalStateException("unexpected import " + section.getImport(i));
      }
      FunctionType type = grammar.module().typeSection().getType(function.typeIndex());
      var handle = handle(grammar, grammar.imported(function.name()), type);
      values.addFunction(new HostFunction(function.module(), function.name(), type, handle));
    }
    return values.build();
  }

  private static WasmFunctionHandle handle(GrammarModule grammar, String name, FunctionType type) {
    if (name.startsWith("invoke_")) {
      return invoke(grammar, type);
    }
    return switch (name) {
      case "emscripten_throw_longjmp" ->
          (instance, arguments) -> {
            throw new LongJump();
          };
      case "emscripten_resize_heap" ->
          (instance, arguments) -> new long[] {grow(instance, arguments[0])};
      case "assert_fail", "abort_js", "exit", "proc_exit" ->
          (instance, arguments) -> {
            throw new GrammarFault("the parser called " + name);
          };
      // Standard error is not kept, there are no timers, and no file is ever open: nothing was
      // done, successfully.
      case "fd_close",
          "fd_read",
          "fd_seek",
          "fd_write",
          "setitimer_js",
          "emscripten_runtime_keepalive_clear" ->
          (instance, arguments) -> type.returns().isEmpty() ? NONE : new long[1];
      default -> throw new IllegalStateException("unexpected import " + name);
    };
  }

  /** Calls through the function table; on a longjmp restores the stack and says so by setThrew. */
  private static WasmFunctionHandle invoke(GrammarModule grammar, FunctionType type) {
    return (instance, arguments) -> {
      long stack = call(instance, grammar, "emscripten_stack_get_current")[0];
      try {
        int function = instance.table(0).requiredRef((int) arguments[0]);
        return instance
            .getMachine()
            .call(function, Arrays.copyOfRange(arguments, 1, arguments.length));
      } catch (LongJump e) {
        call(instance, grammar, "emscripten_stack_restore", stack);
        call(instance, grammar, "setThrew", 1, 0);
        return new long[type.returns().size()];
      }
    };
  }

  private static long[] call(
      Instance instance, GrammarModule grammar, String name, long... arguments) {
    ExportFunction function = instance.export(grammar.exported(name));
    return function.apply(arguments);
  }

  private static long grow(Instance instance, long bytes) {
    long pages = ((bytes & 0xffff_ffffL) + PAGE - 1) / PAGE;
    var memory = instance.memory();
    if (pages > memory.maximumPages()) {
      return 0;
    }
    return memory.grow((int) pages - memory.pages()) < 0 ? 0 : 1;
  }
}
