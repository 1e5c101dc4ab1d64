package dev.chaperone.identity.oidc;

import dev.cel.common.types.CelKind;
import dev.chaperone.core.identity.Identity.Kind;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one issuer's claims mean: kind, groups and person key, by its settings' expressions. */
final class ClaimMapping {
  private static final int MAX_GROUPS = 2_000;
  private static final int MAX_PERSON_CHARACTERS = 1_000; // as long as a subject may be
  private static final String KINDS = "person, agent or service";

  private final KindRule kind;
  private final ClaimExpression groups;
  private final @Nullable ClaimExpression person;

  private ClaimMapping(KindRule kind, ClaimExpression groups, @Nullable ClaimExpression person) {
    this.kind = kind;
    this.groups = groups;
    this.person = person;
  }

  static ClaimMapping compile(IssuerSettings settings) throws IssuerSettingsException {
    var name = settings.name();
    var text = settings.groups() == null ? IssuerSettings.DEFAULT_GROUPS : settings.groups();
    var groups =
        ClaimExpression.compile(name, "groups", text, Set.of(CelKind.LIST, CelKind.STRING));
    var person =
        settings.person() == null
            ? null
            : ClaimExpression.compile(name, "person", settings.person(), Set.of(CelKind.STRING));
    return new ClaimMapping(kind(settings), groups, person);
  }

  private static KindRule kind(IssuerSettings settings) throws IssuerSettingsException {
    for (var one : Kind.values()) {
      if (one.word().equals(settings.kind())) {
        return new FixedKind(one);
      }
    }
    return new KindExpression(
        ClaimExpression.compile(settings.name(), "kind", settings.kind(), Set.of(CelKind.STRING)));
  }

  /** The kind of whoever acts by a token with these claims, {@code act} among them. */
  Kind actor(Claims claims) throws InvalidInputException {
    return kind.of(claims);
  }

  /**
   * The kind of whom an actor acts for, by the claims without {@code act}. Where the configuration
   * gives one word, that says what acts, and who stands behind it is a person.
   */
  Kind behindActor(Claims claims) throws InvalidInputException {
    return switch (kind) {
      case FixedKind _ -> Kind.PERSON;
      case KindExpression expression -> expression.of(claims);
    };
  }

  private sealed interface KindRule {
    Kind of(Claims claims) throws InvalidInputException;
  }

  private record FixedKind(Kind kind) implements KindRule {
    @Override
    public Kind of(Claims claims) {
      return kind;
    }
  }

  private record KindExpression(ClaimExpression expression) implements KindRule {
    @Override
    public Kind of(Claims claims) throws InvalidInputException {
      var word = expression.value(claims);
      return Arrays.stream(Kind.values())
          .filter(one -> one.word().equals(word))
          .findFirst()
          .orElseThrow(() -> new InvalidInputException("the issuer's kind does not give " + KINDS));
    }
  }

  /** The groups in these claims, which are one actor's own. */
  List<String> groups(Claims claims) throws InvalidInputException {
    return switch (groups.valueIfThere(claims).orElse(List.of())) {
      case String one -> List.of(one);
      case List<?> several -> strings(several);
      default ->
          throw new InvalidInputException("the issuer's groups do not give a list of strings");
    };
  }

  private static List<String> strings(List<?> several) throws InvalidInputException {
    if (several.size() > MAX_GROUPS) {
      throw new InvalidInputException("the token has more than " + MAX_GROUPS + " groups");
    }
    var strings = new ArrayList<String>();
    for (var one : several) {
      if (!(one instanceof String group)) {
        throw new InvalidInputException("the issuer's groups do not give a list of strings");
      }
      strings.add(group);
    }
    return List.copyOf(strings);
  }

  /**
   * The key by which this subject is the same person over all issuers. Case and Unicode form are
   * made equal: two keys that differ in these alone are taken for one person, so that nobody
   * approves their own command by writing their address another way.
   */
  String person(Claims claims, String otherwise) throws InvalidInputException {
    if (person == null) {
      return otherwise;
    }
    if (person.value(claims) instanceof String key && !key.isBlank()) {
      var equal = Normalizer.normalize(key.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
      if (equal.length() > MAX_PERSON_CHARACTERS) {
        throw new InvalidInputException(
            "the issuer's person gives a key longer than " + MAX_PERSON_CHARACTERS + " characters");
      }
      return equal;
    }
    throw new InvalidInputException("the issuer's person does not give a text");
  }
}
