package dev.chaperone.core.policy;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.policy.Struct.Field;
import dev.chaperone.core.target.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Everything that a condition may read, declared once. */
final class Variables {
  private static final CelType TEXT = SimpleType.STRING;
  private static final CelType TEXTS = ListType.create(TEXT);
  private static final String IDENTITY_TYPE = "chaperone.Identity";

  /** What a decision is about. */
  record Asked(Circumstances circumstances, Command command) {}

  static final Struct<Optional<Identity>> IDENTITY =
      new Struct<>(
          IDENTITY_TYPE,
          List.of(
              who("issuer", "the configured issuer's name", Identity::issuer),
              who("subject", "the issuer's stable identifier", Identity::subject),
              who(
                  "kind",
                  "`person`, `agent` or `service`; empty in an empty `onBehalfOf`",
                  one -> one.kind().word()),
              who("name", "a display name", Identity::name),
              who("email", "an address", Identity::email),
              new Field<>(
                  "groups",
                  TEXTS,
                  "the groups",
                  one -> one.map(Identity::groups).orElse(List.of())),
              new Field<>(
                  "claims",
                  MapType.create(TEXT, SimpleType.DYN),
                  "the token's claims as JSON; test with `has()` before reading one",
                  one -> one.map(Identity::claims).map(ClaimValues::of).orElse(Map.of())),
              new Field<>(
                  "onBehalfOf",
                  dev.cel.common.types.StructTypeReference.create(IDENTITY_TYPE),
                  "whom an agent acts for, with the same fields; all empty if for nobody",
                  Variables::person)));

  static final Struct<Intent> INTENT =
      new Struct<>(
          "chaperone.Intent",
          List.of(
              new Field<>("text", TEXT, "what the actor says it does", i -> orEmpty(i.text())),
              new Field<>("ticket", TEXT, "a ticket's identifier", i -> orEmpty(i.ticket())),
              new Field<>("trace", TEXT, "a W3C `traceparent`", i -> orEmpty(i.trace()))));

  static final Struct<Target> TARGET =
      new Struct<>(
          "chaperone.Target",
          List.of(
              new Field<>("name", TEXT, "the target's name", Target::name),
              new Field<>("protocol", TEXT, "for example `postgres`", Target::protocol),
              new Field<>(
                  "labels",
                  MapType.create(TEXT, TEXT),
                  "the target's labels; test with `has()` before reading one",
                  Target::labels)));

  static final Struct<Circumstances> SESSION =
      new Struct<>(
          "chaperone.Session",
          List.of(
              new Field<>(
                  "origin", TEXT, "the client's address, without port", Circumstances::origin),
              new Field<>("started", SimpleType.TIMESTAMP, "when it began", Circumstances::started),
              new Field<>("login", TEXT, "the login on the target", Circumstances::login)));

  static final Struct<Parameter> PARAMETER =
      new Struct<>(
          "chaperone.Parameter",
          List.of(
              new Field<>(
                  "type", TEXT, "the type's name at the resource, or `unknown`", Parameter::type),
              new Field<>("value", TEXT, "as text; empty for NULL", p -> orEmpty(p.value())),
              new Field<>(
                  "isNull", SimpleType.BOOL, "whether it is NULL", p -> p.value() == null)));

  static final Struct<Command> COMMAND =
      new Struct<>(
          "chaperone.Command",
          List.of(
              new Field<>("kind", TEXT, "`statement`", Command::kind),
              new Field<>(
                  "effects", TEXTS, "what it does, in words; never empty", Variables::effects),
              new Field<>("text", TEXT, "what will run", Command::text),
              new Field<>(
                  "parameters",
                  ListType.create(PARAMETER.reference()),
                  "the values bound to it, in order",
                  command -> command.parameters().stream().map(PARAMETER::view).toList()),
              new Field<>(
                  "relations",
                  TEXTS,
                  "every relation that it reaches, as `schema.name`",
                  command -> statement(command, Command.Statement::relations)),
              new Field<>(
                  "functions",
                  TEXTS,
                  "every function that it calls, as `schema.name`",
                  command -> statement(command, Command.Statement::functions)),
              new Field<>(
                  "database",
                  TEXT,
                  "the database on the target",
                  command ->
                      switch (command) {
                        case Command.Statement one -> one.database();
                        case Command.Unreadable _ -> "";
                      })));

  /** The variables themselves. */
  static final Struct<Asked> ROOT =
      new Struct<>(
          "chaperone.Variables",
          List.of(
              new Field<>(
                  "identity",
                  IDENTITY.reference(),
                  "who acts",
                  asked -> IDENTITY.view(Optional.of(asked.circumstances().identity()))),
              new Field<>(
                  "intent",
                  INTENT.reference(),
                  "what the actor says that it is doing; a statement, never a proof",
                  asked -> INTENT.view(asked.circumstances().intent())),
              new Field<>(
                  "target",
                  TARGET.reference(),
                  "what is acted on",
                  asked -> TARGET.view(asked.circumstances().target())),
              new Field<>(
                  "session",
                  SESSION.reference(),
                  "the connection",
                  asked -> SESSION.view(asked.circumstances())),
              new Field<>(
                  "now",
                  SimpleType.TIMESTAMP,
                  "the time of the decision",
                  asked -> asked.circumstances().now()),
              new Field<>(
                  "command",
                  COMMAND.reference(),
                  "what would run",
                  asked -> COMMAND.view(asked.command()))));

  /** Every structure that a variable may have, the variables themselves aside. */
  static final List<Struct<?>> STRUCTS =
      List.of(IDENTITY, INTENT, TARGET, SESSION, PARAMETER, COMMAND);

  private Variables() {}

  private static Field<Optional<Identity>> who(
      String name, String meaning, Function<Identity, @Nullable String> value) {
    return new Field<>(
        name, TEXT, meaning, one -> one.isEmpty() ? "" : orEmpty(value.apply(one.get())));
  }

  private static Object person(Optional<Identity> identity) {
    return IDENTITY.view(identity.flatMap(one -> Optional.ofNullable(one.onBehalfOf())));
  }

  private static List<String> effects(Command command) {
    // In the order of the enumeration, so that a condition sees the same list every time.
    return command.effects().stream().sorted().map(Effect::word).toList();
  }

  private static List<String> statement(
      Command command, Function<Command.Statement, Collection<String>> field) {
    return switch (command) {
      case Command.Statement one -> new ArrayList<>(field.apply(one));
      case Command.Unreadable _ -> List.of();
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
