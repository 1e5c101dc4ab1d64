package dev.chaperone.core.yaml;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys and values in the file's order; no key twice. */
public record YamlMap(Place place, Map<String, Entry> entries) implements YamlValue {
  /** A key's own place and what it holds. */
  public record Entry(Place key, YamlValue value) {}

  public YamlMap {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  @Override
  public String shape() {
    return "a mapping";
  }

  /** Refuses every key that is none of these, naming the nearest one. */
  public void only(String... known) throws ConfigurationException {
    var words = Arrays.asList(known);
    for (var entry : entries.entrySet()) {
      if (!words.contains(entry.getKey())) {
        throw new ConfigurationException(
            entry.getValue().key(),
            "unknown key `" + entry.getKey() + "`" + Nearest.hint(entry.getKey(), words));
      }
    }
  }

  /** Refuses these keys, which are planned: better a clear error than a setting without effect. */
  public void notYet(String... planned) throws ConfigurationException {
    for (var key : planned) {
      var entry = entries.get(key);
      if (entry != null) {
        throw new ConfigurationException(
            entry.key(), "`" + key + "` is not available yet; leave it out");
      }
    }
  }

  /** Whether the key is there. */
  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /** The key's own place, or this mapping's if the key is left out. */
  public Place placeOf(String key) {
    var entry = entries.get(key);
    return entry == null ? place : entry.key();
  }

  /** The key's value. */
  public YamlValue value(String key) throws ConfigurationException {
    var value = find(key);
    if (value == null) {
      throw new ConfigurationException(place, "the key `" + key + "` is missing");
    }
    return value;
  }

  /** The key's value, if the key is there. */
  public Optional<YamlValue> optional(String key) {
    return Optional.ofNullable(find(key));
  }

  /** The key's single value. */
  public YamlText text(String key) throws ConfigurationException {
    return value(key).asText();
  }

  /** The key's single value, if the key is there. */
  public Optional<YamlText> optionalText(String key) throws ConfigurationException {
    var value = find(key);
    return value == null ? Optional.empty() : Optional.of(value.asText());
  }

  /** The key's single value as a text, or null if the key is left out. */
  public @Nullable String textOrNull(String key) throws ConfigurationException {
    var value = find(key);
    return value == null ? null : value.asText().text();
  }

  /** The key's mapping, if the key is there. */
  public Optional<YamlMap> optionalMap(String key) throws ConfigurationException {
    var value = find(key);
    return value == null ? Optional.empty() : Optional.of(value.asMap());
  }

  /** The key's list of mappings; empty if the key is left out. */
  public List<YamlMap> maps(String key) throws ConfigurationException {
    var value = find(key);
    return value == null ? List.of() : value.asList().maps();
  }

  /** The key's list of single values; empty if the key is left out. */
  public List<YamlText> texts(String key) throws ConfigurationException {
    var value = find(key);
    return value == null ? List.of() : value.asList().texts();
  }

  /** The key's list of texts; empty if the key is left out. */
  public List<String> words(String key) throws ConfigurationException {
    return texts(key).stream().map(YamlText::text).toList();
  }

  private @Nullable YamlValue find(String key) {
    var entry = entries.get(key);
    return entry == null ? null : entry.value();
  }
}
