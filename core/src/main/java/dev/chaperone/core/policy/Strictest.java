package dev.chaperone.core.policy;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.core.policy.Explanation.Counts;
import dev.chaperone.core.policy.Explanation.Said;
import dev.chaperone.core.policy.PolicyFile.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Joins what the rules said into one verdict. */
final class Strictest {
  private Strictest() {}

  static Verdict of(List<Said> rules, Masking masking, Command command) {
    var holding = new ArrayList<Verdict.HoldingRule>();
    var allowing = new ArrayList<String>();
    var open = new ArrayList<String>();
    Verdict.Deny failed = null;
    for (var said : rules) {
      switch (said.counts()) {
        case YES -> {
          switch (said.rule().outcome()) {
            case Outcome.Deny deny -> {
              // One denial is enough; which of several is named is the file's order.
              return new Verdict.Deny(said.rule().name(), deny.message());
            }
            case Outcome.Hold hold -> holding.add(hold.rule());
            case Outcome.Allow _ -> allowing.add(said.rule().name());
          }
        }
        case FAILED -> failed = failed == null ? failure(said) : failed;
        case OPEN -> {
          if (!(said.rule().outcome() instanceof Outcome.Deny)) {
            open.add(said.rule().name());
          }
        }
        case NO, BLIND -> {}
      }
    }
    if (failed != null) {
      return failed;
    }
    if (!holding.isEmpty()) {
      return new Verdict.Hold(holding, masking);
    }
    if (!allowing.isEmpty()) {
      return new Verdict.Allow(allowing, masking);
    }
    return open.isEmpty() ? byDefault(rules, command) : new Verdict.Allow(open, masking);
  }

  private static Verdict.Deny failure(Said said) {
    var place = said.rule().place();
    return new Verdict.Deny(
        said.rule().name(),
        "the rule `"
            + said.rule().name()
            + "` ("
            + place.file()
            + ":"
            + place.line()
            + ") could not be evaluated: "
            + said.why());
  }

  private static Verdict.Deny byDefault(List<Said> rules, Command command) {
    boolean blind = rules.stream().anyMatch(said -> said.counts() == Counts.BLIND);
    if (blind && command.effects().contains(Effect.UNKNOWN)) {
      return new Verdict.Deny(
          Verdict.Deny.DEFAULT, "no rule allows a command whose effects are not all known");
    }
    return new Verdict.Deny(Verdict.Deny.DEFAULT, "no rule allows it");
  }
}
