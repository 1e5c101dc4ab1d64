package dev.chaperone.core.gate;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.command.Effect;
import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.CommandDigest;
import dev.chaperone.core.session.EntrySpace;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.session.Who;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.Position;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the entries of one session's commands, as docs/formats/entries.md describes them. */
final class CommandEntries {
  private final Session session;
  private final Contents contents;

  CommandEntries(Session session) {
    this.session = session;
    this.contents = new Contents(session);
  }

  Position prepared(String id, String name, Command command) throws JournalUnavailableException {
    return write(
        EntryTypes.PREPARED,
        id,
        command,
        fields -> fields.put("name", EntrySpace.cut(name, Contents.NAME_BYTES)));
  }

  Position held(String id, Command command, CommandDigest digest, List<String> rules)
      throws JournalUnavailableException {
    return write(
        EntryTypes.HELD,
        id,
        command,
        fields -> {
          fields.put("digest", digest.hex());
          EntrySpace.put(fields, "rules", rules, Contents.LIST_BYTES);
        });
  }

  Position allowed(
      String id,
      Command command,
      List<String> rules,
      List<String> masks,
      Approvals.@Nullable Reference review)
      throws JournalUnavailableException {
    return write(
        EntryTypes.DECIDED,
        id,
        command,
        fields -> {
          fields.put("verdict", "allow");
          EntrySpace.put(fields, "rules", rules, Contents.LIST_BYTES);
          if (!masks.isEmpty()) {
            EntrySpace.put(fields, "masks", masks, Contents.LIST_BYTES);
          }
          if (review != null) {
            fields.put("review", review.id());
          }
        });
  }

  Position refused(Command command, Passage.Refusal refusal) throws JournalUnavailableException {
    return write(
        EntryTypes.DECIDED,
        refusal.command(),
        command,
        fields -> {
          fields.put("verdict", "deny");
          EntrySpace.put(fields, "rules", refusal.rules(), Contents.LIST_BYTES);
          fields
              .put("reason", refusal.reason().word())
              .putIfPresent("message", Contents.cut(refusal.message()));
          var review = refusal.review();
          if (review != null) {
            fields.put("review", review.id());
          }
        });
  }

  Position closed(Run run, Outcome outcome) throws JournalUnavailableException {
    var seen = run.seen();
    var output = contents.place(run.id(), "output", seen.output(), Contents.OUTPUT_BYTES);
    var input = input(run.id(), seen.input());
    return session.enqueue(
        EntryTypes.CLOSED,
        fields -> {
          fields.put("command", run.id());
          session.describe(fields);
          fields
              .put("outcome", outcome.how().word())
              .put("rows", seen.rows())
              .put("bytes", seen.bytes())
              .put("digest", HexFormat.of().formatHex(seen.digest()))
              .put("micros", seen.micros());
          var code = outcome.errorCode();
          if (code != null) {
            fields.object(
                "error",
                error ->
                    error
                        .put("code", EntrySpace.cut(code, Contents.NAME_BYTES))
                        .putIfPresent("message", Contents.cut(outcome.errorMessage())));
          }
          if (!seen.maskedColumns().isEmpty()) {
            EntrySpace.put(fields, "masked", seen.maskedColumns(), Contents.MASKED_BYTES);
          }
          if (!seen.output().isEmpty()) {
            output.accept(fields);
          }
          fields.put("outputTruncated", seen.outputTruncated());
          input.accept(fields);
        });
  }

  /** What the client sent to the running command; nothing where it sent nothing. */
  private Consumer<Fields> input(String id, Input.Taken taken) throws JournalUnavailableException {
    if (taken.bytes() == 0) {
      return _ -> {};
    }
    var content = contents.place(id, taken);
    return fields -> {
      fields
          .put("inputBytes", taken.bytes())
          .put("inputDigest", HexFormat.of().formatHex(taken.digest()));
      content.accept(fields);
      fields.put("inputTruncated", taken.isTruncated());
    };
  }

  void notified(String channel, String payload) throws JournalUnavailableException {
    var shown = EntrySpace.cut(payload, Contents.PART_BYTES);
    session.enqueue(
        EntryTypes.NOTIFIED,
        fields -> {
          session.describe(fields);
          fields.put("channel", EntrySpace.cut(channel, Contents.NAME_BYTES)).put("payload", shown);
          if (!shown.equals(payload)) {
            fields.put("payloadSha256", Contents.sha256(payload));
          }
        });
  }

  private Position write(String type, String id, Command command, Consumer<Fields> more)
      throws JournalUnavailableException {
    var text = contents.place(id, "text", command.text(), Contents.TEXT_BYTES);
    var parameters = contents.place(id, "parameters", command.parameters());
    var names = contents.namesOf(id, command);
    var settings = contents.settings(id, command.settings());
    return session.enqueue(
        type,
        fields -> {
          fields.put("command", id);
          session.describe(fields);
          fields.put("kind", command.kind());
          text.accept(fields);
          parameters.accept(fields);
          fields.put("effects", command.effects().stream().map(Effect::word).sorted().toList());
          names.accept(fields);
          settings.accept(fields);
          Who.intent(fields, session.intent());
          more.accept(fields);
        });
  }

  static void parameters(Fields fields, List<Parameter> parameters) {
    fields.array(
        "parameters",
        items ->
            parameters.forEach(parameter ->
                items.object(item -> {
                  item.put("type", parameter.type());
                  var value = parameter.value();
                  if (value == null) {
                    item.putNull("value");
                  } else {
                    item.put("value", value);
                  }
                })));
  }
}
