package dev.chaperone.core.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.yaml.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Walks a checked condition: collects its {@link ConditionFacts}, and finds mistakes that types
 * cannot show, such as an effect's word that there is none of.
 */
final class ConditionReader {
  private static final Set<String> COMPARISONS =
      Set.of("_==_", "_!=_", "@in", "sets.contains", "sets.intersects", "sets.equivalent");
  private static final List<String> EFFECTS =
      Arrays.stream(Effect.values()).map(Effect::word).toList();
  private static final List<String> KINDS =
      Arrays.stream(Identity.Kind.values()).map(Identity.Kind::word).toList();

  /** A mistake; the message says what to do. */
  static final class Mistake extends Exception {
    private static final long serialVersionUID = 1L;

    private final long expression;

    Mistake(CelExpr expression, String message) {
      super(message);
      this.expression = expression.id();
    }

    /** The expression's number in the tree. */
    long expression() {
      return expression;
    }
  }

  private final CelAbstractSyntaxTree tree;
  private final Set<String> effectVariables = new HashSet<>();
  private final Set<String> effects = new TreeSet<>();
  private final Set<String> targets = new TreeSet<>();
  private boolean looksAtCommand;

  private ConditionReader(CelAbstractSyntaxTree tree) {
    this.tree = tree;
  }

  static ConditionFacts read(CelAbstractSyntaxTree tree) throws Mistake {
    var reader = new ConditionReader(tree);
    reader.walk(tree.getExpr());
    return new ConditionFacts(
        reader.effects, onlyTargets(tree.getExpr()), reader.targets, reader.looksAtCommand);
  }

  private void walk(CelExpr expression) throws Mistake {
    switch (expression.getKind()) {
      case SELECT -> {
        var select = expression.select();
        if (select.testOnly() && isStruct(type(select.operand()))) {
          throw new Mistake(
              expression,
              "has() is always true of a declared field: fields are empty, never missing; compare"
                  + " with \"\" or use size()");
        }
        walk(select.operand());
      }
      case CALL -> call(expression, expression.call());
      case LIST -> {
        for (var element : expression.list().elements()) {
          walk(element);
        }
      }
      case MAP -> {
        for (var entry : expression.map().entries()) {
          walk(entry.key());
          walk(entry.value());
        }
      }
      case STRUCT -> throw new Mistake(expression, "a condition cannot make such a value");
      case COMPREHENSION -> comprehension(expression.comprehension());
      case IDENT -> looksAtCommand |= expression.ident().name().equals("command");
      case CONSTANT, NOT_SET -> {}
    }
  }

  private void comprehension(CelComprehension loop) throws Mistake {
    walk(loop.iterRange());
    walk(loop.accuInit());
    boolean added = isEffects(loop.iterRange()) && effectVariables.add(loop.iterVar());
    walk(loop.loopCondition());
    walk(loop.loopStep());
    if (added) {
      effectVariables.remove(loop.iterVar());
    }
    walk(loop.result());
  }

  private void call(CelExpr expression, CelCall call) throws Mistake {
    if (call.function().equals("dyn")) {
      throw new Mistake(expression, "dyn() would hide misspelt names; leave it out");
    }
    var operands = new ArrayList<CelExpr>(call.args());
    call.target().ifPresent(operands::addFirst);
    if (COMPARISONS.contains(call.function())) {
      for (var operand : operands) {
        if (holdsStruct(type(operand))) {
          throw new Mistake(expression, "compare single fields, not whole structures");
        }
      }
      compared(expression, operands);
    }
    if (call.function().equals("matches")) {
      pattern(expression, operands.getLast());
    }
    for (var operand : operands) {
      walk(operand);
    }
  }

  /** A pattern that is written out must be one, or else the rule would fail at every command. */
  private static void pattern(CelExpr expression, CelExpr operand) throws Mistake {
    for (var constant : constants(operand)) {
      try {
        Pattern.compile(constant);
      } catch (PatternSyntaxException e) {
        throw new Mistake(expression, "not a pattern (RE2 syntax): " + e.getMessage());
      }
    }
  }

