package dev.chaperone.core.policy;

import dev.chaperone.core.command.Bytes;
import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.target.Secret;
import dev.chaperone.core.target.Target;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Identities, targets and commands for tests of policies. */
final class Asking {
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private Asking() {}

  static RulePolicy policy(String yaml) {
    try {
      return RulePolicy.of(PolicyFile.parse("policy.yaml", yaml));
    } catch (dev.chaperone.core.yaml.ConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  /** A policy of one rule with this condition, allowing. */
  static RulePolicy allowing(String condition) {
    return policy(
        "rules:\n  - name: one\n    then: allow\n    when: >-\n      " + condition + "\n");
  }

  static Identity agent() {
    return TestIdentity.of(
        "corp",
        "bot",
        Identity.Kind.AGENT,
        null,
        null,
        List.of("bots"),
        Map.of("team", "data", "level", 3, "scopes", List.of("a", "b"), "nested", Map.of("x", 1.5)),
        person());
  }

  static Identity person() {
    return TestIdentity.of(
        "corp",
        "ada",
        Identity.Kind.PERSON,
        "Ada",
        "ada@example.com",
        List.of("dba"),
        Map.of(),
        null);
  }

  static Target target(String name) {
    return new Target(
        name,
        "postgres",
        "127.0.0.1",
        5432,
        "orders",
        List.of("orders"),
        Target.Tls.OFF,
        null,
        new Target.Credential("app", new Secret(() -> "")),
        Map.of(),
        Map.of("environment", "production"),
        Target.Recording.DEFAULT);
  }

  static Circumstances by(Identity identity, String target) {
    return new Circumstances(
        identity,
        new Intent("clean up", "T-7", null),
        target(target),
        "10.1.2.3",
        "app",
        NOW.minusSeconds(60),
        NOW);
  }

  static Circumstances byAgent() {
    return by(agent(), "orders");
  }

  static Command.Statement statement(Effect first, Effect... more) {
    return statement(List.of(), first, more);
  }

  static Command.Statement statement(List<Parameter> parameters, Effect first, Effect... more) {
    var effects = java.util.EnumSet.of(first, more);
    return new Command.Statement(
        "SELECT * FROM customers",
        parameters,
        effects,
        new TreeSet<>(Set.of("public.customers")),
        new TreeSet<>(Set.of("pg_catalog.now")),
        "orders",
        Collections.emptySortedMap(),
        false);
  }

  static Parameter parameter(@Nullable String value) {
    var raw = value == null ? null : Bytes.copyOf(value.getBytes(StandardCharsets.UTF_8));
    return new Parameter("text", false, raw, value);
  }
}
