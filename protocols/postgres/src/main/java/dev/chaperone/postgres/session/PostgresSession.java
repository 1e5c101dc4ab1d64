package dev.chaperone.postgres.session;

import dev.chaperone.core.gate.Gate;
import dev.chaperone.core.review.Approvals;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.core.session.EntryTypes;
import dev.chaperone.core.session.Session;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.journal.JournalUnavailableException;
import dev.chaperone.postgres.catalogue.CatalogueLoader;
import dev.chaperone.postgres.handshake.CancelKey;
import dev.chaperone.postgres.handshake.Upstream;
import dev.chaperone.postgres.handshake.UpstreamConnector;
import dev.chaperone.postgres.handshake.UpstreamException;
import dev.chaperone.postgres.wire.MessageReader;
import dev.chaperone.postgres.wire.ProtocolViolationException;
import dev.chaperone.sql.SqlReader;
import dev.chaperone.wire.Connection;
import dev.chaperone.wire.SessionThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client on one server, from the moment when both are signed in to the end of both. */
public final class PostgresSession {
  /** How long the server may take to finish what the client still asked before it left. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  /** The first questions read the whole catalogue: each may take so many times a usual step. */
  private static final int FIRST_ANSWERS = 6;

  private final Services services;
  private final Session session;
  private final Connection client;
  private final Upstream upstream;
  private final PostgresOwn own = new PostgresOwn();
  private final InFlight inFlight = new InFlight();
  private final Standstill standstill = new Standstill();
  private final Gate gate;
  private final Gate.ToResource toResource;
  private final Gate.ToClient toClient;
  private final HeldClient heldClient;
  private volatile Session.@Nullable End clientsEnd;

  /**
   * What every session needs.
   *
   * @param hashKey the key of {@code hash} masks
   */
  public record Services(
      Sessions sessions,
      Approvals approvals,
      SqlReader sql,
      UpstreamConnector connector,
      Catalogues catalogues,
      Cancels cancels,
      SessionThreads threads,
      HashKey hashKey) {}

  /** Takes both connections over; the caller closes them afterwards all the same. */
  public PostgresSession(Services services, Session session, Connection client, Upstream upstream) {
    this.services = services;
    this.session = session;
    this.client = client;
    this.upstream = upstream;
    this.gate =
        new Gate(
            session,
            services.sessions()::snapshot,
            services.approvals(),
            services.sessions().clock());
    this.toResource = new Gate.ToResource(upstream.connection().sink(), session);
    this.toClient = new Gate.ToClient(client.sink(), session);
    this.heldClient = new HeldClient(toClient, own, client.input());
  }

  /**
   * Serves the session to its end. Blocks; ends with both connections closed.
   *
   * @param clientApplication what the client calls itself, or an empty text
   * @param cancelKeyBytes how long the secret is that the client gets to cancel with
   */
  public void serve(String clientApplication, int cancelKeyBytes)
      throws IOException, JournalUnavailableException {
    upstream.connection().readTimeout(services.connector().timeout().multipliedBy(FIRST_ANSWERS));
    var catalogueKey = catalogueKey();
    var questions = new StartupQuestions(toResource, upstream.reader(), own);
    LateSettings.set(upstream.unset(), questions);
    var loaded = catalogue(catalogueKey, questions);
    var state =
        new SessionState(
            session.opening().database(),
            loaded.catalogue(),
            ServerSettings.ask(questions),
            new ApplicationName(
                upstream.parameters().getOrDefault("application_name", ""), clientApplication));
    var showing = new Showing(gate, toClient, own);
    upstream.connection().readTimeout(Duration.ZERO);
    var running = new Running(session, gate, state, showing, inFlight, services.hashKey().bytes());
    var responses =
        new ResponsePump(
            upstream.reader(),
            inFlight,
            state,
            showing,
            running,
            () -> services.catalogues().invalidate(catalogueKey));
    var conversation =
        new Conversation(
            new Conversation.Parts(
                session,
                gate,
                toResource,
                inFlight,
                state,
                own,
                services.sql(),
                services.catalogues(),
                catalogueKey,
                heldClient),
            loaded);
    var ending =
        new Ending(client, upstream, toClient, own, inFlight, heldClient, this::cancelUpstream);
    session.onEnd(() -> ending.begin(session));
    session.onRetire(() -> standstill.stop(() -> inFlight.isEmpty() && state.status() == 'I'));
    try (var key = services.cancels().register(upstream.process(), cancelKeyBytes, this::cancel)) {
      greet(clientApplication, key.key());
      pump(conversation, responses);
      ending.hear();
    } finally {
      responses.abandon();
    }
  }

