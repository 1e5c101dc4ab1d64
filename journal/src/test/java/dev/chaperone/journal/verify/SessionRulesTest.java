package dev.chaperone.journal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.Samples;
import dev.chaperone.journal.SegmentedJournal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionRulesTest {
  @TempDir Path directory;
  private final List<Entry> entries = new ArrayList<>();
  private long n;

  @Test
  void whatTheGatewayWritesBreaksNoRule() throws Exception {
    session("session.opened", _ -> {});
    decided("c-1", "allow");
    command("closed", "c-1");
    command("held", "c-2");
    decided("c-2", "hold");
    decided("c-2", "allow");
    command("interrupted", "c-2");
    command("held", "c-3");
    decided("c-3", "deny");
    command("held", "c-4");
    command("interrupted", "c-4");
    session("session.ended", _ -> {});
    entry("review.asked", f -> f.put("review", "r-1").put("asker", "ann"));
    entry("review.granted", f -> f.put("review", "r-1").put("by", "bob"));
    assertThat(verify().exitStatus()).isZero();
  }

  @Test
  void anOpenSessionMayHaveOpenCommands() throws Exception {
    session("session.opened", _ -> {});
    decided("c-1", "allow");
    assertThat(verify().exitStatus()).isZero();
  }

  @Test
  void aMissingNumberIsNamed() throws Exception {
    session("session.opened", _ -> {});
    n++;
    session("content", _ -> {});
    assertNamed(1, "number 3 of its session, and number 2 is due");
  }

  @Test
  void aDoubledNumberIsNamed() throws Exception {
    session("session.opened", _ -> {});
    n--;
    session("content", _ -> {});
    assertNamed(1, "number 1 of its session, and number 2 is due");
  }

  @Test
  void aSessionWithoutItsBeginningIsNamed() throws Exception {
    n = 4;
    session("content", _ -> {});
    assertNamed(0, "number 5 of its session, and number 1 is due");
  }

  @Test
  void aSessionThatGoesOnAfterItsEndIsNamed() throws Exception {
    session("session.opened", _ -> {});
    session("session.ended", _ -> {});
    session("content", _ -> {});
    assertNamed(2, "number 1 is due");
  }

  @Test
  void anAllowedCommandThatIsNeverClosedIsNamed() throws Exception {
    session("session.opened", _ -> {});
    decided("c-1", "allow");
    session("session.ended", _ -> {});
    assertNamed(2, "1 allowed command(s) not closed");
  }

  @Test
  void aCommandClosedTwiceIsNamed() throws Exception {
    session("session.opened", _ -> {});
    decided("c-1", "allow");
    command("closed", "c-1");
    command("closed", "c-1");
    assertNamed(3, "closed that was not allowed or not open");
  }

  @Test
  void aCommandClosedAndInterruptedIsNamed() throws Exception {
    session("session.opened", _ -> {});
    decided("c-1", "allow");
    command("closed", "c-1");
    command("interrupted", "c-1");
    assertNamed(3, "interrupted that was not open");
  }

  @Test
  void aDeniedCommandThatRanIsNamed() throws Exception {
    session("session.opened", _ -> {});
    decided("c-1", "deny");
    command("closed", "c-1");
    assertNamed(2, "closed that was not allowed");
  }

  @Test
  void aHeldCommandThatRanWithoutAGrantIsNamed() throws Exception {
    session("session.opened", _ -> {});
    command("held", "c-1");
    command("closed", "c-1");
    assertNamed(2, "closed that was not allowed");
  }

  @Test
  void aReviewGrantedByItsAskerIsNamed() throws Exception {
    entry("review.asked", f -> f.put("review", "r-1").put("asker", "ann"));
    entry("review.granted", f -> f.put("review", "r-1").put("by", "ann"));
    assertNamed(1, "granted by the one who asked");
  }

  private void decided(String command, String verdict) {
    session("decided", f -> f.put("command", command).put("verdict", verdict));
  }

  private void command(String type, String command) {
    session(type, f -> f.put("command", command));
  }

  private void session(String type, Consumer<Fields> content) {
    long number = ++n;
    entry(type, f -> content.accept(f.put("session", "s-0").put("n", number)));
  }

  private void entry(String type, Consumer<Fields> content) {
    entries.add(Entry.of(type, Samples.time(entries.size()), content));
  }

  private void assertNamed(long index, String what) throws Exception {
    Finding finding = TamperTest.only(verify());
    assertThat(finding.what()).contains(what);
    assertThat(finding.since().map(Since::index)).contains(index);
  }

  private Verification verify() throws Exception {
    try (Journal journal = SegmentedJournal.open(directory, Samples.settings())) {
      for (Entry entry : entries) {
        journal.append(entry);
      }
    }
    return new LogCopy(directory).verify();
  }
}
