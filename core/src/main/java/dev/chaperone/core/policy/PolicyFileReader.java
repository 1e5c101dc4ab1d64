package dev.chaperone.core.policy;

import dev.chaperone.core.masking.ColumnName;
import dev.chaperone.core.masking.MaskWith;
import dev.chaperone.core.policy.PolicyFile.HoldDefaults;
import dev.chaperone.core.policy.PolicyFile.MaskRule;
import dev.chaperone.core.policy.PolicyFile.Outcome;
import dev.chaperone.core.policy.PolicyFile.Rule;
import dev.chaperone.core.target.Target;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.YamlList;
import dev.chaperone.core.yaml.YamlMap;
import dev.chaperone.core.yaml.YamlReader;
import dev.chaperone.core.yaml.YamlText;
import dev.chaperone.core.yaml.YamlValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the shape of a policy file. */
final class PolicyFileReader {
  private static final int MAX_NAME = 100;
  private static final int MAX_RULES = 10_000;
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);
  private static final Duration LONGEST_REVIEW = Duration.ofDays(30);
  private static final String[] HOLD_KEYS = {
    "reviewers", "wait", "waitInTransaction", "expires", "useWithin"
  };
  private static final Pattern COLUMN =
      Pattern.compile("(?:([^/]+)/)?([^./]+)\\.([^./]+)\\.([^./]+)");

  private final String file;

  PolicyFileReader(String file) {
    this.file = file;
  }

  PolicyFile read(String text) throws ConfigurationException {
    var top = YamlReader.read(file, text);
    top.only("rules", "masks", "tests", "catalog");
    top.notYet("catalog");
    var rules = new ArrayList<Rule>();
    var names = new HashMap<String, Integer>();
    for (var map : bounded(top, "rules")) {
      rules.add(rule(map, names));
    }
    if (rules.isEmpty()) {
      throw new ConfigurationException(
          top.placeOf("rules"), "no rules: everything would be denied; write at least one rule");
    }
    var masks = new ArrayList<MaskRule>();
    var maskNames = new HashMap<String, Integer>();
    for (var map : bounded(top, "masks")) {
      masks.add(mask(map, maskNames));
    }
    var tests = new ArrayList<PolicyTest>();
    for (var map : bounded(top, "tests")) {
      tests.add(PolicyTestReader.read(map, names.keySet(), maskNames.keySet()));
    }
    return new PolicyFile(file, rules, masks, tests);
  }

  private static List<YamlMap> bounded(YamlMap top, String key) throws ConfigurationException {
    var maps = top.maps(key);
    if (maps.size() > MAX_RULES) {
      throw new ConfigurationException(top.placeOf(key), "more than " + MAX_RULES + " entries");
    }
    return maps;
  }

  private static Rule rule(YamlMap map, Map<String, Integer> names) throws ConfigurationException {
    map.only(
        "name",
        "when",
        "then",
        "message",
        "reviewers",
        "wait",
        "waitInTransaction",
        "expires",
        "useWithin");
    var name = name(map, names);
    if (name.equals(Verdict.Deny.DEFAULT) || name.equals(RulePolicy.UNREADABLE)) {
      throw map.text("name").wrong("expected a name that the gateway does not use itself");
    }
    var then = map.text("then");
    var word = then.oneOf(List.of("allow", "hold", "deny"));
    var when = map.text("when");
    var message = map.textOrNull("message");
    if (!word.equals("hold")) {
      without(map, word, HOLD_KEYS);
    }
    var outcome =
        switch (word) {
          case "allow" -> {
            without(map, word, "message");
            yield new Outcome.Allow();
          }
          case "deny" -> new Outcome.Deny(message);
          default -> new Outcome.Hold(holding(map, name, message));
        };
    return new Rule(name, map.place(), when, outcome);
  }

  private static void without(YamlMap map, String word, String... keys)
      throws ConfigurationException {
    for (var key : keys) {
      if (map.has(key)) {
        throw new ConfigurationException(
            map.placeOf(key), "`" + key + "` has no meaning in a rule that says " + word);
      }
    }
  }

  private static Verdict.HoldingRule holding(YamlMap map, String name, @Nullable String message)
      throws ConfigurationException {
    if (!map.has("reviewers")) {
      throw new ConfigurationException(
          map.place(),
          "the rule `"
              + name
              + "` holds, but nobody could decide: add `reviewers: {groups: [...]}`");
    }
    var reviewers = map.value("reviewers").asMap();
    reviewers.only("groups", "count");
    reviewers.value("groups");
    var groups = Set.copyOf(reviewers.words("groups"));
    if (groups.isEmpty()) {
      throw new ConfigurationException(
          reviewers.placeOf("groups"), "no group: nobody could decide what this rule holds");
    }
    var count = reviewers.optionalText("count");
    return new Verdict.HoldingRule(
        name,
        message,
        groups,
        count.isEmpty() ? HoldDefaults.COUNT : count.get().number(1, 100),
        duration(map, "wait", Duration.ZERO, LONGEST_WAIT, HoldDefaults.WAIT),
        duration(
            map,
            "waitInTransaction",
            Duration.ZERO,
            LONGEST_WAIT,
            HoldDefaults.WAIT_IN_TRANSACTION),
        duration(map, "expires", Duration.ofSeconds(1), LONGEST_REVIEW, HoldDefaults.EXPIRES),
        duration(map, "useWithin", Duration.ofSeconds(1), LONGEST_REVIEW, HoldDefaults.USE_WITHIN));
  }

  private static Duration duration(
      YamlMap map, String key, Duration least, Duration most, Duration otherwise)
      throws ConfigurationException {
    var text = map.optionalText(key);
    return text.isEmpty() ? otherwise : text.get().duration(least, most);
  }

  private static MaskRule mask(YamlMap map, Map<String, Integer> names)
      throws ConfigurationException {
    map.only("name", "target", "columns", "with", "inference", "flow", "unless");
    var name = name(map, names);
    var targets = new LinkedHashSet<String>();
    for (var target : oneOrMore(map.value("target"))) {
      if (!Target.NAME.matcher(target.text()).matches()) {
        throw target.wrong("expected a target's name");
      }
      targets.add(target.text());
    }
    var columns = new ArrayList<ColumnName>();
    for (var column : map.value("columns").asList().texts()) {
      columns.add(column(column));
    }
    if (columns.isEmpty()) {
      throw new ConfigurationException(map.placeOf("columns"), "no column: this masks nothing");
    }
    enforced(map, "inference", List.of("allow", "equality", "hold", "deny"));
    enforced(map, "flow", List.of("allow", "hold", "deny"));
    return new MaskRule(
        name,
        map.place(),
        targets,
        columns,
        with(map.value("with")),
        map.optionalText("unless").orElse(null));
  }

  /** Words that promise protection are refused until it is there. */
  private static void enforced(YamlMap map, String key, List<String> words)
      throws ConfigurationException {
    var text = map.optionalText(key);
    if (text.isPresent() && !text.get().oneOf(words).equals("allow")) {
      throw new ConfigurationException(
          text.get().place(),
          "`" + text.get().text() + "` is not available yet; leave `" + key + "` out");
    }
  }

  private static ColumnName column(YamlText text) throws ConfigurationException {
    var matcher = COLUMN.matcher(text.text());
    if (!matcher.matches()) {
      throw text.wrong("expected schema.relation.column or database/schema.relation.column");
    }
    return new ColumnName(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4));
  }

  private static MaskWith with(YamlValue value) throws ConfigurationException {
    if (value instanceof YamlMap map) {
      map.only("keep");
      var keep = map.value("keep").asMap();
      keep.only("last");
      return new MaskWith.KeepLast(keep.text("last").number(0, 1_000_000));
    }
    var text = value.asText();
    return switch (text.oneOf(List.of("redact", "null", "hash"))) {
      case "redact" -> new MaskWith.Redact();
      case "null" -> new MaskWith.Null();
      default -> new MaskWith.Hash();
    };
  }

  private static List<YamlText> oneOrMore(YamlValue value) throws ConfigurationException {
    if (value instanceof YamlList list) {
      if (list.values().isEmpty()) {
        throw new ConfigurationException(list.place(), "the list is empty");
      }
      return list.texts();
    }
    return List.of(value.asText());
  }

  private static String name(YamlMap map, Map<String, Integer> names)
      throws ConfigurationException {
    var text = map.text("name");
    var name = text.text();
    if (name.length() > MAX_NAME
        || name.isBlank()
        || name.codePoints().anyMatch(Character::isISOControl)) {
      throw text.wrong("expected a name of at most " + MAX_NAME + " characters on one line");
    }
    var before = names.putIfAbsent(name, text.place().line());
    if (before != null) {
      throw new ConfigurationException(
          text.place(), "the name `" + name + "` stands twice, first in line " + before);
    }
    return name;
  }
}
