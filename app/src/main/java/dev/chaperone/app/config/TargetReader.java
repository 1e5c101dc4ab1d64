package dev.chaperone.app.config;

import dev.chaperone.app.tls.CertificateFiles;
import dev.chaperone.core.target.Target;
import dev.chaperone.core.target.Target.ClientCertificate;
import dev.chaperone.core.target.Target.Credential;
import dev.chaperone.core.target.Target.Recording;
import dev.chaperone.core.target.Target.Tls;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.YamlMap;
import dev.chaperone.core.yaml.YamlText;
import dev.chaperone.wire.ClientKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code targets:}. */
final class TargetReader {
  private static final List<String> PROTOCOLS = List.of("postgres");
  private static final List<String> PLANNED = List.of("ssh", "kubernetes", "http", "azure", "mcp");

  private final NamedFiles files;

  TargetReader(NamedFiles files) {
    this.files = files;
  }

  Map<String, Target> read(List<YamlMap> maps) throws ConfigurationException {
    var targets = new LinkedHashMap<String, Target>();
    for (var map : maps) {
      var target = target(map);
      if (targets.put(target.name(), target) != null) {
        throw new ConfigurationException(
            map.text("name").place(), "the target `" + target.name() + "` stands twice");
      }
    }
    return targets;
  }

  private Target target(YamlMap map) throws ConfigurationException {
    var protocol = protocol(map.text("protocol"));
    map.only(
        "name",
        "protocol",
        "address",
        "database",
        "databases",
        "tls",
        "unprotected",
        "authority",
        "credential",
        "logins",
        "labels",
        "record");
    var name = map.text("name");
    if (!Target.NAME.matcher(name.text()).matches()) {
      throw name.wrong("expected a name of a-z, 0-9, . and -");
    }
    var address = HostPort.of(map.text("address"), 1);
    var database = map.text("database").text();
    var databases = new LinkedHashSet<String>();
    databases.add(database);
    databases.addAll(map.words("databases"));
    var tls = tls(map, address);
    return new Target(
        name.text(),
        protocol,
        address.host(),
        address.port(),
        database,
        List.copyOf(databases),
        tls,
        authority(map, tls),
        credential(map.value("credential").asMap(), tls),
        logins(map, tls),
        labels(map),
        recording(map));
  }

  private static String protocol(YamlText text) throws ConfigurationException {
    if (PLANNED.contains(text.text())) {
      throw new ConfigurationException(
          text.place(), "the protocol `" + text.text() + "` is not available yet");
    }
    return text.oneOf(PROTOCOLS);
  }

  private static Tls tls(YamlMap map, HostPort address) throws ConfigurationException {
    var text = map.optionalText("tls");
    var word =
        text.isEmpty() ? "verify-full" : text.get().oneOf(List.of("verify-full", "require", "off"));
    var flag = map.optionalText("unprotected");
    boolean unprotected = flag.isPresent() && flag.get().flag();
    if (word.equals("off")) {
      if (!address.loopback() && !unprotected) {
        throw new ConfigurationException(
            map.placeOf("tls"),
            "`tls: off` sends credentials and data in the clear to "
                + address
                + "; use verify-full, or say `unprotected: true` too");
      }
      return Tls.OFF;
    }
    if (unprotected) {
      throw new ConfigurationException(
          map.placeOf("unprotected"), "`unprotected` has a meaning with `tls: off` alone");
    }
    return word.equals("require") ? Tls.REQUIRE : Tls.VERIFY_FULL;
  }

  private @Nullable String authority(YamlMap map, Tls tls) throws ConfigurationException {
    var text = map.optionalText("authority");
    if (text.isEmpty()) {
      return null;
    }
    if (tls != Tls.VERIFY_FULL) {
      throw new ConfigurationException(
          map.placeOf("authority"), "`authority` is checked with `tls: verify-full` alone");
    }
    var pem = files.content(text.get());
    try (var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8))) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        throw new CertificateException("there is none in it");
      }
    } catch (CertificateException | IOException e) {
      throw new ConfigurationException(
          text.get().place(), "no PEM certificates in " + files.path(text.get()));
    }
    return pem;
  }

  private Credential credential(YamlMap map, Tls tls) throws ConfigurationException {
    map.notYet("managedIdentity");
    map.only("user", "password", "certificate", "key");
    var user = map.text("user").text();
    var certificate = clientCertificate(map, tls);
    if (certificate == null) {
      return new Credential(user, files.secret(map.value("password")));
    }
    return new Credential(
        user, map.has("password") ? files.secret(map.value("password")) : null, certificate);
  }

  /** Both are read now, so that what is wrong is said here, and again at each connection. */
  private @Nullable ClientCertificate clientCertificate(YamlMap map, Tls tls)
      throws ConfigurationException {
    if (!map.has("certificate") && !map.has("key")) {
      return null;
    }
    var chain = files.existing(map.text("certificate"));
    var key = files.existing(map.text("key"));
    if (tls == Tls.OFF) {
      throw new ConfigurationException(
          map.placeOf("certificate"),
          "a certificate is shown over TLS alone; this target has none");
    }
    ClientCertificate certificate =
        () -> {
          var read = CertificateFiles.read(chain, key);
          return new ClientKey(read.chain(), read.key());
        };
    try {
      certificate.read();
    } catch (IOException e) {
      throw new ConfigurationException(map.placeOf("certificate"), String.valueOf(e.getMessage()));
    }
    return certificate;
  }

  private Map<String, Credential> logins(YamlMap map, Tls tls) throws ConfigurationException {
    var logins = new LinkedHashMap<String, Credential>();
    var entries = map.optionalMap("logins");
    if (entries.isPresent()) {
      for (var entry : entries.get().entries().entrySet()) {
        logins.put(entry.getKey(), credential(entry.getValue().value().asMap(), tls));
      }
    }
    return logins;
  }

  private static Map<String, String> labels(YamlMap map) throws ConfigurationException {
    var labels = new LinkedHashMap<String, String>();
    var entries = map.optionalMap("labels");
    if (entries.isPresent()) {
      for (var entry : entries.get().entries().entrySet()) {
        labels.put(entry.getKey(), entry.getValue().value().asText().text());
      }
    }
    return labels;
  }

  private static Recording recording(YamlMap map) throws ConfigurationException {
    var record = map.optionalMap("record");
    if (record.isEmpty()) {
      return Recording.DEFAULT;
    }
    record.get().only("output", "input", "outcome");
    var output = record.get().optionalText("output");
    var input = record.get().optionalText("input");
    var outcome = record.get().optionalText("outcome");
    return new Recording(
        output.isEmpty() ? Recording.DEFAULT.outputBytes() : output.get().size(),
        input.isEmpty() ? Recording.DEFAULT.inputBytes() : input.get().size(),
        outcome.isEmpty()
            ? Recording.DEFAULT.durableOutcome()
            : outcome.get().oneOf(List.of("durable", "queued")).equals("durable"));
  }
}
