package dev.chaperone.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PolicyCommandsTest {
  private static final String POLICY =
      """
      rules:
        - {name: read, when: 'command.effects == ["read"]', then: allow}
        - {name: team, when: 'identity.claims.team == "data"', then: allow}
        - {name: drop, when: '"delete" in command.effects', then: hold, message: ask, reviewers: {groups: [dba]}}
      masks:
        - {name: mail, target: orders, columns: [public.customers.email], with: redact}
      tests:
        - {name: reads, identity: {kind: agent, claims: {team: x}}, target: orders, command: SELECT 1, expect: EXPECTED}
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Path directory;

  PolicyCommandsTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private int run(String... arguments) {
    return run(new PolicyCommands(), arguments);
  }

  private int run(Object command, String... arguments) {
    var errors = new CommandErrors(new ChaperoneCommand());
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors)
        .execute(arguments);
  }

  private String policy(String text) throws IOException {
    return Files.writeString(directory.resolve("p.yaml"), text).toString();
  }

  @Test
  void checkCountsWhatCanBeLoaded() throws IOException {
    var file = policy(POLICY.replace("EXPECTED", "allow"));
    assertThat(run("check", file)).isZero();
    assertThat(out).hasToString(file + " can be loaded: rules 3, masks 1, tests 1\n");
  }

  @Test
  void checkNamesThePlaceOfAMistakeInOneLine() throws IOException {
    var sound = POLICY.replace("EXPECTED", "allow");
    var file = policy(sound.replace("team ==", "team == \"x\" && identty.kind =="));
    assertThat(run("check", file)).isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString())
        .startsWith("chaperone: " + file + ":3:")
        .contains("rule `team`")
        .hasLineCount(1);
  }

  @Test
  void testsThatPassEndWithSuccess() throws IOException {
    assertThat(run("test", policy(POLICY.replace("EXPECTED", "allow")))).isZero();
    assertThat(out).hasToString("passed  reads\n1 passed, 0 failed\n");
  }

  @Test
  void aTestThatFailsEndsWithFailureAndItsPlace() throws IOException {
    var file = policy(POLICY.replace("EXPECTED", "deny"));
    assertThat(run("test", file)).isEqualTo(ExitStatus.FAILED);
    assertThat(out.toString())
        .contains("FAILED  reads\n        " + file + ":8: expected deny, got allow by read\n");
    assertThat(run("test", "--json", file)).isEqualTo(ExitStatus.FAILED);
    assertThat(out.toString()).contains("\"passed\" : false");
  }

  @Test
  void aPolicyWithoutTestsIsNotTested() throws IOException {
    var file = policy("rules:\n- {name: a, when: 'true', then: allow}\n");
    assertThat(run("test", file)).isEqualTo(ExitStatus.FAILED);
    assertThat(err.toString()).contains("has no tests");
  }

  @Test
  void tryTellsTheVerdictAndHowItCameAbout() throws IOException {
    var file = policy(POLICY.replace("EXPECTED", "allow"));
    assertThat(
            run(
                "try",
                "--policy",
                file,
                "--identity",
                "{kind: agent, claims: {team: data}}",
                "--target",
                "orders",
                "DELETE FROM carts WHERE id = $1"))
        .isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "verdict    hold by drop",
            "message    ask",
            "reviewers  1 of dba for drop",
            "effects    delete",
            "relations  public.carts",
            "functions  -",
            "rule       read says allow: its condition does not hold",
            "rule       team says allow: its condition holds",
            "rule       drop says hold: its condition holds",
            "mask       mail applies");
  }

  @Test
  void tryShowsARuleThatCannotBeEvaluated() throws IOException {
    var file = policy(POLICY.replace("EXPECTED", "allow"));
    assertThat(
            run(
                "try",
                "--policy",
                file,
                "--json",
                "--identity",
                "{kind: agent}",
                "--target",
                "orders",
                "SELECT 1"))
        .isZero();
    assertThat(out.toString())
        .contains("\"verdict\" : \"deny\"")
        .contains("\"rules\" : [ \"team\" ]")
        .contains("\"why\" : \"attribute not found\"");
  }

  @Test
  void aConfigurationThatIsNotThereIsAnError() {
    assertThat(run(new ConfigCheck(), directory.resolve("none.yaml").toString()))
        .isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString()).contains("none.yaml cannot be read: it does not exist");
  }
}
