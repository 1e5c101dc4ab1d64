package dev.chaperone.journal.verify;

import dev.chaperone.journal.log.SegmentWalk;
import dev.chaperone.journal.merkle.TileStore;
import dev.chaperone.journal.note.Checkpoint;
import dev.chaperone.journal.note.SignedNote;
import dev.chaperone.journal.note.VerifierKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a log on disk with its public key alone: no network, no lock, nothing is written. The
 * gateway may be running on the directory, and it may be a read-only copy. Memory does not grow
 * with the log, only with the sessions, commands and reviews that are open at one time.
 */
public final class Verifier {
  private final Place place;
  private final Optional<String> keyOption;
  private final Optional<Path> earlierFile;
  private final Findings findings = new Findings();
  private final Findings unruly = new Findings();
  private final Findings beyond = new Findings();

  /** Where the parts of a log lie; a copy of {@code log/} alone has no segments. */
  private record Place(Path log, Optional<Path> segments) {}

  /** Something that makes a judgement impossible. */
  private static final class UnjudgedException extends Exception {
    private static final long serialVersionUID = 1L;

    UnjudgedException(String why) {
      super(why);
    }
  }

  private Verifier(Place place, Optional<String> key, Optional<Path> earlier) {
    this.place = place;
    this.keyOption = key;
    this.earlierFile = earlier;
  }

