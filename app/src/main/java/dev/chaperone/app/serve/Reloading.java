package dev.chaperone.app.serve;

import dev.chaperone.app.config.Configuration;
import dev.chaperone.app.tls.ServedCertificate;
import dev.chaperone.app.tls.ServedKeys;
import dev.chaperone.control.api.ControlPlane;
import dev.chaperone.core.session.EntrySpace;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.snapshot.Snapshots;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Fields;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalUnavailableException;
import java.io.IOException;
import java.time.Clock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration in force, and how another takes its place: as a whole, recorded before it
 * counts. Targets, policy, identity, roles, bounds and certificates change; where the gateway
 * listens and keeps its data does not. Safe for many threads.
 */
final class Reloading implements ControlPlane.Reload {
  // Together these stay within an entry's 65,535 bytes.
  private static final int REASON_BYTES = 8_000;
  private static final int TARGETS_BYTES = 40_000;

  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

  private final Journal journal;
  private final Clock clock;
  private final Snapshots snapshots;
  private final Certificates certificates;
  private final ServedKeys keys;
  private final UnaryOperator<String> reviewAddress;
  private volatile InForce inForce;

  /**
   * @param first what is in force already
   * @param reviewAddress where reviews are decided, given the configured address or an empty text
   */
  Reloading(
      Journal journal,
      Clock clock,
      Snapshots snapshots,
      Certificates certificates,
      ServedKeys keys,
      InForce first,
      UnaryOperator<String> reviewAddress) {
    this.journal = journal;
    this.clock = clock;
    this.snapshots = snapshots;
    this.certificates = certificates;
    this.keys = keys;
    this.inForce = first;
    this.reviewAddress = reviewAddress;
  }

  /** What is in force now. */
  InForce inForce() {
    return inForce;
  }

  @Override
  public synchronized void reload(String by) throws RefusedException {
    var before = inForce;
    try {
      var next = InForce.load(before.configuration().file(), clock);
      try {
        var certificate = check(before.configuration(), next.configuration());
        record(EntryTypes.CONFIG_LOADED, by, fields -> describe(fields, next));
        inForce = next;
        keys.exchange(certificate);
        snapshots.swap(next.snapshot(address(next)));
      } catch (IOException | ConfigurationException | JournalUnavailableException e) {
        next.signIn().close();
        throw e;
      }
      before.signIn().close();
      LOG.info("the configuration was reloaded, asked by {}", by);
    } catch (IOException | ConfigurationException | JournalUnavailableException e) {
      throw refused(by, String.valueOf(e.getMessage()));
    }
  }

  private ServedCertificate check(Configuration before, Configuration next)
      throws IOException, ConfigurationException {
    if (!before.listen().equals(next.listen()) || !before.data().equals(next.data())) {
      throw new ConfigurationException(
          dev.chaperone.core.yaml.Place.start(next.file().toString()),
          "`listen` and `data` take effect at a start alone; restart, or set them back");
    }
    return certificates.of(next);
  }

  private RefusedException refused(String by, String why) {
    LOG.error("the configuration was not reloaded, nothing has changed: {}", why);
    try {
      record(
          EntryTypes.CONFIG_REFUSED,
          by,
          fields -> fields.put("reason", EntrySpace.cut(why, REASON_BYTES)));
    } catch (JournalUnavailableException e) {
      LOG.error("and that could not be recorded: {}", e.getMessage());
    }
    return new RefusedException(why);
  }

  /** Records that the first configuration is in force. */
  void recordStart() throws JournalUnavailableException {
    record(EntryTypes.CONFIG_LOADED, "start", fields -> describe(fields, inForce));
  }

  /** Where reviews are decided under this configuration. */
  String address(InForce loaded) {
    var configured = loaded.configuration().address();
    return reviewAddress.apply(configured == null ? "" : configured);
  }

  private void record(String type, String by, java.util.function.Consumer<Fields> content)
      throws JournalUnavailableException {
    journal.append(
        Entry.of(
            type,
            clock.instant(),
            fields -> {
              fields.put("by", by);
              content.accept(fields);
            }));
  }

  private static void describe(Fields fields, InForce loaded) {
    fields
        .array(
            "files",
            items ->
                loaded
                    .digests()
                    .forEach(one ->
                        items.object(
                            file -> file.put("file", one.file()).put("sha256", one.sha256()))))
        .put("rules", loaded.configuration().policyFile().rules().size())
        .put("masks", loaded.configuration().policyFile().masks().size());
    EntrySpace.put(fields, "targets", loaded.configuration().targets().keySet(), TARGETS_BYTES);
  }
}
