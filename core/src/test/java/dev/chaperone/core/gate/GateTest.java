package dev.chaperone.core.gate;

import static dev.chaperone.core.gate.Asked.frames;
import static dev.chaperone.core.gate.Asked.select;
import static dev.chaperone.core.gate.Asked.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.scene.Scene;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.target.Target;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.testing.Await;
import dev.chaperone.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GateTest {
  private static final String DENY_SECRETS =
      """
      rules:
        - {name: secrets, when: 'command.text.contains("secret")', then: deny, message: not here}
        - {name: all, when: 'true', then: allow}
      masks: []
      """;

  @TempDir private static Path directory;

  private record Open(Scene scene, Session session, Gate gate, Asked.Wire resource)
      implements AutoCloseable {
    static Open with(String policy, Target.Recording recording) throws Exception {
      var folder = java.nio.file.Files.createTempDirectory(directory, "journal");
      var scene = Scene.of(folder, policy, recording);
      var session = scene.open();
      var gate = new Gate(session, scene.snapshots(), new Deciders(), scene.clock());
      return new Open(scene, session, gate, new Asked.Wire());
    }

    static Open with(String policy) throws Exception {
      return with(policy, Target.Recording.DEFAULT);
    }

    Gate.ToResource towards() {
      return new Gate.ToResource(resource, session);
    }

    Gate.Permit permit(String text) throws Exception {
      return (Gate.Permit) gate.admit(select(text), frames(text), waiting());
    }

    @Override
    public void close() {
      scene.close();
    }
  }

  @Test
  void nothingIsReleasedBeforeItsEntryIsDurable() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      open.scene().journal().stall();
      var towards = open.towards();
      towards.write(open.permit("SELECT 1"));
      var flushed = CompletableFuture.runAsync(() -> flush(towards));
      Await.until("waits for the disk", () -> open.scene().journal().waiting() == 1);
      assertThat(open.resource().text()).isEmpty();
      open.scene().journal().resume();
      flushed.get(10, TimeUnit.SECONDS);
      assertThat(open.resource().text()).isEqualTo("SELECT 1");
      assertThat(open.scene().entries("decided")).hasSize(1);
    }
  }

  @Test
  void framesLargerThanTheBufferWaitAsWell() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      var large = "x".repeat(100_000);
      open.scene().journal().stall();
      var towards = open.towards();
      var written =
          CompletableFuture.runAsync(() -> {
            try {
              towards.write(open.permit("SELECT 1"));
              towards.write(open.permit(large));
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
      Await.until("waits for the disk", () -> open.scene().journal().waiting() == 1);
      assertThat(open.resource().size()).isZero();
      open.scene().journal().resume();
      written.get(10, TimeUnit.SECONDS);
      assertThat(open.resource().text()).isEqualTo("SELECT 1" + large);
    }
  }

  @Test
  void aJournalThatFailsReleasesNothing() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      var towards = open.towards();
      towards.write(open.permit("SELECT 1"));
      open.scene().journal().fail();
      assertThatThrownBy(towards::flush).isInstanceOf(JournalUnavailableException.class);
      assertThatThrownBy(towards::flush)
          .as("again")
          .isInstanceOf(JournalUnavailableException.class);
      assertThatThrownBy(() -> open.permit("SELECT 2"))
          .isInstanceOf(JournalUnavailableException.class);
      assertThatThrownBy(() -> towards.write(new Asked.TestOwn().sync()))
          .isInstanceOf(JournalUnavailableException.class);
      assertThat(open.resource().size()).isZero();
    }
  }

  @Test
  void aPermitOpensOnceAndClearedFramesAreWrittenOnce() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      var towards = open.towards();
      var permit = open.permit("SELECT 1");
      towards.write(permit);
      assertThatThrownBy(() -> towards.write(permit)).isInstanceOf(IllegalStateException.class);
      var client = new Asked.Wire();
      var toClient = new Gate.ToClient(client, open.session());
      var cleared = open.gate().clear(permit.admitted(), frames("row"));
      toClient.write(cleared);
      assertThatThrownBy(() -> toClient.write(cleared)).isInstanceOf(IllegalStateException.class);
      toClient.flush();
      assertThat(client.text()).isEqualTo("row");
    }
  }

  @Test
  void aDenialIsDurableWhenItReturns() throws Exception {
    try (var open = Open.with(DENY_SECRETS)) {
      open.scene().journal().stall();
      var passage = new AtomicReference<Passage>();
      var thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  passage.set(open.gate().admit(select("secret"), frames("secret"), waiting()));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      Await.until("waits for the disk", () -> open.scene().journal().waiting() == 1);
      assertThat(passage.get()).isNull();
      open.scene().journal().resume();
      thread.join();
      var refusal = (Passage.Refusal) passage.get();
      assertThat(refusal.reason()).isEqualTo(Passage.Reason.DENIED);
      assertThat(refusal.message()).isEqualTo("not here");
      assertThat(open.scene().entries("decided").getFirst().path("verdict").stringValue())
          .isEqualTo("deny");
    }
  }

  @Test
  void whatCannotBeReadIsRefusedAndSaysWhy() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      var unreadable = new Command.Unreadable("SELEC", "syntax error");
      var refusal = (Passage.Refusal) open.gate().admit(unreadable, frames("SELEC"), waiting());
      assertThat(refusal.reason()).isEqualTo(Passage.Reason.UNREADABLE);
      var entry = open.scene().entries("decided").getFirst();
      assertThat(entry.path("why").stringValue()).isEqualTo("syntax error");
      assertThat(entry.path("reason").stringValue()).isEqualTo("unreadable");
    }
  }

  @Test
  void aTargetThatIsNoLongerConfiguredAdmitsNothing() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      open.scene().withoutTarget();
      var refusal = (Passage.Refusal) open.gate().admit(select("SELECT 1"), frames("x"), waiting());
      assertThat(refusal.rules()).containsExactly("configuration");
    }
  }

  @Test
  void aPreparationIsRecordedAndADenialOfItToo() throws Exception {
    try (var open = Open.with(DENY_SECRETS)) {
      var towards = open.towards();
      var permit = (Gate.Permit) open.gate().prepare(select("SELECT $1"), "st", frames("PARSE"));
      towards.write(permit);
      towards.flush();
      assertThat(open.resource().text()).isEqualTo("PARSE");
      assertThat(open.scene().entries("prepared").getFirst().path("name").stringValue())
          .isEqualTo("st");
      assertThat(open.gate().prepare(select("secret"), "", frames("x")))
          .isInstanceOf(Passage.Refusal.class);
    }
  }

  @Test
  void furtherFramesPassWhileTheCommandRunsAndNotAfter() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      var permit = open.permit("SELECT 1");
      var run = (Run) permit.admitted();
      var towards = open.towards();
      towards.write(permit);
      towards.write(open.gate().further(run, frames(" FETCH")));
      towards.flush();
      assertThat(open.resource().text()).isEqualTo("SELECT 1 FETCH");
      open.gate().close(run, Outcome.of(Outcome.How.COMPLETED));
      assertThatThrownBy(() -> open.gate().further(run, frames("x")))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> open.gate().clear(run, frames("x")))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theEndIsRecordedOnceWithAllThatTheClientSaw() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      var run = (Run) open.permit("SELECT 1").admitted();
      open.gate().clear(run, frames("head"));
      run.countRow();
      run.keepOutput("[\"1\"]");
      run.maskedColumn("public.orders.card");
      open.gate().clear(run, frames("row"));
      open.gate().close(run, Outcome.failed("57014", "cancelled"));
      open.gate().close(run, Outcome.of(Outcome.How.COMPLETED));
      assertThat(open.scene().entries("closed")).hasSize(1);
      var closed = open.scene().entries("closed").getFirst();
      assertThat(closed.path("outcome").stringValue()).isEqualTo("failed");
      assertThat(closed.path("error").path("code").stringValue()).isEqualTo("57014");
      assertThat(closed.path("rows").longValue()).isOne();
      assertThat(closed.path("bytes").longValue()).isEqualTo(7);
      assertThat(closed.path("digest").stringValue()).isEqualTo(sha256("headrow"));
      assertThat(closed.path("output").stringValue()).isEqualTo("[\"1\"]\n");
      assertThat(closed.path("outputTruncated").booleanValue()).isFalse();
      assertThat(closed.path("masked").path(0).stringValue()).isEqualTo("public.orders.card");
    }
  }

  @Test
  void outputIsKeptUpToTheLimitAndNoLineIsSplit() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL, new Target.Recording(10, 0, false))) {
      var run = (Run) open.permit("SELECT 1").admitted();
      run.keepOutput("[\"ü\"]"); // 6 bytes of UTF-8 and the line end
      run.keepOutput("[7]");
      assertThat(run.keepsOutput()).isFalse();
      run.keepOutput("1");
      open.gate().close(run, Outcome.of(Outcome.How.COMPLETED));
      var closed = open.scene().entries("closed").getFirst();
      assertThat(closed.path("output").stringValue()).isEqualTo("[\"ü\"]\n");
      assertThat(closed.path("outputTruncated").booleanValue()).isTrue();
    }
  }

  @Test
  void inputIsCountedDigestedKeptUpToTheLimitAndTakenOnlyWhileTheCommandRuns() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL, new Target.Recording(0, 7, false))) {
      var run = (Run) open.permit("COPY t FROM STDIN").admitted();
      assertThat(open.gate().input(run, frames("d1\tü\n"), frames("1\tü\n"))).isPresent();
      assertThat(open.gate().input(run, frames("d2\tü\n"), frames("2\tü\n"))).isPresent();
      open.gate().close(run, Outcome.of(Outcome.How.COMPLETED));
      assertThat(open.gate().input(run, frames("d3"), frames("3"))).isEmpty();
      var closed = open.scene().entries("closed").getFirst();
      assertThat(closed.path("inputBytes").longValue()).isEqualTo(10);
      assertThat(closed.path("inputDigest").stringValue()).isEqualTo(sha256("1\tü\n2\tü\n"));
      assertThat(closed.path("input").stringValue()).isEqualTo("1\tü\n2\t");
      assertThat(closed.path("inputTruncated").booleanValue()).isTrue();
    }
  }

  @Test
  void inputThatIsNoTextIsKeptAsBase64() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL, new Target.Recording(0, 100, false))) {
      var run = (Run) open.permit("COPY t FROM STDIN BINARY").admitted();
      var bytes = new byte[] {'P', (byte) 0xff, 0, 1, 2, 3, 4};
      assertThat(open.gate().input(run, Frames.of(bytes), Frames.of(bytes))).isPresent();
      open.gate().close(run, Outcome.of(Outcome.How.COMPLETED));
      var closed = open.scene().entries("closed").getFirst();
      assertThat(closed.path("inputBase64").stringValue()).isEqualTo("UP8AAQIDBA==");
      assertThat(closed.path("inputTruncated").booleanValue()).isFalse();
    }
  }

  @Test
  void theOutcomeIsDurableWhereTheTargetSaysSo() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL, new Target.Recording(0, 0, true))) {
      var run = (Run) open.permit("SELECT 1").admitted();
      open.scene().journal().fail();
      assertThatThrownBy(() -> open.gate().close(run, Outcome.of(Outcome.How.COMPLETED)))
          .isInstanceOf(JournalUnavailableException.class);
    }
    try (var open = Open.with(Scene.ALLOW_ALL, new Target.Recording(0, 0, true))) {
      var run = (Run) open.permit("SELECT 1").admitted();
      open.scene().journal().stall();
      var closing =
          CompletableFuture.runAsync(() -> {
            try {
              open.gate().close(run, Outcome.of(Outcome.How.COMPLETED));
            } catch (JournalUnavailableException e) {
              throw new AssertionError(e);
            }
          });
      Await.until("waits for the disk", () -> open.scene().journal().waiting() == 1);
      assertThat(closing).isNotDone();
      open.scene().journal().resume();
      closing.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void twoWritersTowardsTheClientDoNotSplitEachOthersMessages() throws Exception {
    try (var open = Open.with(Scene.ALLOW_ALL)) {
      var client = new Asked.Wire();
      var toClient = new Gate.ToClient(client, open.session());
      var run = (Run) open.permit("SELECT 1").admitted();
      var other = Thread.ofVirtual().start(() -> sync(toClient, 2_000));
      for (int i = 0; i < 2_000; i++) {
        toClient.lock();
        try {
          toClient.write(open.gate().clear(run, frames("<ro")));
          toClient.write(open.gate().clear(run, frames("w>")));
        } finally {
          toClient.unlock();
        }
      }
      other.join();
      toClient.flush();
      assertThat(client.text().replace("<row>", "").replace("SYNC", "")).isEmpty();
      assertThat(client.size()).isEqualTo(2_000 * 9);
    }
  }

  private static void sync(Gate.ToClient toClient, int times) {
    try {
      for (int i = 0; i < times; i++) {
        toClient.write(new Asked.TestOwn().sync());
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void flush(Gate.ToResource towards) {
    try {
      towards.flush();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
