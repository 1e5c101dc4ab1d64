package dev.chaperone.core.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A path around the gate does not compile, seen from a protocol's package. */
class GateCompileTest {
  private static final String SOURCE =
      """
      package dev.chaperone.elsewhere;

      import dev.chaperone.core.command.Command;
      import dev.chaperone.core.gate.*;
      import dev.chaperone.core.review.Waiting;
      import dev.chaperone.wire.Frames;
      import java.util.concurrent.atomic.AtomicReference;

      final class Path {
        static final class Traffic extends OwnTraffic {
          Gate.Own sync(Frames frames) {
            return own("sync", frames);
          }
        }

        static void go(
            Gate gate,
            Gate.Permit permit,
            Gate.Cleared cleared,
            Gate.Own own,
            Run run,
            Preparation preparation,
            OwnTraffic traffic,
            Gate.ToResource toResource,
            Gate.ToClient toClient,
            Command command,
            Frames frames,
            Waiting waiting)
            throws Exception {
          BODY
        }
      }
      """;

  @Test
  void thePathThroughTheGateCompiles() {
    assertThat(
            errors(
                """
                if (gate.admit(command, frames, waiting) instanceof Gate.Permit admitted) {
                  toResource.write(admitted);
                  toResource.write(gate.further(admitted.admitted(), frames));
                  toResource.write(new Traffic().sync(frames));
                  toResource.flush();
                  toClient.write(gate.clear(admitted.admitted(), frames));
                  toClient.write(gate.clearProtocol("ready", frames));
                  toClient.write(new Traffic().sync(frames));
                  toClient.flush();
                }
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          new Gate.Permit(frames, run);                                 | report.access
          new Gate.Permit(frames, preparation);                         | report.access
          new Gate.Cleared(frames);                                     | report.access
          new Gate.Own("sync", frames);                                 | not.def.public
          traffic.own("sync", frames);                                  | report.access
          new Run("c", command, null, null, null, null);                | not.def.public
          new Preparation(null);                                        | not.def.public
          permit.open();                                                | report.access
          cleared.open();                                               | report.access
          Object o = permit.frames;                                     | report.access
          Object o = cleared.frames;                                    | report.access
          Object o = own.frames;                                        | report.access
          toResource.write(frames);                                     | cant.apply
          toResource.write(cleared);                                    | cant.apply
          toResource.write(command);                                    | cant.apply
          toClient.write(frames);                                       | cant.apply
          toClient.write(permit);                                       | cant.apply
          gate.permit("c", command, frames, null, null, null);          | report.access
          run.seen(new byte[0], 0, 0);                                  | cant.apply
          run.close();                                                  | not.def.public
          class Mine extends Gate.Permit {}                             | cant.inherit.from.final
          class Mine implements Passage {}                              | cant.extend.sealed
          class Mine implements Admitted {}                             | cant.extend.sealed
          """)
  void aPathAroundTheGateDoesNot(String statement, String why) {
    assertThat(errors(statement)).anySatisfy(code -> assertThat(code).contains(why));
  }

  private static List<String> errors(String body) {
    var source =
        new SimpleJavaFileObject(
            URI.create("string:///dev/chaperone/elsewhere/Path.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignored) {
            return SOURCE.replace("BODY", body);
          }
        };
    var found = new DiagnosticCollector<JavaFileObject>();
    var options =
        List.of(
            "-proc:none",
            "-implicit:none",
            "-classpath",
            System.getProperty("java.class.path"),
            "-d",
            System.getProperty("java.io.tmpdir"),
            "-XDshould-stop.ifNoError=FLOW");
    ToolProvider.getSystemJavaCompiler()
        .getTask(null, null, found, options, null, List.of(source))
        .call();
    var codes = new ArrayList<String>();
    for (var one : found.getDiagnostics()) {
      if (one.getKind() == Diagnostic.Kind.ERROR) {
        codes.add(one.getCode());
      }
    }
    return codes;
  }
}
