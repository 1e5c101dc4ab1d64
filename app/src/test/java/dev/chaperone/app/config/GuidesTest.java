package dev.chaperone.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.policy.PolicyFile;
import dev.chaperone.core.policy.PolicyTests;
import dev.chaperone.core.policy.RulePolicy;
import dev.chaperone.core.policy.VariableTable;
import dev.chaperone.core.yaml.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guides show is what the program reads. */
class GuidesTest {
  private static final Path GUIDES = Path.of("../docs/guides");
  private static final Pattern YAML = Pattern.compile("```yaml\\R(.*?)```", Pattern.DOTALL);

  private static List<String> examples(String guide) throws IOException {
    var examples = new ArrayList<String>();
    var matcher = YAML.matcher(Files.readString(GUIDES.resolve(guide)));
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    return examples;
  }

  @Test
  void theConfigurationGuidesExamplesCanBeLoaded(@TempDir Path directory)
      throws IOException, ConfigurationException {
    var files = new ConfigurationFiles(directory);
    var examples = examples("configuration.md");
    assertThat(examples).hasSizeGreaterThan(5);
    for (var example : examples) {
      assertThat(files.load(ConfigurationFiles.with(example)).targets())
          .as(example)
          .containsKey("orders");
    }
  }

  @Test
  void thePolicyGuidesExamplesPassTheirOwnTests() throws IOException, ConfigurationException {
    int run = 0;
    try (var sql = new WrittenSql()) {
      for (var example : examples("policy.md")) {
        var file = PolicyFile.parse("policy.md", example);
        var source = new PolicySource(file, RulePolicy.of(file), Map.of());
        for (var result : PolicyTests.run(source.policy(), source::target, file.tests(), sql)) {
          assertThat(result.failures()).as(result.test().name()).isEmpty();
          run++;
        }
      }
    }
    assertThat(run).isGreaterThan(8);
  }

  @Test
  void thePolicyGuidesTableIsTheDeclarations() throws IOException {
    assertThat(Files.readString(GUIDES.resolve("policy.md")))
        .contains("<!-- variables -->\n" + VariableTable.markdown() + "<!-- end -->\n");
  }
}
