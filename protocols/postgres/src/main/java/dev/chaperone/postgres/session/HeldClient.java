package dev.chaperone.postgres.session;

import dev.chaperone.core.command.Command;
import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.wire.ReadAheadInput;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client while a command of its is held: it is told by notices, and it is noticed when it
 * leaves. The request pump begins and ends it; any thread may interrupt.
 */
final class HeldClient {
  private final Gate.ToClient client;
  private final PostgresOwn own;
  private final ReadAheadInput input;
  private volatile @Nullable Waiting held;
  private ReadAheadInput.@Nullable Watch watch;

  HeldClient(Gate.ToClient client, PostgresOwn own, ReadAheadInput input) {
    this.client = client;
    this.own = own;
    this.input = input;
  }

  /** The command as it reads after a grant. */
  interface Again {
    Command read() throws IOException, InterruptedException, JournalUnavailableException;
  }

  /** The wait of the next command, should it come to one. */
  Waiting begin(Conversation conversation, Again again) {
    var waiting = new Waiting[1];
    waiting[0] =
        new Waiting(
            new Waiting.Client() {
              @Override
              public Waiting.Situation settle()
                  throws IOException, InterruptedException, JournalUnavailableException {
                var situation = conversation.situation();
                if (situation != Waiting.Situation.MOOT) {
                  hold(waiting[0]);
                }
                return situation;
              }

              @Override
              public Optional<Command> again()
                  throws IOException, InterruptedException, JournalUnavailableException {
                return Optional.of(again.read());
              }

              @Override
              public void tell(Approvals.Reference review) {
                notice(waiting[0], review);
              }
            });
    return waiting[0];
  }

  /** The command is decided: nobody waits any more. */
  void end() {
    held = null;
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  /** Ends the wait that is under way; false when there is none. */
  boolean interrupt(Waiting.Interruption why) {
    var now = held;
    if (now == null) {
      return false;
    }
    now.interrupt(why);
    return true;
  }

  private void hold(Waiting waiting) {
    held = waiting;
    if (watch == null) {
      watch = input.watch(() -> waiting.interrupt(Waiting.Interruption.LEFT));
    }
  }

  private void notice(Waiting waiting, Approvals.Reference review) {
    try {
      client.write(own.notice(RefusalErrors.waiting(review)));
      client.flush();
    } catch (IOException | JournalUnavailableException e) {
      // Whoever cannot be told is gone; the pumps find out why by themselves.
      waiting.interrupt(Waiting.Interruption.LEFT);
    }
  }
}
