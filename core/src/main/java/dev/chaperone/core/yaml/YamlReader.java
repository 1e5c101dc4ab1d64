package dev.chaperone.core.yaml;

import dev.chaperone.core.yaml.YamlText.Style;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML 1.2 document whose top is a mapping. Anchors, aliases, tags, merge keys, several
 * documents and duplicate keys are refused: each makes a file say something else than it shows.
 */
public final class YamlReader {
  /** The longest text that is read. */
  public static final int MAX_CHARACTERS = 1 << 20;

  /**
   * How deep mappings and lists may nest. Bounds recursion here and in whoever walks the result.
   */
  public static final int MAX_DEPTH = 32;

  private final String file;
  private final Iterator<Event> events;

  private YamlReader(String file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
  }

  /**
   * Reads a text.
   *
   * @param file how errors name it
   * @throws ConfigurationException if it is not such a document; the message names the place
   */
  public static YamlMap read(String file, String text) throws ConfigurationException {
    if (text.length() > MAX_CHARACTERS) {
      throw new ConfigurationException(
          Place.start(file), "longer than " + MAX_CHARACTERS + " characters");
    }
    var settings = LoadSettings.builder().setUseMarks(true).setLabel(file).build();
    try {
      return new YamlReader(file, new Parse(settings).parseString(text).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      var problem = "not YAML: " + e.getProblem();
      throw new ConfigurationException(place(file, e.getProblemMark(), ""), problem);
    } catch (YamlEngineException e) {
      var problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new ConfigurationException(Place.start(file), "not YAML: " + problem);
    }
  }

  private YamlMap document() throws ConfigurationException {
    events.next(); // the stream's start
    var first = events.next();
    if (first instanceof StreamEndEvent) {
      return new YamlMap(Place.start(file), new LinkedHashMap<>());
    }
    if (first instanceof DocumentStartEvent start && !start.getTags().isEmpty()) {
      throw new ConfigurationException(at(first, ""), "a TAG directive is not allowed");
    }
    var top = value(events.next(), "", 0);
    if (!(events.next() instanceof DocumentEndEvent)
        || !(events.next() instanceof StreamEndEvent)) {
      throw new ConfigurationException(Place.start(file), "more than one document; keep one");
    }
    if (top instanceof YamlText text && text.isNull()) {
      return new YamlMap(text.place(), new LinkedHashMap<>());
    }
    return top.asMap();
  }

  private YamlValue value(Event event, String path, int depth) throws ConfigurationException {
    var place = at(event, path);
    if (depth > MAX_DEPTH) {
      throw new ConfigurationException(place, "nested deeper than " + MAX_DEPTH);
    }
    if (event instanceof AliasEvent) {
      throw new ConfigurationException(place, "an alias (*name) is not allowed; write it out");
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      Anchor anchor = node.getAnchor().get();
      throw new ConfigurationException(
          place, "the anchor &" + anchor.getValue() + " is not allowed; leave it out");
    }
    return switch (event) {
      case ScalarEvent scalar -> {
        noTag(scalar.getTag(), place);
        yield new YamlText(place, scalar.getValue(), style(scalar.getScalarStyle()));
      }
      case SequenceStartEvent start -> {
        noTag(start.getTag(), place);
        yield list(place, path, depth);
      }
      case MappingStartEvent start -> {
        noTag(start.getTag(), place);
        yield map(place, path, depth);
      }
      default -> throw new ConfigurationException(place, "unexpected " + event.getEventId());
    };
  }

  private YamlList list(Place place, String path, int depth) throws ConfigurationException {
    var values = new ArrayList<YamlValue>();
    for (var event = events.next(); !(event instanceof CollectionEndEvent); event = events.next()) {
      values.add(value(event, path + "[" + (values.size() + 1) + "]", depth + 1));
    }
    return new YamlList(place, values);
  }

  private YamlMap map(Place place, String path, int depth) throws ConfigurationException {
    var entries = new LinkedHashMap<String, YamlMap.Entry>();
    for (var event = events.next(); !(event instanceof CollectionEndEvent); event = events.next()) {
      if (!(value(event, path, depth + 1) instanceof YamlText key)) {
        throw new ConfigurationException(at(event, path), "a key must be a word");
      }
      var keyPath = path.isEmpty() ? key.text() : path + "." + key.text();
      var keyPlace = key.place().as(keyPath);
      var value = value(events.next(), keyPath, depth + 1);
      var before = entries.putIfAbsent(key.text(), new YamlMap.Entry(keyPlace, value));
      if (before != null) {
        throw new ConfigurationException(
            keyPlace,
            "the key `" + key.text() + "` stands twice, first in line " + before.key().line());
      }
    }
    return new YamlMap(place, entries);
  }

  private static void noTag(Optional<String> tag, Place place) throws ConfigurationException {
    if (tag.isPresent()) {
      throw new ConfigurationException(place, "the tag " + tag.get() + " is not allowed");
    }
  }

  private static Style style(ScalarStyle style) {
    return switch (style) {
      case DOUBLE_QUOTED, SINGLE_QUOTED, JSON_SCALAR_STYLE -> Style.QUOTED;
      case LITERAL -> Style.LITERAL;
      case FOLDED -> Style.FOLDED;
      case PLAIN -> Style.PLAIN;
    };
  }

  private Place at(Event event, String path) {
    return place(file, event.getStartMark(), path);
  }

  private static Place place(String file, Optional<Mark> mark, String path) {
    return mark.map(one -> new Place(file, one.getLine() + 1, one.getColumn() + 1, path))
        .orElse(new Place(file, 1, 1, path));
  }
}
