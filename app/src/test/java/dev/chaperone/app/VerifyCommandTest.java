package dev.chaperone.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.app.cli.ExitStatus;
import dev.chaperone.app.serve.DataDirectory;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.JournalSettings;
import dev.chaperone.journal.SegmentedJournal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void aLogOfThreeEntries() throws Exception {
    var settings = JournalSettings.of("test.example/log");
    try (var data = DataDirectory.open(folder.resolve("data"));
        var journal = SegmentedJournal.open(data.folder("journal"), settings)) {
      for (int i = 0; i < 3; i++) {
        int number = i;
        journal.append(Entry.of("own", Instant.EPOCH, fields -> fields.put("number", number)));
      }
    }
  }

  private int verify(String... options) {
    var arguments = new String[options.length + 1];
    arguments[0] = "verify";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return Main.commandLine(new PrintWriter(out), new PrintWriter(err), name -> null)
        .execute(arguments);
  }

  @Test
  void aSoundLogIsVerifiedAndTheKeysOriginIsTold() {
    assertThat(verify(folder.resolve("data").toString())).isEqualTo(ExitStatus.DONE);
    assertThat(out.toString())
        .contains("verified: test.example/log, 3 entries")
        .contains("taken from beside the log");
  }

  @Test
  void aGivenKeyIsUsed() {
    var key = folder.resolve("data/journal/log/key.pub").toString();
    assertThat(verify(folder.resolve("data").toString(), "--key", key)).isEqualTo(ExitStatus.DONE);
    assertThat(out.toString()).doesNotContain("beside");
  }

  @Test
  void aChangedByteIsNamed() throws Exception {
    var bundle = folder.resolve("data/journal/log/tile/entries/000.p/3");
    var bytes = Files.readAllBytes(bundle);
    bytes[bytes.length - 3] ^= 1;
    Files.write(bundle, bytes);
    assertThat(verify(folder.resolve("data").toString())).isEqualTo(ExitStatus.TAMPERED);
    assertThat(err.toString()).contains("TAMPERED").contains("tile/entries/000.p/3");
  }

  @Test
  void whatIsNoLogCannotBeJudged() {
    assertThat(verify(folder.toString())).isEqualTo(ExitStatus.UNREADABLE);
    assertThat(err.toString()).startsWith("chaperone: cannot verify: ");
  }

  @Test
  void anAddressIsWrongUsage() {
    assertThat(verify("https://gateway.example/log")).isEqualTo(ExitStatus.USAGE);
  }
}
