package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.gate.OwnTraffic;
import dev.chaperone.postgres.handshake.CancelKey;
import dev.chaperone.postgres.wire.ErrorFields;
import dev.chaperone.postgres.wire.MessageBuilder;
import dev.chaperone.postgres.wire.Messages;
import dev.chaperone.wire.Frames;
import java.util.Map;

/**
 * All that the gateway says in a PostgreSQL session without a command of the client's behind it.
 */
final class PostgresOwn extends OwnTraffic {
  /**
   * The text that stands in a server's log where a command was refused: it fails, so that the
   * server and the client agree about the transaction.
   */
  static final String COMPANION = "chaperone_refused";

  /** What the gateway's own questions begin with, so that a server's log tells them apart. */
  static final String OWN_COMMENT = "/* chaperone */ ";

  /** The names of the statement and the portal of the gateway's own questions. */
  private static final String ASKING = "chaperone_asking";

  Gate.Own sync() {
    return own("sync", empty(Messages.SYNC));
  }

  Gate.Own flush() {
    return own("flush", empty(Messages.FLUSH));
  }

  Gate.Own terminate() {
    return own("terminate", empty(Messages.TERMINATE));
  }

  /** In the place of a refused simple query: fails, and is followed by ReadyForQuery. */
  Gate.Own companionQuery() {
    return own(
        "companion", new MessageBuilder().begin(Messages.QUERY).string(COMPANION).end().frames());
  }

  /** In the place of a refused extended message: fails, so that the server skips to Sync. */
  Gate.Own companionParse() {
    return own(
        "companion",
        new MessageBuilder()
            .begin(Messages.PARSE)
            .string(COMPANION)
            .string(COMPANION)
            .int16(0)
            .end()
            .frames());
  }

  /** Asks what a portal returns, so that its columns are known before a row of it comes. */
  Gate.Own describePortal(String portal) {
    return own(
        "describe",
        new MessageBuilder().begin(Messages.DESCRIBE).int8('P').string(portal).end().frames());
  }

  /** The client's Describe: names and types of what was decided already. */
  Gate.Own describe(byte[] message) {
    return own("describe", Frames.of(message));
  }

  /** The client's Close of a statement or portal. */
  Gate.Own close(byte[] message) {
    return own("close", Frames.of(message));
  }

  /** A question of the gateway's own; leaves the client's unnamed statement and portal alone. */
  Gate.Own ask(String sql) {
    return own(
        "ask",
        new MessageBuilder()
            .begin(Messages.PARSE)
            .string(ASKING)
            .string(OWN_COMMENT + sql)
            .int16(0)
            .end()
            .begin(Messages.BIND)
            .string(ASKING)
            .string(ASKING)
            .int16(0)
            .int16(0)
            .int16(0)
            .end()
            .begin(Messages.EXECUTE)
            .string(ASKING)
            .int32(0)
            .end()
            .begin(Messages.CLOSE)
            .int8('P')
            .string(ASKING)
            .end()
            .begin(Messages.CLOSE)
            .int8('S')
            .string(ASKING)
            .end()
            .frames());
  }

  /** Has a query parsed and described; sent under the permit of the command that it is part of. */
  static Frames outline(String query) {
    return new MessageBuilder()
        .begin(Messages.PARSE)
        .string(ASKING)
        .string(query)
        .int16(0)
        .end()
        .begin(Messages.DESCRIBE)
        .int8('S')
        .string(ASKING)
        .end()
        .begin(Messages.CLOSE)
        .int8('S')
        .string(ASKING)
        .end()
        .frames();
  }

  /** The simple form of {@link #ask}, before the client has anything that it could disturb. */
  Gate.Own query(String sql) {
    return own(
        "ask", new MessageBuilder().begin(Messages.QUERY).string(OWN_COMMENT + sql).end().frames());
  }

  /** The client is signed in: what the server reported, and our own key. */
  Gate.Own greeting(Map<String, String> parameters, CancelKey key, char status) {
    var greeting = new MessageBuilder().begin(Messages.AUTHENTICATION).int32(0).end();
    parameters.forEach((name, value) ->
        greeting.begin(Messages.PARAMETER_STATUS).string(name).string(value).end());
    greeting.begin(Messages.BACKEND_KEY_DATA).int32(key.process()).bytes(key.secret()).end();
    return own("greeting", greeting.begin(Messages.READY_FOR_QUERY).int8(status).end().frames());
  }

  /** A refusal, or the reason why the session ends. */
  Gate.Own error(String kind, ErrorFields error) {
    return own(kind, Frames.of(error.message(Messages.ERROR)));
  }

  /** Tells the client something while it waits. */
  Gate.Own notice(ErrorFields notice) {
    return own("notice", Frames.of(notice.message(Messages.NOTICE)));
  }

  private static Frames empty(byte type) {
    return new MessageBuilder().begin(type).end().frames();
  }
}
