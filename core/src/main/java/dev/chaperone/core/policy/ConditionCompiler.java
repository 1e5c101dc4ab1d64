package dev.chaperone.core.policy;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.validator.CelValidator;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.DurationLiteralValidator;
import dev.cel.validator.validators.HomogeneousLiteralValidator;
import dev.cel.validator.validators.TimestampLiteralValidator;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.core.yaml.Nearest;
import dev.chaperone.core.yaml.Place;
import dev.chaperone.core.yaml.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Compiles conditions against the declared {@link Variables}. For one thread. */
final class ConditionCompiler {
  /** Steps of all {@code exists}, {@code all} and the like together, for one evaluation. */
  static final int MAX_ITERATIONS = 100_000;

  private static final int MAX_CHARACTERS = 10_000;
  private static final int MAX_REGEX_PROGRAM = 2_000;
  private static final List<String> FUNCTIONS =
      List.of(
          "all",
          "contains",
          "duration",
          "endsWith",
          "exists",
          "exists_one",
          "filter",
          "lowerAscii",
          "matches",
          "size",
          "startsWith",
          "timestamp",
          "upperAscii");
  private static final Pattern UNDEFINED = Pattern.compile("undefined field '([^']*)'");
  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");

  private final CelCompiler compiler;
  private final CelRuntime runtime;
  private final CelValidator validator;

  ConditionCompiler() {
    var options =
        CelOptions.current()
            .comprehensionMaxIterations(MAX_ITERATIONS)
            .maxExpressionCodePointSize(MAX_CHARACTERS)
            .maxRegexProgramSize(MAX_REGEX_PROGRAM)
            .enableHeterogeneousNumericComparisons(true)
            .build();
    var sets = CelExtensions.sets(options);
    var strings =
        CelExtensions.strings(
            CelStringExtensions.Function.LOWER_ASCII, CelStringExtensions.Function.UPPER_ASCII);
    var types = new DeclaredTypes();
    var building =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(options)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setTypeProvider(types)
            .addLibraries(sets, strings)
            .setResultType(SimpleType.BOOL);
    Variables.ROOT.fields().forEach(field -> building.addVar(field.name(), field.type()));
    this.compiler = building.build();
    this.runtime =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(options)
            .setTypeProvider(types)
            .addLibraries(sets, strings)
            .build();
    this.validator =
        CelValidatorFactory.standardCelValidatorBuilder(compiler, runtime)
            .addAstValidators(
                HomogeneousLiteralValidator.newInstance(),
                TimestampLiteralValidator.INSTANCE,
                DurationLiteralValidator.INSTANCE)
            .build();
  }

  /**
   * Compiles a condition.
   *
   * @param owner what it belongs to, for the message
   * @throws ConfigurationException if it is not CEL, or its types or words do not fit
   */
  Condition compile(String owner, YamlText text) throws ConfigurationException {
    CelAbstractSyntaxTree tree;
    try {
      tree = compiler.compile(text.text()).getAst();
      validator.validate(tree).getAst();
    } catch (CelValidationException e) {
      var issue = e.getErrors().getFirst();
      throw wrong(owner, text, Optional.of(issue.getSourceLocation()), problem(issue));
    }
    try {
      var facts = ConditionReader.read(tree);
      return new Condition(runtime.createProgram(tree), facts);
    } catch (ConditionReader.Mistake e) {
      var where = tree.getSource().getPositionsMap().get(e.expression());
      var location =
          where == null
              ? Optional.<CelSourceLocation>empty()
              : tree.getSource().getOffsetLocation(where);
      throw wrong(owner, text, location, String.valueOf(e.getMessage()));
    } catch (CelEvaluationException e) {
      throw wrong(owner, text, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private static String problem(CelIssue issue) {
    var message = issue.getMessage();
    var undefined = UNDEFINED.matcher(message);
    if (undefined.find()) {
      var names = new ArrayList<String>();
      Variables.STRUCTS.forEach(
          struct -> struct.fields().forEach(field -> names.add(field.name())));
      var name = undefined.group(1);
      return "there is no field `"
          + name
          + "` here"
          + Nearest.to(name, names).map(near -> "; did you mean `" + near + "`?").orElse("");
    }
    var undeclared = UNDECLARED.matcher(message);
    if (undeclared.matches()) {
      var names = Variables.ROOT.fields().stream().map(Struct.Field::name).toList();
      var name = undeclared.group(1);
      var near = Nearest.to(name, FUNCTIONS).filter(_ -> Nearest.to(name, names).isEmpty());
      return "there is no variable or function `"
          + name
          + "`"
          + near.map(one -> "; did you mean `" + one + "`?")
              .orElseGet(() -> Nearest.hint(name, names));
    }
    return message.lines().findFirst().orElse("not a condition");
  }

  private static ConfigurationException wrong(
      String owner, YamlText text, Optional<CelSourceLocation> where, String problem) {
    return new ConfigurationException(place(text, where), owner + ": " + problem);
  }

  /** Where in the file it is; the condition's beginning where YAML's folding hides it. */
  private static Place place(YamlText text, Optional<CelSourceLocation> where) {
    var start = text.place();
    if (where.isEmpty() || where.get().getLine() < 1) {
      return start;
    }
    int line = where.get().getLine();
    int column = where.get().getColumn();
    return switch (text.style()) {
      case PLAIN -> new Place(start.file(), start.line(), start.column() + column, start.path());
      case QUOTED ->
          new Place(start.file(), start.line(), start.column() + 1 + column, start.path());
      // The text begins in the line after the `|`; how far it is indented is not known here.
      case LITERAL -> new Place(start.file(), start.line() + line, column + 1, start.path());
      case FOLDED -> start;
    };
  }

  private static final class DeclaredTypes implements CelTypeProvider {
    private final ImmutableList<CelType> types =
        Variables.STRUCTS.stream()
            .map(struct -> (CelType) struct.type())
            .collect(ImmutableList.toImmutableList());

    @Override
    public ImmutableCollection<CelType> types() {
      return types;
    }

    @Override
    public Optional<CelType> findType(String name) {
      return types.stream().filter(type -> type.name().equals(name)).findFirst();
    }
  }
}
