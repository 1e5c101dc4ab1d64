package dev.chaperone.control.api;

import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Who;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.JournalUnavailableException;
import java.util.function.Consumer;

/** Records that somebody reads what others did, before they see it. */
final class LogReads {
  private final ControlPlane plane;

  LogReads(ControlPlane plane) {
    this.plane = plane;
  }

  /**
   * Appends the entry durably.
   *
   * @param what commands, review, reviews or entries
   * @param which names what was read, without its content
   */
  void record(Caller caller, String what, Consumer<Fields> which)
      throws JournalUnavailableException {
    plane
        .journal()
        .append(
            Entry.of(
                EntryTypes.LOG_READ,
                plane.clock().instant(),
                fields -> {
                  fields.object("identity", it -> Who.inShort(it, caller.identity()));
                  fields
                      .put("by", caller.identity().personKey())
                      .put("origin", caller.origin())
                      .put("what", what);
                  which.accept(fields);
                }));
  }
}
