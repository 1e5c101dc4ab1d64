package dev.chaperone.app.cli;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.policy.Explanation;
import dev.chaperone.core.policy.PolicyTests;
import dev.chaperone.core.policy.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What came of {@code policy try}, for people and for programs. */
record PolicyTrial(Command command, Explanation explanation) {
  List<String> lines() {
    var lines = new ArrayList<String>();
    var verdict = explanation.verdict();
    lines.add("verdict    " + PolicyTests.word(verdict) + " by " + list(verdict.rules()));
    var message = message(verdict);
    if (message != null) {
      lines.add("message    " + message);
    }
    if (verdict instanceof Verdict.Hold hold) {
      for (var rule : hold.holding()) {
        lines.add(
            "reviewers  " + rule.count() + " of " + list(rule.reviewers()) + " for " + rule.name());
      }
    }
    lines.add("effects    " + list(effects()));
    lines.add("relations  " + list(relations()));
    lines.add("functions  " + list(functions()));
    for (var said : explanation.rules()) {
      lines.add(
          "rule       %s says %s: %s"
              .formatted(said.rule().name(), said.rule().outcome().word(), told(said)));
    }
    for (var mask : explanation.masks()) {
      lines.add("mask       " + mask.mask().name() + (mask.applies() ? " applies" : " is lifted"));
    }
    return lines;
  }

  ObjectNode json() {
    var document = JsonNodeFactory.instance.objectNode();
    var verdict = explanation.verdict();
    document.put("verdict", PolicyTests.word(verdict));
    fill(document, "rules", verdict.rules());
    document.put("message", message(verdict));
    fill(document, "effects", effects());
    fill(document, "relations", relations());
    fill(document, "functions", functions());
    var rules = document.putArray("asked");
    for (var said : explanation.rules()) {
      var rule = rules.addObject();
      rule.put("name", said.rule().name());
      rule.put("then", said.rule().outcome().word());
      rule.put("line", said.rule().place().line());
      rule.put("counts", said.counts().name().toLowerCase(Locale.ROOT));
      rule.put("why", said.why());
    }
    var masks = document.putArray("masks");
    for (var mask : explanation.masks()) {
      masks.addObject().put("name", mask.mask().name()).put("applies", mask.applies());
    }
    return document;
  }

  private static void fill(ObjectNode document, String name, Collection<String> values) {
    var array = document.putArray(name);
    values.forEach(array::add);
  }

  private static String told(Explanation.Said said) {
    return switch (said.counts()) {
      case YES -> "its condition holds";
      case NO -> "its condition does not hold";
      case OPEN -> "depends on bound values";
      case BLIND ->
          "would allow, but an effect is unknown and its condition does not speak of that";
      case FAILED -> "cannot be evaluated, so it denies: " + said.why();
    };
  }

  private static @Nullable String message(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Allow _ -> null;
      case Verdict.Hold hold -> hold.message();
      case Verdict.Deny deny -> deny.message();
    };
  }

  private List<String> effects() {
    return command.effects().stream().sorted().map(Effect::word).toList();
  }

  private Collection<String> relations() {
    return switch (command) {
      case Command.Statement statement -> statement.relations();
      case Command.Unreadable _ -> List.of();
    };
  }

  private Collection<String> functions() {
    return switch (command) {
      case Command.Statement statement -> statement.functions();
      case Command.Unreadable _ -> List.of();
    };
  }

  private static String list(Collection<String> words) {
    return words.isEmpty() ? "-" : String.join(", ", words);
  }
}