  /**
   * Verifies. Blocks until all of it is read.
   *
   * @param path a data directory (with {@code journal/} in it), a journal's directory (with {@code
   *     log/}) or a log's directory (with {@code checkpoint})
   * @param key the public key as text, or the name of a file that holds it; empty for the one
   *     beside the log, with which the result then stands or falls
   * @param earlier a file with a checkpoint of this log that was obtained earlier
   */
  public static Verification verify(Path path, Optional<String> key, Optional<Path> earlier) {
    try {
      return new Verifier(place(path), key, earlier).verify();
    } catch (UnjudgedException e) {
      return new Verification.Unjudged(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      return new Verification.Unjudged(path + " cannot be read: " + e);
    }
  }

  private static Place place(Path path) throws UnjudgedException {
    if (Files.exists(path.resolve("checkpoint")) || Files.isDirectory(path.resolve("tile"))) {
      return new Place(path, Optional.empty());
    }
    for (Path journal : new Path[] {path, path.resolve("journal")}) {
      Path log = journal.resolve("log");
      Path segments = journal.resolve("segments");
      if (Files.isDirectory(log)) {
        return new Place(log, Optional.of(segments).filter(Files::isDirectory));
      }
    }
    throw new UnjudgedException(path + " is no log: it has no checkpoint, log/ or journal/log/");
  }

  private Verification verify() throws IOException, UnjudgedException {
    VerifierKey key = key();
    Checkpoint checkpoint = signed(read(place.log().resolve("checkpoint")), "checkpoint", key);
    if (checkpoint == null) {
      return result(key, null, 0);
    }
    Checkpoint earlier = earlier(key, checkpoint);
    TileStore tiles = new TileStore(place.log());
    LogFiles files = new LogFiles(tiles, checkpoint.size(), findings);
    long entries = 0;
    StrayFiles stray = new StrayFiles(place.log(), files, checkpoint.size(), findings, beyond);
    if (place.segments().isPresent()) {
      entries = check(place.segments().get(), checkpoint, earlier, files, false);
      stray.inJournal(place.segments().get(), checkpoint.size() + entries);
    } else {
      new TreeCheck(checkpoint, earlier, files, null, false, findings, unruly).run();
      stray.inLog();
    }
    return result(key, checkpoint, entries);
  }

  /** Checks tree and segments; returns how many entries stand beyond the checkpoint. */
  private long check(
      Path directory,
      Checkpoint checkpoint,
      @Nullable Checkpoint earlier,
      LogFiles files,
      boolean segmentsAreTrue)
      throws IOException {
    int before = findings.list().size();
    try (SegmentWalk segments = SegmentWalk.of(directory)) {
      TreeCheck check =
          new TreeCheck(checkpoint, earlier, files, segments, segmentsAreTrue, findings, unruly);
      check.run();
      if (!segmentsAreTrue && check.onlySegmentsAreTrue()) {
        findings.keep(before);
        return check(directory, checkpoint, earlier, files, true);
      }
      return rest(segments, files, checkpoint.size());
    }
  }

  private VerifierKey key() throws IOException, UnjudgedException {
    Path beside = place.log().resolve("key.pub");
    if (keyOption.isEmpty()) {
      if (!Files.exists(beside)) {
        throw new UnjudgedException("no public key was given, and none lies at " + beside);
      }
      return parseKey(Files.readString(beside), beside.toString());
    }
    String option = keyOption.get();
    VerifierKey given = parseKey(fileText(option).orElse(option), "the given key");
    if (Files.exists(beside) && !Files.readString(beside).equals(given + "\n")) {
      findings.add("key.pub", "is not the public key that was given");
    }
    return given;
  }

  private static Optional<String> fileText(String option) throws IOException {
    try {
      Path file = Path.of(option);
      return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private static VerifierKey parseKey(String text, String what) throws UnjudgedException {
    try {
      return VerifierKey.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UnjudgedException(what + ": " + e.getMessage());
    }
  }

  private static byte[] read(Path file) throws IOException, UnjudgedException {
    if (!Files.exists(file)) {
      throw new UnjudgedException("there is no checkpoint at " + file + ": nothing was signed");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SignedNote.MAX_BYTES + 1);
    }
  }

  /** The checkpoint in {@code note}; null, with a finding, if the key did not sign it. */
  private @Nullable Checkpoint signed(byte[] bytes, String where, VerifierKey key) {
    try {
      SignedNote note = SignedNote.parse(bytes);
      switch (note.verify(key)) {
        case SIGNED -> {
          Checkpoint checkpoint = Checkpoint.parse(note.text());
          if (checkpoint.origin().equals(key.name())) {
            return checkpoint;
          }
          findings.add(where, "is of another log than its key");
        }
        case FORGED -> findings.add(where, "its signature is not one of its text: it was changed");
        case UNSIGNED -> findings.add(where, "is not signed by the key " + key + ": another key");
      }
    } catch (IllegalArgumentException e) {
      findings.add(where, "is no signed checkpoint: " + e.getMessage());
    }
    return null;
  }

  private @Nullable Checkpoint earlier(VerifierKey key, Checkpoint now)
      throws IOException, UnjudgedException {
    if (earlierFile.isEmpty()) {
      return null;
    }
    Path file = earlierFile.get();
    Checkpoint earlier = signed(read(file), file.toString(), key);
    if (earlier != null && earlier.size() > now.size()) {
      findings.add(
          "checkpoint",
          "rolled back: it covers %d entries, and the earlier checkpoint covers %d"
              .formatted(now.size(), earlier.size()));
    }
    return earlier;
  }

  /** Counts what stands in the segments beyond the checkpoint. */
  private long rest(SegmentWalk segments, LogFiles files, long size) throws IOException {
    long covered = Math.min(segments.index(), size);
    long first = segments.index();
    byte[] entry = segments.fault().isEmpty() ? segments.next() : null;
    if (entry != null) {
      Since since = Since.entry(first, Envelope.of(entry));
      beyond.add(segments.place(), "entries stand here that no checkpoint covers yet", since);
    }
    while (entry != null) {
      entry = segments.next();
    }
    Optional<SegmentWalk.Fault> fault = segments.fault();
    if (fault.isPresent()) {
      SegmentWalk.Fault f = fault.get();
      Findings kind = f.torn() && segments.index() >= size ? beyond : findings;
      Since since =
          segments.index() < size ? files.since(segments.index()) : Since.entry(segments.index());
      kind.add(f.file() + ", offset " + f.offset(), f.what(), since);
    } else if (covered < size) {
      findings.add(
          segments.place(),
          "the segments end after %d entries; the checkpoint covers %d".formatted(covered, size));
    }
    return Math.max(0, segments.index() - size);
  }

  private Verification result(VerifierKey key, @Nullable Checkpoint checkpoint, long entries) {
    boolean keyFromLog = keyOption.isEmpty();
    // What must hold between entries is judged once they are those that were signed.
    Findings named = findings.isEmpty() ? unruly : findings;
    if (!named.isEmpty() || checkpoint == null) {
      return new Verification.Tampered(key.toString(), keyFromLog, named.list(), named.more());
    }
    Verification.Subject subject =
        new Verification.Subject(
            checkpoint.origin(),
            checkpoint.size(),
            checkpoint.root().base64(),
            key.toString(),
            keyFromLog);
    return beyond.isEmpty() && entries == 0
        ? new Verification.Sound(subject)
        : new Verification.Beyond(subject, entries, beyond.list());
  }
}
