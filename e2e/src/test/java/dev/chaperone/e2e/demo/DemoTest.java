package dev.chaperone.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.app.Main;
import dev.chaperone.app.cli.ExitStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int demo(Path directory) {
    return Main.commandLine(new PrintWriter(out), new PrintWriter(err), System::getenv)
        .execute("demo", "--directory", directory.toString());
  }

  @Test
  void everyStepHolds() {
    assertThat(demo(folder.resolve("demo"))).as("%s%n%s", out, err).isEqualTo(ExitStatus.DONE);
    assertThat(out.toString())
        .contains("checks in 7 steps held.")
        .doesNotContain("DID NOT HOLD")
        .doesNotContain("\u001b");
  }

  @Test
  void aDirectoryThatIsNotItsOwnIsLeftAlone() throws IOException {
    var mine = Files.writeString(folder.resolve("mine"), "precious");
    assertThat(demo(folder)).isEqualTo(ExitStatus.FAILED);
    assertThat(mine).hasContent("precious");
    assertThat(err.toString()).contains("--directory");
  }
}
