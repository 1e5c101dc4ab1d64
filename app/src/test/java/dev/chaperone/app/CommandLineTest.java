package dev.chaperone.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.app.cli.ExitStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine(new PrintWriter(out), new PrintWriter(err), name -> null)
        .execute(arguments);
  }

  @Test
  void theVersionIsTheBuildsOwn() {
    assertThat(run("version")).isEqualTo(ExitStatus.DONE);
    assertThat(out.toString()).matches("chaperone \\d+\\.\\d+\\.\\d+\\S* \\(Java 25.*\\)\\R");
  }

  @Test
  void wrongUsageIsOneLineThatSaysWhatAndWhereToReadOn() {
    assertThat(run("version", "--nonsense")).isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString())
        .startsWith("chaperone: Unknown option: '--nonsense'")
        .contains("chaperone version --help")
        .doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aStackTraceIsShownOnRequest() {
    assertThat(run("--debug", "version", "--nonsense")).isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString()).contains("\tat ");
  }

  @Test
  void noCommandAtAllIsWrongUsage() {
    assertThat(run()).isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString()).contains("chaperone --help");
  }
}
