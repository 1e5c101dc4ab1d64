package dev.chaperone.identity.oidc;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A CEL expression over {@code claims} (a map of string to anything), compiled when the
 * configuration is loaded. Pure, safe for many threads, and bounded in what it may compute.
 */
final class ClaimExpression {
  private static final int MAX_ITERATIONS = 10_000;

  private static final int MAX_REGEX_PROGRAM = 2_000;

  private static final CelStringExtensions STRINGS =
      CelExtensions.strings(
          CelStringExtensions.Function.LOWER_ASCII,
          CelStringExtensions.Function.UPPER_ASCII,
          CelStringExtensions.Function.SPLIT);

  private static final Cel CEL =
      CelFactory.plannerCelBuilder()
          .setOptions(
              CelOptions.current()
                  .comprehensionMaxIterations(MAX_ITERATIONS)
                  .enableHeterogeneousNumericComparisons(true)
                  .maxRegexProgramSize(MAX_REGEX_PROGRAM)
                  .build())
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addCompilerLibraries(STRINGS)
          .addRuntimeLibraries(STRINGS)
          .addVar("claims", MapType.create(SimpleType.STRING, SimpleType.DYN))
          .build();

  private final String key;
  private final CelRuntime.Program program;

  private ClaimExpression(String key, CelRuntime.Program program) {
    this.key = key;
    this.program = program;
  }

  /**
   * Compiles an expression.
   *
   * @param issuer the issuer's name, for the error
   * @param key the configuration key, for the error
   * @param kinds what it may give, besides what only shows when it is evaluated
   */
  static ClaimExpression compile(String issuer, String key, String text, Set<CelKind> kinds)
      throws IssuerSettingsException {
    try {
      var compiled = CEL.compile(text).getAst();
      var kind = compiled.getResultType().kind();
      if (kind != CelKind.DYN && !kinds.contains(kind)) {
        throw new IssuerSettingsException(
            issuer, key, "gives " + compiled.getResultType().name() + ", not a string");
      }
      return new ClaimExpression(key, CEL.createProgram(compiled));
    } catch (CelValidationException e) {
      throw new IssuerSettingsException(
          issuer,
          key,
          "not a valid expression: "
              + e.getErrors().stream().map(CelIssue::getMessage).collect(Collectors.joining("; ")));
    } catch (CelEvaluationException e) {
      throw new IssuerSettingsException(issuer, key, "not a usable expression: " + e.getMessage());
    }
  }

  /** The value, or nothing when a claim that it names is missing. */
  Optional<Object> valueIfThere(Claims claims) throws InvalidInputException {
    try {
      return Optional.of(program.eval(Map.of("claims", claims.members())));
    } catch (CelEvaluationException e) {
      if (e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
        return Optional.empty();
      }
      throw failed(e);
    } catch (RuntimeException e) {
      // The library promises the exception above alone; a value that surprises it must not get in.
      throw failed(e);
    }
  }

  /** The value; a claim that is missing is an error. */
  Object value(Claims claims) throws InvalidInputException {
    return valueIfThere(claims)
        .orElseThrow(() ->
            new InvalidInputException("a claim that the issuer's " + key + " needs is missing"));
  }

  /** The expression's own message may quote a claim, so it is not repeated. */
  private InvalidInputException failed(Exception e) {
    return new InvalidInputException(
        "the issuer's " + key + " cannot be told from this token's claims", e);
  }
}
