package dev.chaperone.sql.grammar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.runtime.Memory;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/** The parser's module, loaded once; its code is the classes compiled at build time. Immutable. */
public final class GrammarModule {
  private static final String MACHINE = "PostgresMachine";

  private final WasmModule module;
  private final Map<String, String> imports;
  private final Map<String, String> exports;
  private final byte[] memory;
  private final Function<Instance, Machine> machine;

  private GrammarModule(
      WasmModule module,
      byte[] memory,
      Map<String, String> imports,
      Map<String, String> exports,
      Function<Instance, Machine> machine) {
    this.module = module;
    this.memory = memory;
    this.imports = imports;
    this.exports = exports;
    this.machine = machine;
  }

  /** Loads it from this library. Takes some hundred milliseconds in a fresh JVM. */
  public static GrammarModule load() {
    var imports = new HashMap<String, String>();
    var exports = new HashMap<String, String>();
    new String(resource("names.txt"), StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> {
          var words = line.split(" ", 3);
          if (words[0].equals("import")) {
            imports.put(words[1], words[2]);
          } else {
            exports.put(words[2], words[1]);
          }
        });
    return new GrammarModule(
        Parser.parse(resource("module.wasm")),
        resource("memory.bin"),
        Map.copyOf(imports),
        Map.copyOf(exports),
        machine());
  }

  /** A parser with memory of its own, for one thread at a time. */
  public GrammarInstance instantiate() {
    return new GrammarInstance(this);
  }

  WasmModule module() {
    return module;
  }

  /** Writes what the module's memory holds at the beginning: constants and tables. */
  void initialize(Memory target) {
    int start = ByteBuffer.wrap(memory).getInt();
    target.write(start, memory, Integer.BYTES, memory.length - Integer.BYTES);
  }

  Function<Instance, Machine> machineFactory() {
    return machine;
  }

  /** The C function behind an import. */
  String imported(String letter) {
    return named(imports, letter);
  }

  /** The export under which a C function is found. */
  String exported(String name) {
    return named(exports, name);
  }

  private static String named(Map<String, String> names, String key) {
    @Nullable String name = names.get(key);
    if (name == null) {
      throw new IllegalStateException("names.txt does not have " + key);
    }
    return name;
  }

  static byte[] resource(String name) {
    try (var in = GrammarModule.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("this library is incomplete: no " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  /** The class exists only after the build has compiled the module, so it is looked up by name. */
  private static Function<Instance, Machine> machine() {
    try {
      var type = Class.forName(GrammarModule.class.getPackageName() + "." + MACHINE);
      var constructor =
          MethodHandles.lookup().unreflectConstructor(type.getConstructor(Instance.class));
      return instance -> {
        try {
          return (Machine) constructor.invoke(instance);
        } catch (Throwable e) {
          throw new IllegalStateException("cannot make a " + MACHINE, e);
        }
      };
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this library is incomplete: no " + MACHINE, e);
    }
  }
}
