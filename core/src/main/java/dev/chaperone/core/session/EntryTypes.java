package dev.chaperone.core.session;

/** The {@code type} of every entry; docs/formats/entries.md says what each holds. */
public final class EntryTypes {
  public static final String NODE_STARTED = "node.started";
  public static final String NODE_STOPPED = "node.stopped";
  public static final String CONFIG_LOADED = "config.loaded";
  public static final String CONFIG_REFUSED = "config.refused";
  public static final String SIGN_IN_FAILED = "signin.failed";
  public static final String SESSION_OPENED = "session.opened";
  public static final String SESSION_REFUSED = "session.refused";
  public static final String SESSION_ENDED = "session.ended";
  public static final String SESSION_KILLED = "session.killed";
  public static final String PREPARED = "prepared";
  public static final String HELD = "held";
  public static final String DECIDED = "decided";
  public static final String CLOSED = "closed";
  public static final String INTERRUPTED = "interrupted";
  public static final String CONTENT = "content";
  public static final String CANCEL = "cancel";
  public static final String TRANSACTION_FAILED = "transaction.failed";
  public static final String NOTIFIED = "notified";
  public static final String OWN = "own";
  public static final String REVIEW_ASKED = "review.asked";
  public static final String REVIEW_GRANTED = "review.granted";
  public static final String REVIEW_REFUSED = "review.refused";
  public static final String REVIEW_EXPIRED = "review.expired";
  public static final String REVIEW_CANCELLED = "review.cancelled";
  public static final String REVIEW_USED = "review.used";
  public static final String LOG_READ = "log.read";

  private EntryTypes() {}
}
