package dev.chaperone.journal.verify;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must hold between entries (docs/formats/journal.md, "What a verifier checks"): nothing is
 * missing in a session, every command that was let through is closed exactly once, nobody granted
 * their own review. Its memory grows with what is open at one time, not with the log.
 */
final class SessionRules {

  private enum State {
    HELD,
    ALLOWED
  }

  private static final class Session {
    private long last;
    private final Map<String, State> commands = new HashMap<>();
  }

  private final Map<String, Session> sessions = new HashMap<>();
  private final Map<String, String> askers = new HashMap<>();
  private final Findings findings;

  SessionRules(Findings findings) {
    this.findings = findings;
  }

  /**
   * Takes the next entry of the log.
   *
   * @param where the file that it stands in
   */
  void take(Envelope entry, String where, Since since) {
    String id = entry.text("session");
    if (id != null && entry.text("n") != null) {
      Session session = sessions.computeIfAbsent(id, _ -> new Session());
      sequence(session, entry.number(), where, since);
      command(session, entry, where, since);
      if (entry.type().equals("session.ended")) {
        end(session, where, since);
        sessions.remove(id);
      }
    }
    review(entry, where, since);
  }

  private void sequence(Session session, long number, String where, Since since) {
    if (number != session.last + 1) {
      findings.add(
          where,
          "this is number %d of its session, and number %d is due: entries are missing, doubled or"
                  .formatted(number, session.last + 1)
              + " out of order",
          since);
    }
    session.last = number;
  }

  private void command(Session session, Envelope entry, String where, Since since) {
    String command = entry.text("command");
    if (command == null) {
      return;
    }
    Map<String, State> commands = session.commands;
    switch (entry.type()) {
      case "held" -> commands.put(command, State.HELD);
      case "decided" -> decided(commands, command, entry.text("verdict"), where, since);
      case "cancelled" -> commands.remove(command, State.HELD);
      case "closed" -> {
        if (commands.remove(command) != State.ALLOWED) {
          findings.add(where, "a command is closed that was not allowed or not open", since);
        }
      }
      case "interrupted" -> {
        if (commands.remove(command) == null) {
          findings.add(where, "a command is interrupted that was not open", since);
        }
      }
      default -> {}
    }
  }

  private void decided(
      Map<String, State> commands,
      String command,
      @Nullable String verdict,
      String where,
      Since since) {
    if ("allow".equals(verdict)) {
      if (commands.put(command, State.ALLOWED) == State.ALLOWED) {
        findings.add(where, "a command is allowed a second time while it is open", since);
      }
    } else if ("deny".equals(verdict)) {
      commands.remove(command);
    }
  }

  private void end(Session session, String where, Since since) {
    long open = session.commands.values().stream().filter(s -> s == State.ALLOWED).count();
    if (open > 0) {
      findings.add(
          where, "the session ends with " + open + " allowed command(s) not closed", since);
    }
  }

  private void review(Envelope entry, String where, Since since) {
    String review = entry.text("review");
    if (review == null) {
      return;
    }
    switch (entry.type()) {
      case "review.asked" -> {
        String asker = entry.text("asker");
        if (asker != null) {
          askers.put(review, asker);
        }
      }
      case "review.granted" -> {
        String by = entry.text("by");
        if (by != null && (by.equals(askers.get(review)) || by.equals(entry.text("asker")))) {
          findings.add(where, "a review was granted by the one who asked", since);
        }
      }
      case "review.refused", "review.expired", "review.cancelled", "review.used" ->
          askers.remove(review);
      default -> {}
    }
  }
}
