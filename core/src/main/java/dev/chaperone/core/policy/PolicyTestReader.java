package dev.chaperone.core.policy;

import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.Nearest;
import dev.chaperone.core.yaml.YamlList;
import dev.chaperone.core.yaml.YamlMap;
import dev.chaperone.core.yaml.YamlText;
import dev.chaperone.core.yaml.YamlValue;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the tests of a policy file. */
final class PolicyTestReader {
  /** The time of a test that does not say: fixed, so that a test means the same every day. */
  static final Instant DEFAULT_TIME = Instant.parse("2026-01-01T12:00:00Z");

  /** Names that stand for a denial without a rule. */
  private static final Set<String> GATEWAYS_OWN =
      Set.of(Verdict.Deny.DEFAULT, RulePolicy.UNREADABLE);

  private static final List<String> KINDS = List.of("person", "agent", "service");

  private PolicyTestReader() {}

  static PolicyTest read(YamlMap map, Set<String> rules, Set<String> masks)
      throws ConfigurationException {
    map.only(
        "name",
        "identity",
        "intent",
        "target",
        "login",
        "origin",
        "at",
        "command",
        "parameters",
        "expect",
        "rule",
        "masks");
    var rule = map.optionalText("rule");
    if (rule.isPresent()
        && !rules.contains(rule.get().text())
        && !GATEWAYS_OWN.contains(rule.get().text())) {
      throw unknown(rule.get(), "rule", rules);
    }
    var origin = map.textOrNull("origin");
    var login = map.textOrNull("login");
    return new PolicyTest(
        map.text("name").text(),
        map.place(),
        identity(map.value("identity").asMap()),
        intent(map),
        map.text("target").text(),
        login == null ? "" : login,
        origin == null ? "127.0.0.1" : origin,
        time(map),
        map.text("command").text(),
        parameters(map),
        map.text("expect").oneOf(List.of("allow", "hold", "deny")),
        rule.map(YamlText::text).orElse(null),
        masks(map, masks));
  }

  private static @Nullable Set<String> masks(YamlMap map, Set<String> known)
      throws ConfigurationException {
    if (!map.has("masks")) {
      return null;
    }
    var names = new HashSet<String>();
    for (var text : map.texts("masks")) {
      if (!known.contains(text.text())) {
        throw unknown(text, "mask", known);
      }
      names.add(text.text());
    }
    return names;
  }

  private static ConfigurationException unknown(YamlText text, String what, Set<String> known) {
    return new ConfigurationException(
        text.place(),
        "there is no " + what + " `" + text.text() + "`" + Nearest.hint(text.text(), known));
  }

  private static Instant time(YamlMap map) throws ConfigurationException {
    var text = map.optionalText("at");
    if (text.isEmpty()) {
      return DEFAULT_TIME;
    }
    try {
      return Instant.parse(text.get().text());
    } catch (DateTimeParseException e) {
      throw text.get().wrong("expected a time in RFC 3339 UTC such as 2026-01-31T23:59:00Z");
    }
  }

  static Identity identity(YamlMap map) throws ConfigurationException {
    map.only("issuer", "subject", "kind", "name", "email", "groups", "claims", "onBehalfOf");
    var issuer = map.textOrNull("issuer");
    var subject = map.textOrNull("subject");
    var kind = map.text("kind").oneOf(KINDS);
    var behalf = map.optionalMap("onBehalfOf");
    var claims = map.optionalMap("claims");
    return TestIdentity.of(
        issuer == null ? "test" : issuer,
        subject == null ? kind : subject,
        Identity.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
        map.textOrNull("name"),
        map.textOrNull("email"),
        map.words("groups"),
        claims.isEmpty() ? Map.of() : object(claims.get()),
        behalf.isEmpty() ? null : identity(behalf.get()));
  }

  private static Intent intent(YamlMap map) throws ConfigurationException {
    var intent = map.optionalMap("intent");
    if (intent.isEmpty()) {
      return Intent.NONE;
    }
    intent.get().only("text", "ticket", "trace");
    return new Intent(
        intent.get().textOrNull("text"),
        intent.get().textOrNull("ticket"),
        intent.get().textOrNull("trace"));
  }

  private static List<Parameter> parameters(YamlMap map) throws ConfigurationException {
    var parameters = new ArrayList<Parameter>();
    var list = map.optional("parameters");
    if (list.isEmpty()) {
      return parameters;
    }
    for (var value : list.get().asList().values()) {
      if (value instanceof YamlMap typed) {
        typed.only("type", "value");
        var type = typed.textOrNull("type");
        parameters.add(parameter(type == null ? "unknown" : type, typed.value("value")));
      } else {
        parameters.add(parameter("unknown", value));
      }
    }
    return parameters;
  }

  private static Parameter parameter(String type, YamlValue value) throws ConfigurationException {
    if (value instanceof YamlText text && text.isNull()) {
      return new Parameter(type, false, null, null);
    }
    var text = value.asText().text();
    var raw = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return new Parameter(type, false, dev.chaperone.core.command.Bytes.copyOf(raw), text);
  }

  private static Map<String, Object> object(YamlMap map) throws ConfigurationException {
    var object = new HashMap<String, Object>();
    for (var entry : map.entries().entrySet()) {
      object.put(entry.getKey(), json(entry.getValue().value()));
    }
    return object;
  }

  /** A claim's value as a JSON document would have it. */
  private static Object json(YamlValue value) throws ConfigurationException {
    return switch (value) {
      case YamlMap map -> object(map);
      case YamlList list -> {
        var values = new ArrayList<Object>();
        for (var one : list.values()) {
          values.add(json(one));
        }
        yield List.copyOf(values);
      }
      case YamlText text -> {
        var plain = text.asText();
        if (plain.style() != YamlText.Style.PLAIN) {
          yield plain.text();
        }
        if (plain.text().equals("true") || plain.text().equals("false")) {
          yield plain.flag();
        }
        yield plain.text().matches("-?[0-9]{1,18}")
            ? (Object) Long.valueOf(plain.text())
            : plain.text();
      }
    };
  }
}
