package dev.chaperone.core.policy;

import dev.chaperone.core.masking.Masking;
import dev.chaperone.core.policy.PolicyFile.Rule;
import java.util.List;

/**
 * A verdict and how it came about.
 *
 * @param verdict what counts
 * @param rules what every rule that can concern the target said, in the file's order
 * @param masks every mask of the target, in the file's order
 */
public record Explanation(Verdict verdict, List<Said> rules, List<Mask> masks) {
  public Explanation {
    rules = List.copyOf(rules);
    masks = List.copyOf(masks);
  }

  /** What a rule's answer counts as. */
  public enum Counts {
    /** Its condition holds. */
    YES,
    /** Its condition does not hold. */
    NO,
    /** It depends on bound values that are not known yet; counts for nothing by itself. */
    OPEN,
    /** It would allow, but the effect is unknown and it does not speak of that. */
    BLIND,
    /** It could not be evaluated: counts as deny. */
    FAILED
  }

  /**
   * What a rule said.
   *
   * @param why the kind of failure of one that failed, else empty
   */
  public record Said(Rule rule, Counts counts, String why) {
    Said(Rule rule, Counts counts, Answer answer) {
      this(rule, counts, answer instanceof Answer.Failed failed ? failed.why() : "");
    }
  }

  /** Whether a mask applies. */
  public record Mask(Masking.Mask mask, boolean applies) {}
}
