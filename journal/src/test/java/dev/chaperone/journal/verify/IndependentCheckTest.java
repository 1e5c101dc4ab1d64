package dev.chaperone.journal.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Go's {@code golang.org/x/mod/sumdb}, which nobody here wrote, accepts our logs and refuses the
 * tampered ones. Without Go, or without its module, this cannot be shown: that fails where {@code
 * CI=true}, and is reported as not run elsewhere.
 */
class IndependentCheckTest {
  @TempDir Path directory;

  @Test
  void goAcceptsOurLogsAndRefusesTamperedOnes() throws Exception {
    Path program = build();
    Path journal = directory.resolve("journal");
    LogCopy.run(journal, 0, 300);
    Path earlier = directory.resolve("earlier");
    Files.copy(journal.resolve("log/checkpoint"), earlier);
    LogCopy fork = new LogCopy(journal).copyTo(directory.resolve("fork"));
    LogCopy.run(journal, 300, 700);
    LogCopy.run(fork.directory, 900, 1000);
    LogCopy original = new LogCopy(journal);
    String key = Files.readString(original.log("key.pub")).strip();

    Answer sound =
        run(List.of(program.toString(), original.log("").toString(), key, earlier.toString()));
    assertThat(sound.text()).isEqualTo("700 entries, 1 earlier checkpoints\n");
    assertThat(sound.status()).isZero();

    String now = fork.log("checkpoint").toString();
    assertThat(run(List.of(program.toString(), original.log("").toString(), key, now)).status())
        .as("a fork")
        .isEqualTo(1);

    for (String name : List.of("tile/entries/001", "tile/0/001", "tile/1/000.p/2", "checkpoint")) {
      LogCopy copy = original.copyTo(directory.resolve("copy-" + name.replace('/', '-')));
      LogCopy.flip(copy.log(name), 40);
      assertThat(run(List.of(program.toString(), copy.log("").toString(), key)).status())
          .as(name)
          .isEqualTo(1);
    }
  }

  private Path build() throws Exception {
    Path program = directory.resolve("independent");
    try {
      Answer built =
          run(List.of("go", "build", "-C", "src/test/go", "-o", program.toString(), "."));
      return built.status() == 0 ? program : cannot(built.text());
    } catch (IOException e) {
      return cannot(e.toString());
    }
  }

  private static Path cannot(String why) {
    String message = "the independent check needs Go and its module: " + why;
    return "true".equals(System.getenv("CI")) ? fail(message) : abort(message);
  }

  private record Answer(int status, String text) {}

  private static Answer run(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), text);
  }
}
