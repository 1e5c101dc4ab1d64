package dev.chaperone.core.yaml;

/** A value of a configuration file, with its place. Immutable. */
public sealed interface YamlValue permits YamlMap, YamlList, YamlText {
  /** Where it stands. */
  Place place();

  /** What it is, for people: {@code a mapping}, {@code a list} or {@code a value}. */
  String shape();

  /** This as a mapping. */
  default YamlMap asMap() throws ConfigurationException {
    if (this instanceof YamlMap map) {
      return map;
    }
    throw new ConfigurationException(place(), "expected a mapping (key: value), not " + shape());
  }

  /** This as a list. */
  default YamlList asList() throws ConfigurationException {
    if (this instanceof YamlList list) {
      return list;
    }
    throw new ConfigurationException(place(), "expected a list ([a, b]), not " + shape());
  }

  /** This as a single value that is there: not null and not left empty. */
  default YamlText asText() throws ConfigurationException {
    if (!(this instanceof YamlText text)) {
      throw new ConfigurationException(place(), "expected a single value, not " + shape());
    }
    if (text.isNull()) {
      throw new ConfigurationException(
          place(), "has no value; give one, leave the key out, or quote the word \"null\"");
    }
    return text;
  }
}
