package dev.chaperone.control.api;

import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API, over TLS alone. Each request runs on a virtual thread of its own; connections,
 * headers, bodies and idle times are bounded.
 */
public final class ControlApi implements AutoCloseable {
  /** Where the API's paths begin. */
  public static final String BASE = "/api/v1";

  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);
  private static final int MAX_CONNECTIONS = 1_000;

  /** A token may have 16 KiB; the rest is for the other headers. */
  private static final int MAX_HEADERS = 24 << 10;

  private static final Duration READ = Duration.ofSeconds(20);
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final WebServer server;
  private final InetSocketAddress address;

  private ControlApi(WebServer server, InetSocketAddress address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Starts serving; returns when the address is bound.
   *
   * @param bind where to listen; port 0 for any
   * @param tls holds the certificate and its key
   * @throws IOException if the address cannot be bound; the message names it
   */
  public static ControlApi start(ControlPlane plane, InetSocketAddress bind, SSLContext tls)
      throws IOException {
    var router = router(plane);
    try {
      var server =
          WebServer.builder()
              .shutdownHook(false)
              .featuresDiscoverServices(false)
              .protocolsDiscoverServices(false)
              .addProtocol(http())
              .bindAddress(bind)
              .tls(tls(tls))
              .maxTcpConnections(MAX_CONNECTIONS)
              .maxPayloadSize(Call.MAX_BODY)
              .idleConnectionTimeout(IDLE)
              .connectionOptions(options -> options.readTimeout(READ))
              .directHandlers(problems())
              .routing(routing ->
                  routing
                      .any(router)
                      .error(
                          RuntimeException.class,
                          (request, response, e) -> {
                            LOG.error("{} failed", request.prologue().method(), e);
                            Router.write(Problem.internal().answer(), response);
                          }))
              .build()
              .start();
      if (!server.isRunning()) {
        // The server only logs why it could not; nearly always another process has the address.
        throw new IOException("cannot listen on " + bind + "; is the address in use?");
      }
      return new ControlApi(server, new InetSocketAddress(bind.getAddress(), server.port()));
    } catch (IllegalStateException | UncheckedIOException e) {
      throw new IOException("cannot listen on " + bind + ": " + cause(e), e);
    }
  }

  private static Router router(ControlPlane plane) {
    var authentication = new Authentication(plane);
    var router = new Router();
    new ReviewCalls(plane, authentication).addTo(router, BASE);
    new SessionCalls(plane, authentication).addTo(router, BASE);
    new OtherCalls(plane, authentication).addTo(router, BASE);
    var health = new HealthCalls(plane);
    health.addTo(router, "");
    health.addTo(router, BASE);
    new LogCalls(plane, authentication).addTo(router);
    return router;
  }

  private static Http1Config http() {
    return Http1Config.builder()
        .maxHeadersSize(MAX_HEADERS)
        .maxPrologueLength(4 << 10)
        .validatePath(true)
        .build();
  }

  private static Tls tls(SSLContext context) {
    return Tls.builder()
        .sslContext(context)
        .enabledProtocols(List.of("TLSv1.3", "TLSv1.2"))
        .build();
  }

  /** What the server refuses before any route sees it. */
  private static DirectHandlers problems() {
    var handlers = DirectHandlers.builder();
    for (var type : DirectHandler.EventType.values()) {
      handlers.addHandler(
          type,
          (request, event, status, headers, message) -> {
            var response =
                DirectHandler.TransportResponse.builder()
                    .status(status)
                    .keepAlive(event.keepAlive())
                    .header(HeaderNames.CONTENT_TYPE, "application/problem+json")
                    .entity(Problem.ofStatus(status.code(), status.reasonPhrase()).body());
            SecurityHeaders.all()
                .forEach((name, value) -> response.header(HeaderNames.create(name), value));
            return response.build();
          });
    }
    return handlers.build();
  }

  private static String cause(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return String.valueOf(cause.getMessage());
      }
    }
    return String.valueOf(e.getMessage());
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** Uses another certificate for the connections to come. */
  public void reloadTls(SSLContext tls) {
    server.reloadTls(tls(tls));
  }

  /** Stops accepting, lets the requests under way end for a short while, then ends them. */
  @Override
  public void close() {
    server.stop();
  }
}
