package dev.chaperone.app.config;

import dev.chaperone.core.policy.PolicyFile;
import dev.chaperone.core.policy.RulePolicy;
import dev.chaperone.core.target.Secret;
import dev.chaperone.core.target.Target;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A policy and the targets that it is about, for the commands that work on files alone.
 *
 * @param file the policy as it is written
 * @param policy the policy, compiled
 * @param targets the configured targets; empty without a configuration
 */
public record PolicySource(PolicyFile file, RulePolicy policy, Map<String, Target> targets) {
  public PolicySource {
    targets = Map.copyOf(targets);
  }

  /**
   * Reads a policy.
   *
   * @param policy the policy's file; null: the one that the configuration names
   * @param configuration the configuration; null: none, so that targets are taken as they are named
   * @throws ConfigurationException at the first thing that is wrong
   */
  public static PolicySource load(@Nullable Path policy, @Nullable Path configuration)
      throws ConfigurationException {
    if (configuration == null) {
      var file = policy == null ? Path.of("policy.yaml") : policy;
      var parsed = parse(file);
      return new PolicySource(parsed, RulePolicy.of(parsed), Map.of());
    }
    var configured = Configuration.load(configuration);
    if (policy == null) {
      return new PolicySource(configured.policyFile(), configured.policy(), configured.targets());
    }
    var parsed = parse(policy);
    var compiled = RulePolicy.of(parsed);
    compiled.checkTargets(configured.targets().keySet());
    return new PolicySource(parsed, compiled, configured.targets());
  }

  private static PolicyFile parse(Path file) throws ConfigurationException {
    return PolicyFile.parse(file.toString(), NamedFiles.read(file, Place.start(file.toString())));
  }

  /** The target of a name; without a configuration a stand-in of that name without labels. */
  public Target target(String name) {
    var configured = targets.get(name);
    return configured != null ? configured : standIn(name);
  }

  private static Target standIn(String name) {
    var nothing =
        new Secret(() -> {
          throw new IllegalStateException("a policy's test has no credentials");
        });
    return new Target(
        name,
        "postgres",
        "localhost",
        5432,
        name,
        List.of(name),
        Target.Tls.VERIFY_FULL,
        null,
        new Target.Credential("", nothing),
        Map.of(),
        Map.of(),
        Target.Recording.DEFAULT);
  }
}
