package dev.chaperone.app.config;

import dev.chaperone.app.config.Configuration.Listen;
import dev.chaperone.app.config.Configuration.Reviews;
import dev.chaperone.app.config.Configuration.Roles;
import dev.chaperone.app.config.Configuration.TlsFiles;
import dev.chaperone.core.policy.PolicyFile;
import dev.chaperone.core.policy.RulePolicy;
import dev.chaperone.core.snapshot.Snapshot.SessionLimits;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.Place;
import dev.chaperone.core.yaml.YamlMap;
import dev.chaperone.core.yaml.YamlReader;
import dev.chaperone.core.yaml.YamlText;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads {@code chaperone.yaml} and what it names. */
final class ConfigurationReader {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Duration LONGEST_DRAIN = Duration.ofHours(1);
  private static final int MOST_SESSIONS = 100_000;

  private final Path file;
  private final NamedFiles files;

  ConfigurationReader(Path file, UnaryOperator<@Nullable String> environment) {
    this.file = file;
    var parent = file.getParent();
    this.files = new NamedFiles(parent == null ? Path.of("") : parent, environment);
  }

  Configuration read() throws ConfigurationException {
    var start = Place.start(file.toString());
    var top = YamlReader.read(file.toString(), NamedFiles.read(file, start));
    top.only(
        "data",
        "listen",
        "address",
        "tls",
        "identity",
        "roles",
        "targets",
        "reviews",
        "sessions",
        "limits",
        "policy");
    var data = top.optionalText("data");
    var targets = new TargetReader(files).read(top.value("targets").asList().maps());
    if (targets.isEmpty()) {
      throw new ConfigurationException(top.placeOf("targets"), "no target: nothing to reach");
    }
    var policyPath = files.existing(top.text("policy"));
    var policyFile =
        PolicyFile.parse(
            policyPath.toString(), NamedFiles.read(policyPath, top.text("policy").place()));
    var policy = RulePolicy.of(policyFile);
    policy.checkTargets(targets.keySet());
    return new Configuration(
        file,
        data.isEmpty() ? file.resolveSibling(Configuration.DEFAULT_DATA) : files.path(data.get()),
        listen(top),
        address(top.optionalText("address")),
        tls(top.optionalMap("tls")),
        new IssuerReader(files).read(top.value("identity").asMap()),
        roles(top.optionalMap("roles")),
        targets,
        reviews(top.optionalMap("reviews")),
        sessions(top.optionalMap("sessions"), top.optionalMap("limits")),
        policyFile,
        policy);
  }

  private static Listen listen(YamlMap top) throws ConfigurationException {
    var map = top.value("listen").asMap();
    map.notYet("ssh", "kubernetes");
    map.only("web", "postgres");
    var web = map.optionalText("web");
    var postgres = map.optionalText("postgres");
    if (web.isEmpty() && postgres.isEmpty()) {
      throw new ConfigurationException(top.placeOf("listen"), "no listener: nothing to serve");
    }
    return new Listen(
        web.isEmpty() ? null : HostPort.of(web.get(), 0),
        postgres.isEmpty() ? null : HostPort.of(postgres.get(), 0));
  }

  private static @Nullable String address(Optional<YamlText> text) throws ConfigurationException {
    if (text.isEmpty()) {
      return null;
    }
    try {
      var address = new URI(text.get().text());
      if ("https".equals(address.getScheme())
          && address.getHost() != null
          && address.getRawQuery() == null
          && address.getRawFragment() == null
          && address.getRawUserInfo() == null) {
        return text.get().text().replaceFirst("/+$", "");
      }
    } catch (URISyntaxException e) {
      throw text.get().wrong("expected an address such as https://chaperone.example.com");
    }
    throw text.get().wrong("expected an address such as https://chaperone.example.com");
  }

  private @Nullable TlsFiles tls(Optional<YamlMap> map) throws ConfigurationException {
    if (map.isEmpty()) {
      return null;
    }
    map.get().only("certificate", "key");
    return new TlsFiles(
        files.existing(map.get().text("certificate")), files.existing(map.get().text("key")));
  }

  private static Roles roles(Optional<YamlMap> map) throws ConfigurationException {
    if (map.isEmpty()) {
      return new Roles(Set.of(), Set.of());
    }
    map.get().only("administrators", "auditors");
    return new Roles(groups(map.get(), "administrators"), groups(map.get(), "auditors"));
  }

  private static Set<String> groups(YamlMap roles, String role) throws ConfigurationException {
    var map = roles.optionalMap(role);
    if (map.isEmpty()) {
      return Set.of();
    }
    map.get().only("groups");
    map.get().value("groups");
    return Set.copyOf(map.get().words("groups"));
  }

  private static Reviews reviews(Optional<YamlMap> map) throws ConfigurationException {
    if (map.isEmpty()) {
      return Reviews.DEFAULT;
    }
    map.get().only("freshSignIn", "pendingPerIdentity");
    var pending = map.get().optionalText("pendingPerIdentity");
    return new Reviews(
        duration(map.get(), "freshSignIn", Duration.ofDays(1), Reviews.DEFAULT.freshSignIn()),
        pending.isEmpty() ? Reviews.DEFAULT.pendingPerIdentity() : pending.get().number(1, 10_000));
  }

  private static SessionLimits sessions(Optional<YamlMap> times, Optional<YamlMap> limits)
      throws ConfigurationException {
    var longest = SessionLimits.DEFAULT.longest();
    boolean endWithToken = SessionLimits.DEFAULT.endWithToken();
    var idle = SessionLimits.DEFAULT.idle();
    var drain = SessionLimits.DEFAULT.drain();
    if (times.isPresent()) {
      var map = times.get();
      map.only("longest", "endWithToken", "idle", "drain");
      longest = duration(map, "longest", LONGEST, longest);
      var withToken = map.optionalText("endWithToken");
      endWithToken = withToken.isEmpty() ? endWithToken : withToken.get().flag();
      idle = duration(map, "idle", LONGEST, idle);
      var text = map.optionalText("drain");
      drain = text.isEmpty() ? drain : text.get().duration(Duration.ZERO, LONGEST_DRAIN);
    }
    int perIdentity = SessionLimits.DEFAULT.perIdentity();
    int perTarget = SessionLimits.DEFAULT.perTarget();
    if (limits.isPresent()) {
      limits.get().only("sessions");
      var map = limits.get().value("sessions").asMap();
      map.only("perIdentity", "perTarget");
      perIdentity = count(map, "perIdentity", perIdentity);
      perTarget = count(map, "perTarget", perTarget);
    }
    return new SessionLimits(longest, endWithToken, idle, perIdentity, perTarget, drain);
  }

  private static int count(YamlMap map, String key, int otherwise) throws ConfigurationException {
    var text = map.optionalText(key);
    return text.isEmpty() ? otherwise : text.get().number(1, MOST_SESSIONS);
  }

  private static Duration duration(YamlMap map, String key, Duration longest, Duration otherwise)
      throws ConfigurationException {
    var text = map.optionalText(key);
    return text.isEmpty() ? otherwise : text.get().duration(SHORTEST, longest);
  }
}
