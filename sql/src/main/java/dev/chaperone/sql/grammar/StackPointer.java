package dev.chaperone.sql.grammar;

import run.endive.runtime.GlobalInstance;
import run.endive.runtime.TrapException;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.ValType;

/**
 * The C stack's pointer, which grows down. The module does not check it: what overflows would
 * overwrite the parser's tables below, silently, and the tree could be wrong. So every move is
 * checked here.
 */
final class StackPointer extends GlobalInstance {
  /** The size that the module was linked with; below it lie the constant tables. */
  static final int STACK_BYTES = 32 << 20;

  private final long low;

  // The builder that replaces these constructors cannot make a subclass.
  @SuppressWarnings("deprecation")
  StackPointer(long top, ValType type, MutabilityType mutability) {
    super(top, 0L, type, mutability);
    low = top - STACK_BYTES;
  }

  @Override
  public void setValue(long value) {
    if (value < low) {
      throw new TrapException("the parser's stack overflowed");
    }
    super.setValue(value);
  }
}
