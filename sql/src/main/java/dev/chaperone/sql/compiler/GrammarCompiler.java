package dev.chaperone.sql.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.ByteClassCollector;
import run.endive.compiler.internal.Compiler;
import run.endive.wasm.Parser;

/**
 * Compiles {@code libpg-query.wasm} to class files, next to them the module's outline, the contents
 * of its memory and the table of its names. Does nothing when neither the inputs nor this compiler
 * have changed since the last time.
 *
 * <p>Arguments: the folder with the module, and the folder of class files. Fails the build on a
 * module that is not the pinned one, on instructions it does not know, and on methods that HotSpot
 * would not compile.
 */
public final class GrammarCompiler {
  private static final String MODULE = "libpg-query.wasm";
  private static final String NAMES = "names.txt";

  /** The module of the npm package libpg-query 18.1.5. */
  private static final String MODULE_SHA256 =
      "378b64e6182f65c71ad5dbd2c31c81e9dfed7d2f2debfb4b51c0d0de8fa2ae36";

  private static final String NAMES_SHA256 =
      "41cdef5e62eca11720affd7233a80a9a081fcea1900239a74dd8b3276930d1a8";

  private static final String PACKAGE = "dev/chaperone/sql/grammar/";
  private static final String MACHINE = PACKAGE + "PostgresMachine";

  /** HotSpot compiles no method of more bytes, HugeMethodLimit. */
  private static final int JIT_LIMIT = 8000;

  /**
   * Functions of more instructions are split; shorter ones stay below the limit when Endive
   * compiles them.
   */
  private static final int SPLIT_ABOVE = 1500;

  private final byte[] module;
  private final byte[] nameTable;
  private final Path classes;

  private GrammarCompiler(byte[] module, byte[] nameTable, Path classes) {
    this.module = module;
    this.nameTable = nameTable;
    this.classes = classes;
  }

  /** Runs the compiler. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      throw new IllegalArgumentException("usage: <grammar folder> <classes folder>");
    }
    var grammar = Path.of(arguments[0]);
    var classes = Path.of(arguments[1]);
    byte[] module = pinned(grammar.resolve(MODULE), MODULE_SHA256);
    byte[] names = pinned(grammar.resolve(NAMES), NAMES_SHA256);
    var compiler = new GrammarCompiler(module, names, classes);
    var stamp = new BuildStamp(classes, PACKAGE, GrammarCompiler.class);
    if (!stamp.current(module, names)) {
      stamp.write(compiler.compile(), module, names);
    }
  }

  private static byte[] pinned(Path file, String sha256) throws IOException {
    byte[] content = Files.readAllBytes(file);
    String found = sha256(content);
    if (!found.equals(sha256)) {
      throw new IOException(file + " has SHA-256 " + found + ", pinned is " + sha256);
    }
    return content;
  }

  static String sha256(byte[]... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The files written, relative to the classes folder. */
  private List<String> compile() throws IOException {
    var parsed = Parser.parse(module);
    var functions = new ModuleFunctions(parsed);
    var split = functions.longerThan(SPLIT_ABOVE);
    var outputs = new LinkedHashMap<String, byte[]>();
    outputs.putAll(withSplits(functions, split));
    outputs.forEach(GrammarCompiler::checkSizes);
    var files = new TreeSet<String>();
    for (var output : outputs.entrySet()) {
      files.add(store(output.getKey() + ".class", output.getValue()));
    }
    files.add(store(PACKAGE + "module.wasm", WasmBinary.outline(module)));
    files.add(store(PACKAGE + "memory.bin", MemoryImage.of(parsed)));
    files.add(store(PACKAGE + NAMES, nameTable));
    return List.copyOf(files);
  }

  private Map<String, byte[]> withSplits(ModuleFunctions functions, List<WasmFunction> split) {
    var indexes = split.stream().map(WasmFunction::index).collect(Collectors.toSet());
    byte[] rest =
        WasmBinary.withoutBodies(module, body -> indexes.contains(body + functions.imports()));
    var compiled = endive(rest);
    var names = new CompiledNames(MACHINE, owners(compiled));
    var byMethod = new HashMap<String, WasmFunction>();
    for (WasmFunction function : split) {
      byMethod.put(CompiledNames.function(function.index()), function);
    }
    var outputs = new LinkedHashMap<String, byte[]>();
    var owners = split.stream().map(f -> names.owner(f.index())).collect(Collectors.toSet());
    compiled.forEach((name, bytes) ->
        outputs.put(
            name, owners.contains(name) ? SplitInserter.insert(bytes, byMethod, names) : bytes));
    for (WasmFunction function : split) {
      outputs.put(
          names.split(function.index()), new SplitFunction(functions, function, names).write());
    }
    return outputs;
  }

  /** Class files by internal name. */
  private static Map<String, byte[]> endive(byte[] module) {
    var result =
        Compiler.builder(Parser.parse(module))
            .withClassName(MACHINE.replace('/', '.'))
            .withInterpreterFallback(InterpreterFallback.FAIL)
            .withClassCollectorFactory(ByteClassCollector::new)
            .build()
            .compile();
    var classes = new LinkedHashMap<String, byte[]>();
    result.classBytes().forEach((name, bytes) -> classes.put(name.replace('.', '/'), bytes));
    return classes;
  }

  private static Map<Integer, String> owners(Map<String, byte[]> compiled) {
    var owners = new HashMap<Integer, String>();
    compiled.forEach((owner, bytes) ->
        forEachMethod(
            bytes,
            (name, bytecode) -> {
              if (name.startsWith("func_")) {
                owners.put(Integer.valueOf(name.substring("func_".length())), owner);
              }
            }));
    return owners;
  }

  private static void checkSizes(String owner, byte[] classFile) {
    forEachMethod(
        classFile,
        (name, bytecode) -> {
          if (bytecode > JIT_LIMIT) {
            throw new IllegalStateException(
                owner + "." + name + " has " + bytecode + " bytes: HotSpot will not compile it");
          }
        });
  }

  private interface MethodSize {
    void accept(String method, int bytes);
  }

  private static void forEachMethod(byte[] classFile, MethodSize visitor) {
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  String signature,
                  String[] exceptions) {
                return new CodeSizeEvaluator(null) {
                  @Override
                  public void visitEnd() {
                    visitor.accept(name, getMaxSize());
                  }
                };
              }
            },
            0);
  }

  private String store(String name, byte[] content) throws IOException {
    var file = classes.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    return name;
  }
}
