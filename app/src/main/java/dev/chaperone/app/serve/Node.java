package dev.chaperone.app.serve;

import dev.chaperone.app.cli.VersionCommand;
import dev.chaperone.app.config.Configuration;
import dev.chaperone.app.config.HostPort;
import dev.chaperone.app.tls.ServedKeys;
import dev.chaperone.control.api.ControlApi;
import dev.chaperone.control.api.ControlPlane;
import dev.chaperone.control.projection.ProjectedReviews;
import dev.chaperone.control.projection.Projection;
import dev.chaperone.control.projection.ProjectionUnavailableException;
import dev.chaperone.control.projection.Recovery;
import dev.chaperone.control.reviews.Reviews;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.core.snapshot.Snapshots;
import dev.chaperone.core.yaml.ConfigurationException;
import dev.chaperone.journal.Entry;
import dev.chaperone.journal.Journal;
import dev.chaperone.journal.JournalSettings;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.journal.SegmentedJournal;
import dev.chaperone.wire.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running gateway. Closing it stops everything in order; nothing is left behind. */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final Opened opened;
  private final Reloading reloading;
  private final Optional<InetSocketAddress> web;
  private final Map<String, InetSocketAddress> listening;
  private final Optional<Path> authority;

  private Node(
      Opened opened,
      Reloading reloading,
      Optional<InetSocketAddress> web,
      Map<String, InetSocketAddress> listening,
      Optional<Path> authority) {
    this.opened = opened;
    this.reloading = reloading;
    this.web = web;
    this.listening = Map.copyOf(listening);
    this.authority = authority;
  }

  /**
   * Starts a gateway; returns when it listens. Blocks on the local disk alone, in proportion to
   * what the state file has not seen of the journal.
   *
   * @param file {@code chaperone.yaml}
   * @throws ConfigurationException when it cannot be used
   * @throws IOException when the data directory, the journal, a certificate or an address cannot be
   *     used; the message says which and what to do
   * @throws JournalUnavailableException when nothing can be recorded
   * @throws ProjectionUnavailableException when the state file can be neither used nor made
   */
  public static Node start(Path file, Clock clock)
      throws ConfigurationException,
          IOException,
          JournalUnavailableException,
          ProjectionUnavailableException {
    var opened = new Opened();
    boolean started = false;
    try {
      var node = start(InForce.load(file, clock), clock, opened);
      started = true;
      return node;
    } finally {
      if (!started) {
        opened.close();
      }
    }
  }

  private static Node start(InForce first, Clock clock, Opened opened)
      throws IOException, JournalUnavailableException, ProjectionUnavailableException {
    var configuration = first.configuration();
    var data = opened.add("the data directory", DataDirectory.open(configuration.data()));
    var journal = journal(data, configuration, clock, opened);
    var certificates = new Certificates(data, clock);
    var keys = new ServedKeys(certificates.of(configuration));
    var web = configuration.listen().web();
    var snapshots = new Snapshots(first.snapshot(""));
    var reloading =
        new Reloading(journal, clock, snapshots, certificates, keys, first, ReviewAddress.of(web));
    opened.add("sign-in", () -> reloading.inForce().signIn().close());
    snapshots.swap(first.snapshot(reloading.address(first)));
    reloading.recordStart();
    var sessions = new Sessions(journal, snapshots, clock);
    var projection = projection(data, journal, clock, opened);
    var reviews =
        opened.add(
            "reviews",
            new Reviews(
                journal,
                new ProjectedReviews(projection, journal.reader()),
                snapshots,
                () -> reloading.inForce().reviewSettings(),
                clock));
    opened.add("the watch", new Watch(journal, reloading, certificates, keys));
    var plane =
        new ControlPlane(
            journal,
            sessions,
            snapshots,
            () -> reloading.inForce().roles(),
            projection,
            reviews,
            reloading,
            List.of(published(data, journal)),
            clock);
    var api = api(plane, web, keys, opened);
    var served =
        Protocols.serve(
            data, configuration.listen(), sessions, reviews, new ServerTls(keys.context()), opened);
    return new Node(opened, reloading, api, served, certificates.authorityFile(configuration));
  }

  private static Journal journal(
      DataDirectory data, Configuration configuration, Clock clock, Opened opened)
      throws IOException, JournalUnavailableException {
    var folder = data.folder("journal");
    var origin = LogOrigin.of(folder, configuration.address());
    var journal = SegmentedJournal.open(folder, JournalSettings.of(origin));
    opened.add("the journal", () -> stop(journal, clock));
    journal.append(
        Entry.of(
            EntryTypes.NODE_STARTED,
            clock.instant(),
            fields -> fields.put("version", VersionCommand.version()).put("process", processId())));
    return journal;
  }

  private static void stop(Journal journal, Clock clock) throws JournalUnavailableException {
    try (journal) {
      if (journal.failure().isEmpty()) {
        journal.append(
            Entry.of(
                EntryTypes.NODE_STOPPED,
                clock.instant(),
                fields -> fields.put("process", processId())));
      }
    }
    journal.failure().ifPresent(why -> LOG.error("the journal did not close cleanly: {}", why));
  }

  private static Projection projection(
      DataDirectory data, Journal journal, Clock clock, Opened opened)
      throws IOException, JournalUnavailableException, ProjectionUnavailableException {
    var file = data.path().resolve("state.sqlite3");
    var projection =
        opened.add("the projection", Projection.open(file, journal.reader(), journal.origin()));
    var recovered = new Recovery(journal, projection, clock).run();
    if (recovered.sessions() > 0) {
      LOG.warn(
          "the gateway had stopped without ending {} sessions; {} commands are recorded as"
              + " interrupted, their outcome is unknown",
          recovered.sessions(),
          recovered.commands());
    }
    projection.start();
    return projection;
  }

  private static ControlPlane.PublishedLog published(DataDirectory data, Journal journal)
      throws IOException {
    var log = data.path().resolve("journal").resolve("log");
    var key = Files.readString(log.resolve("key.pub")).strip();
    return new ControlPlane.PublishedLog(journal.origin(), key, log);
  }

  private static Optional<InetSocketAddress> api(
      ControlPlane plane, @Nullable HostPort web, ServedKeys keys, Opened opened)
      throws IOException {
    if (web == null) {
      return Optional.empty();
    }
    var api = ControlApi.start(plane, web.socketAddress(), keys.context());
    opened.add("the API", api);
    return Optional.of(api.address());
  }

  private static long processId() {
    return ProcessHandle.current().pid();
  }

  /** Reads the configuration again; the outcome is recorded and logged. */
  public void reload(String by) {
    try {
      reloading.reload(by);
    } catch (ControlPlane.Reload.RefusedException e) {
      return; // it was logged and recorded where it was refused
    }
  }

  /** Where the API listens, if it does. */
  public Optional<InetSocketAddress> web() {
    return web;
  }

  /** Where protocols listen, by name. */
  public Map<String, InetSocketAddress> listening() {
    return listening;
  }

  /** What clients must trust, when the certificate is not from the configured files. */
  public Optional<Path> authority() {
    return authority;
  }

  /** Stops everything in order: listeners, sessions, API, journal. Blocks for that. */
  @Override
  public void close() {
    opened.close();
  }
}
