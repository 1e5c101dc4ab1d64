package dev.chaperone.journal.verify;

import java.util.List;

/** What a verification came to. */
public sealed interface Verification {

  /** The exit status of {@code chaperone verify}. */
  int exitStatus();

  /**
   * What was verified.
   *
   * @param origin the log's name
   * @param size the number of entries that the checkpoint covers
   * @param root the signed root, in base64
   * @param key the public key that was used
   * @param keyFromLog whether that key was the one beside the log, so that the result stands or
   *     falls with it: whoever can rewrite the log can rewrite the key
   */
  record Subject(String origin, long size, String root, String key, boolean keyFromLog) {}

  /** Everything is as it was signed. */
  record Sound(Subject subject) implements Verification {
    @Override
    public int exitStatus() {
      return 0;
    }
  }

  /**
   * The log was tampered with or is damaged.
   *
   * @param findings the first of them, in the order of the log as far as they have one
   * @param more how many findings there were besides
   */
  record Tampered(String key, boolean keyFromLog, List<Finding> findings, long more)
      implements Verification {
    public Tampered {
      findings = List.copyOf(findings);
    }

    @Override
    public int exitStatus() {
      return 3;
    }
  }

  /**
   * Everything that the checkpoint covers is as it was signed, and something stands beyond it,
   * which nobody can judge yet.
   *
   * @param entries how many entries stand in the segments beyond the checkpoint
   * @param beyond what stands there, one sentence each
   */
  record Beyond(Subject subject, long entries, List<Finding> beyond) implements Verification {
    public Beyond {
      beyond = List.copyOf(beyond);
    }

    @Override
    public int exitStatus() {
      return 4;
    }
  }

  /**
   * What was given cannot be read or judged.
   *
   * @param why one sentence
   */
  record Unjudged(String why) implements Verification {
    @Override
    public int exitStatus() {
      return 5;
    }
  }
}
