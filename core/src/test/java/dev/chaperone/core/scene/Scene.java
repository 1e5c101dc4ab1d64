package dev.chaperone.core.scene;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.identity.SignInRefusedException;
import dev.chaperone.core.policy.PolicyFile;
import dev.chaperone.core.policy.RulePolicy;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.session.SessionRefusedException;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.core.snapshot.Snapshot;
import dev.chaperone.core.snapshot.Snapshots;
import dev.chaperone.core.target.Secret;
import dev.chaperone.core.target.Target;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.journal.JournalSettings;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.SegmentedJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway without a protocol: a real journal in a directory, a policy that can be exchanged. */
public final class Scene implements AutoCloseable {
  /** Everything runs. */
  public static final String ALLOW_ALL = "rules:\n  - {name: all, when: 'true', then: allow}\n";

  private static final Instant SIGNED_IN = Instant.parse("2026-11-23T09:00:00Z");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final StallingJournal journal;
  private final SetClock clock = new SetClock();
  private final Snapshots snapshots;
  private final Sessions sessions;
  private final Target target;

  private Scene(Path directory, String policy, Target.Recording recording) throws IOException {
    this.journal =
        new StallingJournal(
            SegmentedJournal.open(directory, JournalSettings.of("gateway.test/log1")));
    this.target = target(recording);
    this.snapshots = new Snapshots(snapshot(policy, Snapshot.SessionLimits.DEFAULT, target));
    this.sessions = new Sessions(journal, snapshots, clock);
  }

  /** Opens its journal in {@code directory}. */
  public static Scene of(Path directory, String policy) throws IOException {
    return new Scene(directory, policy, Target.Recording.DEFAULT);
  }

  /** With another recording of outcomes. */
  public static Scene of(Path directory, String policy, Target.Recording recording)
      throws IOException {
    return new Scene(directory, policy, recording);
  }

  public StallingJournal journal() {
    return journal;
  }

  public SetClock clock() {
    return clock;
  }

  public Snapshots snapshots() {
    return snapshots;
  }

  public Sessions sessions() {
    return sessions;
  }

  public Target target() {
    return target;
  }

  /** Puts another policy in force. */
  public void policy(String yaml) {
    snapshots.swap(snapshot(yaml, Snapshot.SessionLimits.DEFAULT, target));
  }

  /** Puts other limits in force. */
  public void limits(Snapshot.SessionLimits limits) {
    snapshots.swap(snapshot(ALLOW_ALL, limits, target));
  }

  /** Takes every target out of the configuration. */
  public void withoutTarget() {
    snapshots.swap(snapshot(ALLOW_ALL, Snapshot.SessionLimits.DEFAULT, null));
  }

  /** A session of the agent that acts for a person. */
  public Session open() throws JournalUnavailableException {
    try {
      return sessions.open(opening(agent(), new Intent("clean up", "T-7", null), target));
    } catch (SessionRefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every entry so far; waits until what was added before is durable. */
  public List<JsonNode> entries() throws IOException, JournalUnavailableException {
    var all = new ArrayList<JsonNode>();
    for (var json : lines()) {
      all.add(JSON.readTree(json));
    }
    return all;
  }

  /** Those of one type. */
  public List<JsonNode> entries(String type) throws IOException, JournalUnavailableException {
    return entries().stream().filter(e -> e.path("type").stringValue().equals(type)).toList();
  }

  /** As {@link #entries}, as they are written. */
  public List<String> lines() throws IOException, JournalUnavailableException {
    journal.awaitAll();
    var reader = journal.reader();
    var all = new ArrayList<String>();
    reader.forEach(0, reader.size(), (_, entry) -> all.add(entry.json()));
    return all;
  }

  public static Session.Opening opening(Identity identity, Intent intent, Target target) {
    return new Session.Opening(
        identity, intent, target, "orders", "app", "postgres", "10.1.2.3", "psql");
  }

  /** An agent on behalf of {@link #person}. */
  public static Identity agent() {
    return identity("corp", "bot", Identity.Kind.AGENT, "bot@corp", person());
  }

  /** A person. */
  public static Identity person() {
    return identity("corp", "ada", Identity.Kind.PERSON, "ada@example.com", null);
  }

  public static Identity identity(
      String issuer,
      String subject,
      Identity.Kind kind,
      String person,
      @Nullable Identity onBehalfOf) {
    return new Identity(
        issuer,
        subject,
        kind,
        kind == Identity.Kind.PERSON ? "Ada" : null,
        kind == Identity.Kind.PERSON ? "ada@example.com" : null,
        List.of("dba"),
        Map.of(),
        person,
        onBehalfOf,
        new Identity.Credential(
            "k1", "0f".repeat(32), SIGNED_IN, SIGNED_IN.plus(Duration.ofHours(1)), SIGNED_IN));
  }

  private static Target target(Target.Recording recording) {
    return new Target(
        "orders",
        "postgres",
        "db.internal",
        5432,
        "orders",
        List.of("orders"),
        Target.Tls.VERIFY_FULL,
        null,
        new Target.Credential("app", new Secret(() -> "never shown")),
        Map.of(),
        Map.of(),
        recording);
  }

  private static Snapshot snapshot(
      String policy, Snapshot.SessionLimits limits, @Nullable Target target) {
    return new Snapshot(
        target == null ? Map.of() : Map.of(target.name(), target),
        parsed(policy),
        _ -> {
          throw new SignInRefusedException("nobody signs in here", null);
        },
        Set.of("corp"),
        limits,
        "https://gateway.test/reviews/");
  }

  private static RulePolicy parsed(String yaml) {
    try {
      return RulePolicy.of(PolicyFile.parse("policy.yaml", yaml));
    } catch (ConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    journal.resume();
    sessions.close();
    journal.close();
  }
}
