package dev.chaperone.app.cli;

import dev.chaperone.journal.verify.Finding;
import dev.chaperone.journal.verify.Verification;
import dev.chaperone.journal.verify.Verifier;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chaperone verify}: checks a log with its public key alone, offline. */
@Command(
    name = "verify",
    description = "Check a log with its public key alone: no gateway, no network.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:verified",
      "2:wrong usage",
      "3:tampered with or damaged; what, where and since when is printed",
      "4:sound as far as a checkpoint covers, and entries stand beyond it",
      "5:what was given cannot be read or judged"
    })
public final class VerifyCommand implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();
  private Path path = Path.of("");
  private Optional<String> key = Optional.empty();
  private Optional<Path> checkpoint = Optional.empty();

  @Spec
  void spec(CommandSpec filledIn) {
    this.spec = filledIn;
  }

  @Parameters(
      paramLabel = "PATH",
      description = "A data directory, a journal's directory or a log's directory.")
  void path(Path value) {
    this.path = value;
  }

  @Option(
      names = "--key",
      paramLabel = "KEY|FILE",
      description = "The public key or a file with it; left out, the one beside the log.")
  void key(String value) {
    this.key = Optional.of(value);
  }

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "A checkpoint of this log that was obtained earlier.")
  void checkpoint(Path value) {
    this.checkpoint = Optional.of(value);
  }

  @Override
  public Integer call() throws CommandFailedException {
    if (path.toString().startsWith("http")) {
      throw new CommandFailedException(
          ExitStatus.USAGE, "verify reads files; fetch the log from " + path + " first");
    }
    var verification = Verifier.verify(path, key, checkpoint);
    print(verification, spec.commandLine().getOut(), spec.commandLine().getErr());
    return verification.exitStatus();
  }

  /** Says what came of it, for people: what holds on {@code out}, why not on {@code err}. */
  public static void print(Verification verification, PrintWriter out, PrintWriter err) {
    switch (verification) {
      case Verification.Sound(var subject) -> {
        out.println("verified: " + told(subject));
        warnOfKey(subject.keyFromLog(), subject.key(), out);
      }
      case Verification.Beyond(var subject, var entries, var beyond) -> {
        out.println("sound as far as the checkpoint covers: " + told(subject));
        out.println(entries + " entries stand beyond it, which no checkpoint covers yet");
        list(beyond, 0, out);
        warnOfKey(subject.keyFromLog(), subject.key(), out);
      }
      case Verification.Tampered(var key, var keyFromLog, var findings, var more) -> {
        err.println("TAMPERED WITH OR DAMAGED");
        list(findings, more, err);
        warnOfKey(keyFromLog, key, err);
      }
      case Verification.Unjudged(var why) -> err.println("chaperone: cannot verify: " + why);
    }
  }

  private static String told(Verification.Subject subject) {
    return "%s, %d entries, root %s".formatted(subject.origin(), subject.size(), subject.root());
  }

  private static void list(List<Finding> findings, long more, PrintWriter to) {
    findings.forEach(finding -> to.println("  " + finding));
    if (more > 0) {
      to.println("  and " + more + " more");
    }
  }

  private static void warnOfKey(boolean keyFromLog, String key, PrintWriter to) {
    if (keyFromLog) {
      to.println("the key was taken from beside the log, and the result stands or falls with it:");
      to.println("  " + key);
    }
  }
}