  private void compared(CelExpr expression, List<CelExpr> operands) throws Mistake {
    var words = new ArrayList<String>();
    operands.forEach(operand -> words.addAll(constants(operand)));
    for (var operand : operands) {
      if (isEffects(operand) || isEffect(operand)) {
        known(expression, words, EFFECTS, "effect");
        effects.addAll(words);
      } else if (isField(operand, "kind")
          && type(owner(operand)).name().equals(Variables.IDENTITY.typeName())) {
        known(expression, words.stream().filter(word -> !word.isEmpty()).toList(), KINDS, "kind");
      } else if (isTargetName(operand)) {
        targets.addAll(words);
      }
    }
  }

  private static void known(CelExpr expression, List<String> words, List<String> known, String what)
      throws Mistake {
    for (var word : words) {
      if (!known.contains(word)) {
        throw new Mistake(
            expression, "there is no " + what + " `" + word + "`" + Nearest.hint(word, known));
      }
    }
  }

  private boolean isEffects(CelExpr expression) {
    return isField(expression, "effects")
        && type(owner(expression)).name().equals(Variables.COMMAND.typeName());
  }

  private boolean isEffect(CelExpr expression) {
    return switch (expression.getKind()) {
      case IDENT -> effectVariables.contains(expression.ident().name());
      case CALL ->
          expression.call().function().equals("_[_]") && isEffects(expression.call().args().get(0));
      default -> false;
    };
  }

  private static boolean isTargetName(CelExpr expression) {
    return isField(expression, "name")
        && owner(expression).getKind() == CelExpr.ExprKind.Kind.IDENT
        && owner(expression).ident().name().equals("target");
  }

  private static boolean isField(CelExpr expression, String name) {
    return expression.getKind() == CelExpr.ExprKind.Kind.SELECT
        && expression.select().field().equals(name);
  }

  private static CelExpr owner(CelExpr select) {
    return select.select().operand();
  }

  private CelType type(CelExpr expression) {
    return tree.getTypeOrThrow(expression.id());
  }

  private static boolean isStruct(CelType type) {
    return type.kind() == CelKind.STRUCT;
  }

  private static boolean holdsStruct(CelType type) {
    return isStruct(type) || type.parameters().stream().anyMatch(ConditionReader::holdsStruct);
  }

  /** The string constants of a constant or of a list of constants. */
  private static List<String> constants(CelExpr expression) {
    return switch (expression.getKind()) {
      case CONSTANT ->
          expression.constant().getKind() == CelConstant.Kind.STRING_VALUE
              ? List.of(expression.constant().stringValue())
              : List.of();
      case LIST ->
          expression.list().elements().stream()
              .flatMap(element -> constants(element).stream())
              .toList();
      default -> List.of();
    };
  }

  /**
   * The targets outside of which the condition is false, if a conjunct says so plainly. Leaving
   * such a rule out elsewhere changes nothing: false and anything, an error included, is false in
   * CEL.
   */
  private static Optional<Set<String>> onlyTargets(CelExpr expression) {
    if (expression.getKind() != CelExpr.ExprKind.Kind.CALL) {
      return Optional.empty();
    }
    var call = expression.call();
    if (call.function().equals("_&&_")) {
      for (var conjunct : call.args()) {
        var only = onlyTargets(conjunct);
        if (only.isPresent()) {
          return only;
        }
      }
      return Optional.empty();
    }
    if (!call.function().equals("_==_") && !call.function().equals("@in")) {
      return Optional.empty();
    }
    var left = call.args().get(0);
    var right = call.args().get(1);
    boolean swapped = call.function().equals("_==_") && isTargetName(right) && isConstant(left);
    boolean plain = swapped || (isTargetName(left) && isConstant(right));
    return plain
        ? Optional.of(
            Set.copyOf(call.args().stream().flatMap(arg -> constants(arg).stream()).toList()))
        : Optional.empty();
  }

  private static boolean isConstant(CelExpr expression) {
    return switch (expression.getKind()) {
      case CONSTANT -> true;
      case LIST -> expression.list().elements().stream().allMatch(ConditionReader::isConstant);
      default -> false;
    };
  }
}
