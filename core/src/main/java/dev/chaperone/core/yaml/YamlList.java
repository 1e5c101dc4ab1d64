package dev.chaperone.core.yaml;

import java.util.ArrayList;
import java.util.List;

/** A list of values in the file's order. */
public record YamlList(Place place, List<YamlValue> values) implements YamlValue {
  public YamlList {
    values = List.copyOf(values);
  }

  @Override
  public String shape() {
    return "a list";
  }

  /** Its values, each of which must be a mapping. */
  public List<YamlMap> maps() throws ConfigurationException {
    var maps = new ArrayList<YamlMap>();
    for (var value : values) {
      maps.add(value.asMap());
    }
    return maps;
  }

  /** Its values, each of which must be a single value. */
  public List<YamlText> texts() throws ConfigurationException {
    var texts = new ArrayList<YamlText>();
    for (var value : values) {
      texts.add(value.asText());
    }
    return texts;
  }
}