  private String catalogueKey() {
    var target = session.target();
    return target.name()
        + " "
        + target.host()
        + ":"
        + target.port()
        + "/"
        + session.opening().database();
  }

  private Catalogues.Loaded catalogue(String key, StartupQuestions questions) throws IOException {
    var shared = services.catalogues().find(key);
    if (shared.isPresent() && shared.get().isFresh()) {
      var seen = CatalogueLoader.seenBy(questions, shared.get().catalogue());
      return new Catalogues.Loaded(seen, shared.get().nanos());
    }
    long began = System.nanoTime();
    var loaded = new Catalogues.Loaded(CatalogueLoader.load(questions), began);
    services.catalogues().put(key, loaded);
    return loaded;
  }

  private void greet(String clientApplication, CancelKey key)
      throws IOException, JournalUnavailableException {
    var parameters = new LinkedHashMap<>(upstream.parameters());
    parameters.put("application_name", clientApplication);
    toClient.write(own.greeting(parameters, key, 'I'));
    toClient.flush();
  }

  private void pump(Conversation conversation, ResponsePump responses) {
    var answered = new CountDownLatch(1);
    services
        .threads()
        .start(
            "responses-" + session.id(),
            () -> {
              try {
                endAfter(() -> serveResponses(responses), "the target");
              } finally {
                answered.countDown();
              }
            });
    endAfter(() -> serveRequests(conversation, answered), "the client");
    try {
      // Both connections are closed or closing, so this is short; the bound is for the unforeseen.
      if (!answered.await(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS)) {
        upstream.connection().close();
        answered.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Session.End serveRequests(Conversation conversation, CountDownLatch answered)
      throws IOException, InterruptedException, JournalUnavailableException {
    var end = new RequestPump(new MessageReader(client.input()), conversation, standstill).run();
    clientsEnd = end; // before the target hears of it, whose end follows from it
    conversation.send(own.terminate());
    conversation.flush();
    answered.await(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
    return end;
  }

  private static Session.End serveResponses(ResponsePump responses)
      throws IOException, JournalUnavailableException {
    responses.run();
    return new Session.End("upstream", "the target closed the connection");
  }

  private interface Pump {
    Session.End run() throws IOException, InterruptedException, JournalUnavailableException;
  }

  /** Runs a pump and ends the session with it, whatever became of it. */
  private void endAfter(Pump pump, String reader) {
    Session.End end;
    try {
      end = pump.run();
    } catch (UpstreamException e) {
      end = new Session.End("upstream", String.valueOf(e.getMessage()));
    } catch (ProtocolViolationException e) {
      end = new Session.End("protocol", "protocol violation by " + reader + ": " + e.getMessage());
    } catch (IOException e) {
      end = new Session.End("left", "a connection failed: " + e.getMessage());
    } catch (JournalUnavailableException e) {
      end = new Session.End("journal", "nothing can be recorded, so nothing may run");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end = new Session.End("shutdown", "the gateway is stopping");
    } catch (RuntimeException | Error e) {
      services.sessions().report("a session failed unexpectedly", e);
      end = new Session.End("protocol", "an internal error; nothing more is forwarded");
    }
    var clients = clientsEnd;
    session.end(clients == null ? end : clients);
  }

  /** A client presented the session's key. */
  private void cancel() {
    try {
      session.append(EntryTypes.CANCEL, session::describe);
    } catch (JournalUnavailableException e) {
      return; // what cannot be recorded does not reach the resource; the session ends by itself
    }
    if (!heldClient.interrupt(Waiting.Interruption.CANCELLED)) {
      cancelUpstream();
    }
  }

  private void cancelUpstream() {
    try {
      services.connector().cancel(session.target(), upstream);
    } catch (IOException e) {
      services.sessions().report("a cancel request did not reach the target", e);
    }
  }
}
