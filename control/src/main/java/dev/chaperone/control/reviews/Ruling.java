package dev.chaperone.control.reviews;

/** What became of a person's wish to decide a review. */
public sealed interface Ruling {
  /** It counts and is recorded durably. */
  record Done(Review review) implements Ruling {}

  /** The review was decided, used or over already; nothing changed. */
  record Over(Review review) implements Ruling {}

  /** This person may not; nothing changed. */
  record NotAllowed(Review review, Why why) implements Ruling {}

  /** There is no such review. */
  record Unknown() implements Ruling {}

  /** Why a person may not decide. */
  enum Why {
    /** Whoever asked never decides, directly or through an agent. */
    ASKER,
    /** No rule of the review names a group of theirs. */
    NOT_A_REVIEWER,
    /** The token is no person's own sign-in. */
    NOT_OWN_SIGN_IN,
    /** The person signed in too long ago. */
    STALE_SIGN_IN,
    /** This person's grant counts already; another person is needed. */
    COUNTED_ALREADY,
    /** Neither the asker nor an administrator. */
    NOT_ONES_OWN
  }
}
