package dev.chaperone.postgres.handshake;

import dev.chaperone.core.identity.Intent;
import dev.chaperone.postgres.meaning.SettingRules;
import dev.chaperone.sql.Effect;
import dev.chaperone.sql.Reading;
import dev.chaperone.sql.SettingChange;
import dev.chaperone.sql.SqlReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a client sets when it begins, as the server will get it. Settings that change how texts are
 * read are pinned; what is not known to be harmless is refused.
 *
 * @param server start-up parameters for the server
 * @param application what the client calls itself
 * @param intent what it states, if it does
 */
public record StartupSettings(
    Map<String, String> server, String application, @Nullable String intent) {
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*([.][a-z_][a-z0-9_]*)?");
  private static final String INTENT = "chaperone.intent";

  /** Not settings, but the connection's own. */
  private static final Set<String> ADDRESSING =
      Set.of("user", "database", "options", "replication");

  /** A setting that a client may not begin with. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  public StartupSettings {
    server = Map.copyOf(server);
  }

  /**
   * Reads a start-up message.
   *
   * @throws RefusedException for a setting that is not allowed; the message names it
   */
  public static StartupSettings of(StartupMessage message, SqlReader sql) throws RefusedException {
    // A parameter of its own counts over the same one in the options, as on the server.
    var asked = new LinkedHashMap<>(options(message.parameter("options").orElse("")));
    for (var parameter : message.parameters().entrySet()) {
      if (!ADDRESSING.contains(parameter.getKey())) {
        asked.put(parameter.getKey(), parameter.getValue());
      }
    }
    var server = new TreeMap<String, String>();
    var application = "";
    String intent = null;
    for (var setting : asked.entrySet()) {
      var name = setting.getKey().toLowerCase(Locale.ROOT);
      var value = setting.getValue();
      switch (name) {
        case "application_name" -> application = value;
        default -> {
          requireAllowed(name, value, sql);
          if (name.equals(INTENT)) {
            intent = value;
          }
          server.put(name, value);
        }
      }
    }
    server.putAll(SettingRules.PINNED_VALUES);
    return new StartupSettings(server, application, intent);
  }

  /** The intent that the token carries, with what the client states over it. */
  public Intent over(Intent ofToken) {
    return intent == null ? ofToken : ofToken.withText(intent);
  }

  private static void requireAllowed(String name, String value, SqlReader sql)
      throws RefusedException {
    if (name.equals("client_encoding") && value.equals("auto")) {
      return; // libpq's word for the locale's encoding; the session has UTF8 all the same
    }
    var refusal = SettingRules.refusal(new SettingChange(name, value, false, false));
    if (refusal.isPresent()) {
      throw new RefusedException(refusal.get());
    }
    boolean own = name.startsWith(SettingRules.OWN_PREFIX); // read by the gateway alone
    if (!NAME.matcher(name).matches() || !(own || isHarmless(name, sql))) {
      throw new RefusedException(
          "the setting " + name + " cannot be given at the start of a session");
    }
  }

  /** What it does at the start is what SET does later: more than the session's own is refused. */
  private static boolean isHarmless(String name, SqlReader sql) {
    return sql.read("SET " + name + " = ''") instanceof Reading.Understood(var statements)
        && statements.size() == 1
        && statements.getFirst().effects().equals(Set.of(Effect.SESSION));
  }

  /**
   * The settings of the {@code options} parameter: {@code -c name=value} and {@code --name=value}.
   */
  private static Map<String, String> options(String options) throws RefusedException {
    var settings = new LinkedHashMap<String, String>();
    var words = words(options);
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      String assignment;
      if (word.equals("-c") && i + 1 < words.size()) {
        assignment = words.get(++i);
      } else if (word.startsWith("-c") || word.startsWith("--")) {
        assignment = word.substring(2);
      } else {
        throw new RefusedException("the start-up option " + word + " is not supported");
      }
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new RefusedException("a start-up option without a value: " + assignment);
      }
      // The server takes a dash for an underscore in --name=value and in -c name=value alike.
      settings.put(
          assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
    }
    return settings;
  }

  /** Words between blanks; a backslash takes the next character as it is (pg_split_opts). */
  private static List<String> words(String options) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean within = false;
    for (int i = 0; i < options.length(); i++) {
      char c = options.charAt(i);
      if (Character.isWhitespace(c)) {
        if (within) {
          words.add(word.toString());
          word.setLength(0);
          within = false;
        }
      } else {
        within = true;
        if (c == '\\' && i + 1 < options.length()) {
          c = options.charAt(++i);
        }
        word.append(c);
      }
    }
    if (within) {
      words.add(word.toString());
    }
    return words;
  }
}
