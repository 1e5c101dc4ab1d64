package dev.chaperone.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Accepts connections on one address, at most so many at a time; those beyond it are closed at
 * once. Each is served on a virtual thread of its own, so that a slow one holds nobody up, and many
 * silent ones take nothing that others need.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 512;

  private final ServerSocket server;
  private final int maxConnections;
  private final Consumer<Connection> serve;
  private final String name;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Listener(
      ServerSocket server, String name, int maxConnections, Consumer<Connection> serve) {
    this.server = server;
    this.name = name;
    this.maxConnections = maxConnections;
    this.serve = serve;
  }

  /**
   * Binds and starts accepting.
   *
   * @param name for thread names
   * @param address port 0 picks a free one
   * @param maxConnections how many are served at once
   * @param serve serves one connection to its end; the listener closes it afterwards
   */
  public static Listener open(
      String name, InetSocketAddress address, int maxConnections, Consumer<Connection> serve)
      throws IOException {
    var server = new ServerSocket();
    try {
      server.setReuseAddress(true);
      server.bind(address, BACKLOG);
    } catch (IOException e) {
      server.close();
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
    var listener = new Listener(server, name, maxConnections, serve);
    Thread.ofPlatform().daemon().name(name + "-accept").start(listener::accept);
    return listener;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  private void accept() {
    while (!closed.get()) {
      try {
        take(server.accept());
      } catch (IOException e) {
        if (!closed.get()) {
          pause(); // out of file handles, most likely: the next accept would fail at once
        }
      }
    }
  }

  private void take(Socket socket) {
    Connection connection;
    try {
      connection = new Connection(socket);
    } catch (IOException e) {
      Closing.quietly(socket);
      return;
    }
    open.add(connection);
    if (open.size() > maxConnections || closed.get()) {
      open.remove(connection);
      connection.close();
      return;
    }
    Thread.ofVirtual()
        .name(name + "-" + connection.peer().getPort())
        .start(() -> serve(connection));
  }

  private void serve(Connection connection) {
    try {
      serve.accept(connection);
    } finally {
      connection.close();
      open.remove(connection);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops accepting; what is open goes on. */
  public void stopAccepting() {
    closed.set(true);
    Closing.quietly(server);
  }

  /** Stops accepting and closes every connection. */
  @Override
  public void close() {
    stopAccepting();
    open.forEach(Connection::close);
  }
}
