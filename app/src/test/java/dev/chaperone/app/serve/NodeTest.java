package dev.chaperone.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.app.Main;
import dev.chaperone.app.cli.ExitStatus;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.journal.verify.Verification;
import dev.chaperone.journal.verify.Verifier;
import dev.chaperone.testing.TestIssuer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeTest {
  @TempDir Path folder;
  private final TestIssuer issuer = TestIssuer.start();
  private final StringWriter out = new StringWriter();

  @BeforeEach
  void configure() throws IOException {
    Sample.write(folder, issuer.issuer(), "orders");
  }

  @AfterEach
  void stopIssuer() {
    issuer.close();
  }

  private Node start() throws Exception {
    return Node.start(folder.resolve("chaperone.yaml"), Clock.systemUTC());
  }

  @Test
  void clientsReachItOverTlsTrustingItsOwnAuthority() throws Exception {
    try (var node = start()) {
      assertThat(cli(node, "targets", "--json")).isEqualTo(ExitStatus.DONE);
      assertThat(out.toString()).contains("\"orders\"");
    }
  }

  @Test
  void aStartAndAStopAreRecordedAndTheLogVerifiesAfterwards() throws Exception {
    start().close();
    assertThat(Sample.types(folder))
        .containsExactly("node.started", "config.loaded", "node.stopped");
    var verification = Verifier.verify(folder.resolve("data"), Optional.empty(), Optional.empty());
    assertThat(verification).isInstanceOf(Verification.Sound.class);
  }

  @Test
  void theLogKeepsItsNameWhenItStartsAgain() throws Exception {
    start().close();
    var name = Files.readString(folder.resolve("data/journal/log/key.pub"));
    start().close();
    assertThat(Files.readString(folder.resolve("data/journal/log/key.pub"))).isEqualTo(name);
    assertThat(Sample.types(folder)).hasSize(6);
  }

  @Test
  void aReloadPutsANewConfigurationInForceAsAWhole() throws Exception {
    try (var node = start()) {
      Sample.write(folder, issuer.issuer(), "archive");
      node.reload("a test");
      cli(node, "targets", "--json");
      assertThat(out.toString()).contains("\"name\" : \"archive\"");
    }
    assertThat(Sample.types(folder))
        .containsSubsequence("config.loaded", "config.loaded", "node.stopped");
  }

  @Test
  void anInvalidConfigurationChangesNothingAndTheRefusalIsRecorded() throws Exception {
    try (var node = start()) {
      Sample.write(folder, issuer.issuer(), "archive");
      Files.writeString(folder.resolve("policy.yaml"), "rules: [{name: x, when: nonsense}]");
      node.reload("a test");
      cli(node, "targets", "--json");
      assertThat(out.toString()).contains("\"name\" : \"orders\"");
    }
    assertThat(Sample.types(folder)).contains("config.refused");
  }

  @Test
  void whereItListensDoesNotChangeByAReload() throws Exception {
    try (var node = start()) {
      var file = folder.resolve("chaperone.yaml");
      Files.writeString(file, Files.readString(file).replace("127.0.0.1:0", "127.0.0.1:1"));
      node.reload("a test");
    }
    assertThat(Sample.types(folder)).contains("config.refused");
  }

  @Test
  void aSecondGatewayOnTheSameDataIsTurnedAway() throws Exception {
    try (var node = start()) {
      assertThat(node.web()).isPresent();
      assertThatThrownBy(this::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
    }
    start().close();
  }

  @Test
  void aFailedStartLeavesTheDataFreeForTheNext() throws Exception {
    try (var first = start()) {
      var port = first.web().orElseThrow().getPort();
      var file = folder.resolve("second.yaml");
      Files.writeString(
          file,
          Files.readString(folder.resolve("chaperone.yaml"))
              .replace("127.0.0.1:0", "127.0.0.1:" + port)
              .replace("./data", "./second"));
      assertThatThrownBy(() -> Node.start(file, Clock.systemUTC()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen");
      Files.writeString(file, Files.readString(file).replace("127.0.0.1:" + port, "127.0.0.1:0"));
      Node.start(file, Clock.systemUTC()).close();
    }
  }

  @Test
  void anInvalidConfigurationDoesNotStart() throws Exception {
    Files.writeString(folder.resolve("policy.yaml"), "rulez: []");
    assertThatThrownBy(this::start)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("policy.yaml:1")
        .hasMessageContaining("rulez");
    assertThat(folder.resolve("data")).doesNotExist();
  }

  private int cli(Node node, String... arguments) {
    var environment =
        Map.of(
            "CHAPERONE_SERVER", "https://localhost:" + node.web().orElseThrow().getPort(),
            "CHAPERONE_CA", node.authority().orElseThrow().toString(),
            "CHAPERONE_TOKEN", issuer.token("ann").groups("platform").sign());
    return Main.commandLine(new PrintWriter(out), new PrintWriter(out), environment::get)
        .execute(arguments);
  }
}
