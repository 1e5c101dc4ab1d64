package dev.chaperone.core.policy;

import dev.cel.runtime.CelAttribute;
import dev.cel.runtime.CelAttributePattern;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelUnknownSet;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.PartialVars;
import java.util.Locale;

/**
 * A compiled condition. Evaluating is total, bounded by the compiler's limits, and safe for many
 * threads.
 */
final class Condition {
  private static final CelAttributePattern PARAMETERS =
      CelAttributePattern.create("command").qualify(CelAttribute.Qualifier.ofString("parameters"));

  private final CelRuntime.Program program;
  private final ConditionFacts facts;

  Condition(CelRuntime.Program program, ConditionFacts facts) {
    this.program = program;
    this.facts = facts;
  }

  /** What is known of it without evaluating. */
  ConditionFacts facts() {
    return facts;
  }

  /** Whether it holds. */
  Answer evaluate(CelVariableResolver variables) {
    return answer(() -> program.eval(variables));
  }

  /** Whether it holds whatever {@code command.parameters} will be; else {@link Answer.Open}. */
  Answer evaluateUnbound(CelVariableResolver variables) {
    return answer(() -> program.eval(PartialVars.of(variables, PARAMETERS)));
  }

  private interface Evaluation {
    Object run() throws CelEvaluationException;
  }

  private static Answer answer(Evaluation evaluation) {
    try {
      return switch (evaluation.run()) {
        case Boolean yes when yes -> new Answer.Yes();
        case Boolean _ -> new Answer.No();
        case CelUnknownSet _ -> new Answer.Open();
        default -> new Answer.Failed("not a truth value");
      };
    } catch (CelEvaluationException e) {
      // The exception's text may quote values, so its code alone is told.
      var code = e.getErrorCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return new Answer.Failed(code);
    } catch (RuntimeException | StackOverflowError e) {
      return new Answer.Failed(e.getClass().getSimpleName());
    }
  }
}
