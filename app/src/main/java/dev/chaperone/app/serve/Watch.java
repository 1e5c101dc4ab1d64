package dev.chaperone.app.serve;

import dev.chaperone.app.tls.ServedKeys;
import dev.chaperone.journal.Journal;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a running gateway on a thread of its own: renews its certificate, and says on the log
 * when nothing is admitted any more because nothing can be recorded.
 */
final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final int ROUNDS_BETWEEN_RENEWALS = 3_600;

  private final Journal journal;
  private final Reloading reloading;
  private final Certificates certificates;
  private final ServedKeys keys;
  private final Thread thread;
  private boolean told;

  Watch(Journal journal, Reloading reloading, Certificates certificates, ServedKeys keys) {
    this.journal = journal;
    this.reloading = reloading;
    this.certificates = certificates;
    this.keys = keys;
    this.thread = Thread.ofVirtual().name("watch").start(this::watch);
  }

  private void watch() {
    try {
      for (int round = 1; ; round++) {
        Thread.sleep(ROUND);
        tell();
        if (round % ROUNDS_BETWEEN_RENEWALS == 0) {
          renew();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell() {
    var failure = journal.failure();
    if (failure.isPresent() && !told) {
      told = true;
      LOG.error(
          "nothing is admitted any more, since nothing can be recorded: {}; "
              + "repair the cause and restart",
          failure.get());
    }
  }

  private void renew() {
    var configuration = reloading.inForce().configuration();
    try {
      if (certificates.isDue(configuration, keys.current())) {
        keys.exchange(certificates.of(configuration));
        LOG.info("the gateway's certificate was renewed");
      }
    } catch (IOException e) {
      LOG.error("the gateway's certificate could not be renewed: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
