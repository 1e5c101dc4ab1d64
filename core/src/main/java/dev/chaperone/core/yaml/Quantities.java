package dev.chaperone.core.yaml;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and sizes as configuration writes them. */
final class Quantities {
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9})s)?");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|KiB|MiB|GiB)?");

  private Quantities() {}

  static Optional<Duration> duration(String text) {
    var matcher = DURATION.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofDays(part(matcher.group(1)))
            .plusHours(part(matcher.group(2)))
            .plusMinutes(part(matcher.group(3)))
            .plusSeconds(part(matcher.group(4))));
  }

  static String text(Duration duration) {
    var text = new StringBuilder();
    append(text, duration.toDaysPart(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    return text.isEmpty() ? "0s" : text.toString();
  }

  static Optional<Long> size(String text) {
    if (text.equals("all")) {
      return Optional.of(Long.MAX_VALUE);
    }
    var matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = part(matcher.group(1));
    var unit = matcher.group(2);
    int shift =
        switch (unit == null ? "B" : unit) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    return number > Long.MAX_VALUE >> shift ? Optional.empty() : Optional.of(number << shift);
  }

  private static long part(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static void append(StringBuilder text, long value, String unit) {
    if (value != 0) {
      text.append(value).append(unit);
    }
  }
}
