package dev.chaperone.sql.compiler;

import java.util.ArrayList;
import java.util.List;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionImport;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * The functions of a module by their index, imported ones first (WebAssembly core specification,
 * 2.5.1).
 */
final class ModuleFunctions {
  private final WasmModule module;
  private final List<FunctionType> types;
  private final int imports;

  ModuleFunctions(WasmModule module) {
    this.module = module;
    var all = new ArrayList<FunctionType>();
    for (int i = 0; i < module.importSection().importCount(); i++) {
      if (module.importSection().getImport(i) instanceof FunctionImport function) {
        all.add(declared(function.typeIndex()));
      }
    }
    imports = all.size();
    for (int i = 0; i < module.functionSection().functionCount(); i++) {
      all.add(declared(module.functionSection().getFunctionType(i)));
    }
    types = List.copyOf(all);
  }

  /** A function type by its index in the type section. */
  FunctionType declared(int typeIndex) {
    return module.typeSection().getType(typeIndex);
  }

  FunctionType type(int function) {
    return types.get(function);
  }

  ValueKind global(int index) {
    return ValueKind.of(module.globalSection().getGlobal(index).valueType());
  }

  int imports() {
    return imports;
  }

  /** The functions that have a body of more than so many instructions. */
  List<WasmFunction> longerThan(int instructions) {
    var found = new ArrayList<WasmFunction>();
    for (int i = 0; i < module.codeSection().functionBodyCount(); i++) {
      if (module.codeSection().getFunctionBody(i).instructions().size() > instructions) {
        found.add(function(i));
      }
    }
    return found;
  }

  private WasmFunction function(int bodyIndex) {
    var body = module.codeSection().getFunctionBody(bodyIndex);
    var type = type(bodyIndex + imports);
    var locals = new ArrayList<ValueKind>();
    for (ValType parameter : type.params()) {
      locals.add(ValueKind.of(parameter));
    }
    for (ValType local : body.localTypes()) {
      locals.add(ValueKind.of(local));
    }
    return new WasmFunction(bodyIndex + imports, type, List.copyOf(locals), body.instructions());
  }
}
