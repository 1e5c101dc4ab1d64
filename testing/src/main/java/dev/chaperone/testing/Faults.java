package dev.chaperone.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A TCP proxy on a loopback port between a client and a server, which cuts, delays, stalls and
 * captures. What is set counts for open connections and for new ones. Safe for many threads.
 */
public final class Faults implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int MAX_CAPTURED_BYTES = 16 << 20;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Which way bytes go. */
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  private static final class Way {
    private Duration delay = Duration.ZERO;
    private boolean stalled;
    private long bytesLeft = Long.MAX_VALUE;
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
  }

  private final Object lock = new Object();
  private final Way toServer = new Way();
  private final Way toClient = new Way();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ServerSocket listener;
  private final InetSocketAddress server;
  private volatile boolean refusing;

  private Faults(ServerSocket listener, InetSocketAddress server) {
    this.listener = listener;
    this.server = server;
  }

  /** Starts a proxy before this server. */
  public static Faults before(String host, int port) {
    try {
      var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      var faults = new Faults(listener, new InetSocketAddress(host, port));
      Thread.ofVirtual().name("faults-accept").start(faults::accept);
      return faults;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients connect, on the loopback. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Ends every open connection with a reset on both sides. */
  public void cut() {
    for (var socket : open) {
      reset(socket);
    }
    open.clear();
  }

  /** Whether new connections are reset at once. */
  public void refuse(boolean on) {
    refusing = on;
  }

  /** Resets both sides once this many more bytes have gone this way, over all connections. */
  public void cutAfter(Direction direction, long bytes) {
    synchronized (lock) {
      way(direction).bytesLeft = bytes;
    }
  }

  /** Holds back every piece that goes this way for so long. */
  public void delay(Direction direction, Duration duration) {
    synchronized (lock) {
      way(direction).delay = duration;
    }
  }

  /** Lets nothing through this way, without closing, until it is turned off. */
  public void stall(Direction direction, boolean on) {
    synchronized (lock) {
      way(direction).stalled = on;
      lock.notifyAll();
    }
  }

  /** What has been forwarded this way, over all connections; at most 16 MiB are kept. */
  public byte[] captured(Direction direction) {
    synchronized (lock) {
      return way(direction).captured.toByteArray();
    }
  }

  /** How many sockets are open, two for each connection. */
  public int openSockets() {
    return open.size();
  }

  private Way way(Direction direction) {
    return switch (direction) {
      case TO_SERVER -> toServer;
      case TO_CLIENT -> toClient;
    };
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        open.add(client);
        if (refusing) {
          end(client);
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // Closed, which ends the loop, or a client that left before it was accepted.
      }
    }
  }

  private void connect(Socket client) {
    var upstream = new Socket();
    open.add(upstream);
    try {
      upstream.connect(server, (int) CONNECT_TIMEOUT.toMillis());
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException e) {
      end(client);
      end(upstream);
      return;
    }
    Thread.ofVirtual().name("faults-up").start(() -> copy(Direction.TO_SERVER, client, upstream));
    Thread.ofVirtual().name("faults-down").start(() -> copy(Direction.TO_CLIENT, upstream, client));
  }

  private void copy(Direction direction, Socket from, Socket to) {
    var buffer = new byte[BUFFER_BYTES];
    try {
      var in = from.getInputStream();
      var out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        int allowed = pass(direction, buffer, read);
        out.write(buffer, 0, allowed);
        out.flush();
        if (allowed < read) {
          throw new IOException("cut");
        }
      }
      to.shutdownOutput();
    } catch (IOException e) {
      end(from);
      end(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (to.isOutputShutdown() && from.isOutputShutdown()) {
        end(from);
        end(to);
      }
    }
  }

  /** Waits as told, and says how many of these bytes may pass. */
  private int pass(Direction direction, byte[] bytes, int length) throws InterruptedException {
    var way = way(direction);
    Duration delay;
    synchronized (lock) {
      delay = way.delay;
    }
    if (delay.isPositive()) {
      Thread.sleep(delay);
    }
    synchronized (lock) {
      while (way.stalled && !listener.isClosed()) {
        lock.wait();
      }
      int allowed = (int) Math.min(length, way.bytesLeft);
      if (way.bytesLeft != Long.MAX_VALUE) {
        way.bytesLeft -= allowed;
      }
      int kept = Math.min(allowed, MAX_CAPTURED_BYTES - way.captured.size());
      way.captured.write(bytes, 0, kept);
      return allowed;
    }
  }

  private void end(Socket socket) {
    open.remove(socket);
    reset(socket);
  }

  private static void reset(Socket socket) {
    try {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.close();
    } catch (IOException e) {
      // It was closed already, which is what is wanted.
    }
  }

  /** Closes the listener and every connection. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      synchronized (lock) {
        lock.notifyAll();
      }
      cut();
    }
  }
}
