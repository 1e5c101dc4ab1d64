package dev.chaperone.sql.compiler;

import java.util.Map;

/**
 * What Endive calls the things it compiles a module to.
 *
 * @param machine the internal name of the class that implements Machine; it holds {@code
 *     call_indirect_T} for function type T
 * @param owners the internal name of the class that holds {@code func_N}, by N
 */
record CompiledNames(String machine, Map<Integer, String> owners) {
  /** The class with the memory accessors and the other helpers. */
  String shaded() {
    return machine + "Shaded";
  }

  String owner(int function) {
    String owner = owners.get(function);
    if (owner == null) {
      throw new IllegalStateException("function " + function + " was not compiled");
    }
    return owner;
  }

  static String function(int function) {
    return "func_" + function;
  }

  static String indirect(int type) {
    return "call_indirect_" + type;
  }

  /** The class that holds the chunks of a split function. */
  String split(int function) {
    return machine + "Split_" + function;
  }
}
