package dev.chaperone.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.app.Main;
import dev.chaperone.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code chaperone serve} as a process of its own, told by signals. */
class ServeProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ENDED_BY_SIGTERM = 128 + 15;

  @TempDir Path folder;
  private @org.jspecify.annotations.Nullable Process process;

  @AfterEach
  void endProcess() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private Process serve() throws IOException {
    var started =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--config",
                folder.resolve("chaperone.yaml").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    process = started;
    return started;
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output"));
    } catch (IOException e) {
      return "";
    }
  }

  private void await(String said) {
    Await.until("it says " + said, PATIENCE, () -> output().contains(said));
  }

  @Test
  void aHangupReloadsAndATerminationStopsInOrder() throws Exception {
    Sample.write(folder, "http://127.0.0.1:1", "orders");
    var serving = serve();
    await("is ready");
    Sample.write(folder, "http://127.0.0.1:1", "archive");
    new ProcessBuilder("kill", "-HUP", Long.toString(serving.pid())).start().waitFor();
    await("the configuration was reloaded");
    serving.destroy();
    assertThat(serving.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(serving.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
    assertThat(Sample.types(folder))
        .containsExactly("node.started", "config.loaded", "config.loaded", "node.stopped");
  }

  @Test
  void aKilledOneLeavesADirectoryThatTheNextTakesOver() throws Exception {
    Sample.write(folder, "http://127.0.0.1:1", "orders");
    var killed = serve();
    await("is ready");
    killed.destroyForcibly().waitFor();
    var next = serve();
    await("is ready");
    next.destroy();
    next.waitFor();
    assertThat(Sample.types(folder))
        .containsExactly(
            "node.started", "config.loaded", "node.started", "config.loaded", "node.stopped");
  }

  @Test
  void anInvalidConfigurationIsOneLineAndStatus2() throws Exception {
    Sample.write(folder, "http://127.0.0.1:1", "orders");
    Files.writeString(folder.resolve("policy.yaml"), "rulez: []");
    var refused = serve();
    assertThat(refused.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(refused.exitValue()).isEqualTo(2);
    assertThat(output().lines()).hasSize(1);
    assertThat(output()).startsWith("chaperone: ").contains("policy.yaml:1").contains("rulez");
  }
}
