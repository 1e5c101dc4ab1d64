package dev.chaperone.e2e.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The methods of Java sources with their lengths, as the compiler's own parser sees them. */
final class Methods {
  private Methods() {}

  /**
   * A method or constructor.
   *
   * @param lines from its first annotation or modifier to its closing brace
   */
  record Method(Path file, String name, long line, long lines) {}

  static List<Method> in(List<Path> files) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      var absolute = files.stream().map(file -> Sources.root().resolve(file)).toList();
      var task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(absolute));
      var positions = Trees.instance(task).getSourcePositions();
      var found = new ArrayList<Method>();
      for (var unit : task.parse()) {
        new Collector(unit, positions, found).scan(unit, null);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Collector extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final LineMap lines;
    private final List<Method> found;

    Collector(CompilationUnitTree unit, SourcePositions positions, List<Method> found) {
      this.unit = unit;
      this.positions = positions;
      this.lines = unit.getLineMap();
      this.found = found;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
      long first = lines.getLineNumber(positions.getStartPosition(unit, method));
      long last = lines.getLineNumber(positions.getEndPosition(unit, method));
      var file = Sources.root().relativize(Path.of(unit.getSourceFile().toUri()));
      found.add(new Method(file, method.getName().toString(), first, last - first + 1));
      return super.visitMethod(method, null);
    }
  }
}
