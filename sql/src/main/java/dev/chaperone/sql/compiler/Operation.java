package dev.chaperone.sql.compiler;

import java.util.List;
import java.util.function.Consumer;
import org.objectweb.asm.MethodVisitor;

/**
 * An instruction whose operands and result have fixed types, and the JVM code for it: operands on
 * the JVM stack before, the result after.
 */
record Operation(List<ValueKind> operands, List<ValueKind> results, Consumer<MethodVisitor> code) {}
