package dev.chaperone.sql.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Remembers, beside the class files, from what they were made. */
final class BuildStamp {
  private final Path classes;
  private final Path file;
  private final Class<?> compiler;

  BuildStamp(Path classes, String outputPackage, Class<?> compiler) {
    this.classes = classes;
    this.compiler = compiler;
    file = classes.resolve(outputPackage + "grammar.stamp");
  }

  /** Whether the outputs are there and were made of these inputs by this compiler. */
  boolean current(byte[]... inputs) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    var lines = Files.readAllLines(file);
    return !lines.isEmpty()
        && lines.getFirst().equals(digest(inputs))
        && lines.stream().skip(1).allMatch(name -> Files.exists(classes.resolve(name)));
  }

  void write(List<String> outputs, byte[]... inputs) throws IOException {
    var lines = new ArrayList<String>();
    lines.add(digest(inputs));
    lines.addAll(outputs);
    Files.write(file, lines);
  }

  private String digest(byte[]... inputs) throws IOException {
    var parts = new ArrayList<>(List.of(inputs));
    var own = classes.resolve(compiler.getPackageName().replace('.', '/'));
    try (var files = Files.list(own)) {
      files.sorted().forEach(path -> parts.add(bytes(path)));
    }
    var endive = run.endive.compiler.internal.Compiler.class.getProtectionDomain().getCodeSource();
    parts.add(
        Path.of(endive.getLocation().getPath())
            .getFileName()
            .toString()
            .getBytes(StandardCharsets.UTF_8));
    return GrammarCompiler.sha256(parts.toArray(byte[][]::new));
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
