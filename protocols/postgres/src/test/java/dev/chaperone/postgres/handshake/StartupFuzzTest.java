package dev.chaperone.postgres.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.postgres.meaning.SettingRules;
import dev.chaperone.postgres.wire.Body;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.sql.SqlLimits;
import dev.chaperone.sql.SqlReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Start-up messages and options, broken at random, and what is known of them. */
final class StartupFuzzTest {
  @Test
  void startUpMessagesAreReadOrRefused() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var valid =
        "user\0me\0database\0orders/x\0_pq_.a\0b\0options\0-c a=b\0\0"
            .getBytes(StandardCharsets.UTF_8);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      var bytes = valid.clone();
      for (int j = random.nextInt(4); j > 0; j--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
      try {
        var message = StartupMessage.read(0, new Body(bytes, 0, length));
        assertThat(message.parameters().size() + message.extensions().size()).isLessThan(20);
        read++;
      } catch (ProtocolViolationException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + i, e);
      }
    }
    assertThat(read).as("seed %d", seed).isPositive();
    assertThat(refused).as("seed %d", seed).isPositive();
  }

  @Test
  void noOptionsUnpinWhatIsPinned() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var pieces =
        List.of(
            "-c",
            "--",
            " ",
            "\\",
            "=",
            "standard_conforming_strings",
            "client-encoding",
            "off",
            "LATIN1",
            "search_path",
            "\t",
            "a",
            "'",
            "-",
            "",
            "backslash_quote",
            "on");
    int accepted = 0;
    try (var sql = new SqlReader(SqlLimits.defaults())) {
      for (int i = 0; i < 300; i++) {
        var options = new StringBuilder("-c ");
        for (int j = random.nextInt(1, 8); j > 0; j--) {
          options.append(pieces.get(random.nextInt(pieces.size())));
        }
        var message = new StartupMessage(0, Map.of("options", options.toString()), List.of());
        try {
          var settings = StartupSettings.of(message, sql);
          assertThat(settings.server())
              .as("%s", options)
              .containsAllEntriesOf(SettingRules.PINNED_VALUES);
          assertThat(settings.server()).doesNotContainKeys("role", "options");
          accepted++;
        } catch (StartupSettings.RefusedException e) {
          assertThat(e.getMessage()).as("seed %d: %s", seed, options).isNotEmpty();
        }
      }
    }
    assertThat(accepted).isLessThan(300);
  }
}
