package dev.chaperone.control.reviews;

import dev.chaperone.control.record.ContentWriter;
import dev.chaperone.control.record.EntryJson;
import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.policy.Verdict;
import dev.chaperone.core.review.Approvals.Ask;
import dev.chaperone.core.session.EntrySpace;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Who;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.Position;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Writes the entries of reviews, as docs/formats/entries-reviews.md describes them. */
final class ReviewEntries {
  private static final int MOST_NAMES = 4;
  private static final int NAMED_KEY_BYTES = 200;
  private static final int NAMED_BYTES = 3_000;

  /** The longest reason that is kept. */
  static final int MAX_REASON = 1_000;

  // Together with the rest of review.asked these stay within an entry's 65,535 bytes.
  private static final int TEXT_BYTES = 12_000;
  private static final int PARAMETER_BYTES = 8_000;
  private static final int NAME_BYTES = 4_000;
  private static final int RULE_BYTES = 8_000;

  private final Clock clock;

  ReviewEntries(Clock clock) {
    this.clock = clock;
  }

  /** Records that a review is asked for; durable when this returns. */
  List<Position> asked(Ask ask, String review, Instant expires) throws JournalUnavailableException {
    var session = ask.session();
    var identity = session.identity();
    var content = new ContentWriter(session, "review", review);
    var command = command(content, ask.command());
    var rules = rules(content, ask.hold());
    var reviewers = reviewers(ask.hold());
    var asked =
        session.append(
            EntryTypes.REVIEW_ASKED,
            fields -> {
              fields.put("review", review);
              session.describe(fields);
              fields
                  .put("command", ask.commandId())
                  .put("asker", identity.personKey())
                  .put("askers", identity.askers())
                  .put("digest", ask.digest().hex())
                  .put("expires", expires)
                  .put("useWithinMillis", ask.hold().useWithin().toMillis())
                  .put("reviewers", reviewers);
              rules.accept(fields);
              command.accept(fields);
              Who.intent(fields, ask.intent());
            });
    var positions = new ArrayList<>(content.positions());
    positions.add(asked);
    return positions;
  }

  private static Consumer<Fields> command(ContentWriter content, Command command)
      throws JournalUnavailableException {
    var text =
        content.place(
            "text", command.text(), TEXT_BYTES, fields -> fields.put("text", command.text()));
    var parameters = parameters(content, command.parameters());
    var effects = command.effects().stream().map(Effect::word).sorted().toList();
    Consumer<Fields> shape =
        switch (command) {
          case Command.Statement statement -> {
            var relations = names(content, "relations", statement.relations());
            var functions = names(content, "functions", statement.functions());
            yield fields -> {
              relations.accept(fields);
              functions.accept(fields);
              fields
                  .put("database", statement.database())
                  .put("reachesUnknown", statement.reachesUnknown());
            };
          }
          case Command.Unreadable _ -> _ -> {};
        };
    return fields -> {
      fields.put("kind", command.kind());
      text.accept(fields);
      parameters.accept(fields);
      fields.put("effects", effects);
      shape.accept(fields);
      standsFor(fields, command);
    };
  }

  /** What the names that the command runs stand for: without it nobody knows what is approved. */
  private static void standsFor(Fields fields, Command command) {
    var named = new TreeMap<>(command.settings());
    named.keySet().removeIf(name -> !name.contains(" ") && !name.equals("statement"));
    if (!named.isEmpty()) {
      fields.object(
          "standsFor",
          inner ->
              named.entrySet().stream()
                  .limit(MOST_NAMES)
                  .forEach(one ->
                      inner.put(
                          EntrySpace.cut(one.getKey(), NAMED_KEY_BYTES),
                          EntrySpace.cut(one.getValue(), NAMED_BYTES))));
    }
  }

  private static Consumer<Fields> parameters(ContentWriter content, List<Parameter> parameters)
      throws JournalUnavailableException {
    var lines = new StringBuilder();
    for (var parameter : parameters) {
      var line = EntryJson.object().put("type", parameter.type()).put("value", parameter.value());
      lines.append(line).append('\n');
    }
    return content.place(
        "parameters",
        lines.toString(),
        PARAMETER_BYTES,
        fields ->
            fields.array(
                "parameters",
                items -> parameters.forEach(value -> items.object(it -> parameter(it, value)))));
  }

  private static void parameter(Fields fields, Parameter parameter) {
    fields.put("type", parameter.type());
    var value = parameter.value();
    if (value == null) {
      fields.putNull("value");
    } else {
      fields.put("value", value);
    }
  }

  private static Consumer<Fields> names(
      ContentWriter content, String field, SortedSet<String> names)
      throws JournalUnavailableException {
    return content.place(
        field, String.join("\n", names), NAME_BYTES, fields -> fields.put(field, names));
  }

  private static Consumer<Fields> rules(ContentWriter content, Verdict.Hold hold)
      throws JournalUnavailableException {
    var rules = hold.holding().stream().map(Review.Rule::of).toList();
    return content.place(
        "rules",
        RuleJson.array(rules),
        RULE_BYTES,
        fields ->
            fields.array(
                "rules", items -> rules.forEach(rule -> items.object(it -> rule(it, rule)))));
  }

  private static void rule(Fields fields, Review.Rule rule) {
    fields
        .put("name", rule.name())
        .putIfPresent("message", rule.message())
        .put("reviewers", rule.reviewers())
        .put("count", rule.count());
  }

  private static Set<String> reviewers(Verdict.Hold hold) {
    var groups = new TreeSet<String>();
    hold.holding().forEach(rule -> groups.addAll(rule.reviewers()));
    return groups;
  }

  /** Records that a waiting command uses a grant; in order, not awaited. */
  Position used(Ask ask, String review) throws JournalUnavailableException {
    return ask.session()
        .enqueue(
            EntryTypes.REVIEW_USED,
            fields -> {
              fields.put("review", review);
              ask.session().describe(fields);
              fields.put("command", ask.commandId());
            });
  }

  Entry granted(Review review, Identity by, String reason, List<String> rules, boolean complete) {
    var now = clock.instant();
    return Entry.of(
        EntryTypes.REVIEW_GRANTED,
        now,
        fields -> {
          decided(fields, review, by, reason);
          fields.put("rules", rules).put("complete", complete);
          if (complete) {
            fields.put("useBefore", now.plus(review.useWithin()));
          }
        });
  }

  Entry refused(Review review, Identity by, String reason) {
    return Entry.of(
        EntryTypes.REVIEW_REFUSED, clock.instant(), fields -> decided(fields, review, by, reason));
  }

  Entry cancelled(Review review, Identity by, String reason) {
    return Entry.of(
        EntryTypes.REVIEW_CANCELLED,
        clock.instant(),
        fields -> decided(fields, review, by, reason));
  }

  Entry expired(Review review) {
    return Entry.of(
        EntryTypes.REVIEW_EXPIRED,
        clock.instant(),
        fields -> fields.put("review", review.id()).put("was", review.state().word()));
  }

  private static void decided(Fields fields, Review review, Identity by, String reason) {
    fields.put("review", review.id()).put("by", by.personKey());
    fields.object("identity", inner -> Who.inShort(inner, by));
    fields
        .putIfPresent("name", by.name())
        .put("reason", reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON));
  }
}
