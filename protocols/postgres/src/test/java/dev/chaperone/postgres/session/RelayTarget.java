package dev.chaperone.postgres.session;

import dev.chaperone.testing.PgFrame;
import dev.chaperone.testing.RawPostgres;
import dev.chaperone.testing.TestPostgres;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A target without TLS that answers with what a real server says, until it is told to lie. Serves
 * each connection on a thread of its own.
 */
final class RelayTarget implements AutoCloseable {
  /** What to send in the place of a message from the server; null ends the connection. */
  interface Lie {
    byte @Nullable [] instead(PgFrame truth);
  }

  /** A whole connection, from its first byte. */
  interface Script {
    void serve(DataInputStream in, OutputStream out) throws IOException;
  }

  private static final Lie TRUTH = PgFrame::bytes;

  private final TestPostgres postgres;
  private final String database;
  private final ServerSocket listener;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private volatile Lie lie = TRUTH;
  private volatile @Nullable Script script;

  RelayTarget(TestPostgres postgres, String database) throws IOException {
    this.postgres = postgres;
    this.database = database;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("relay-accept").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** From now on, in every connection. */
  void lie(Lie next) {
    lie = next;
  }

  void tellTheTruth() {
    lie = TRUTH;
    script = null;
  }

  /** New connections are served by this. */
  void script(Script next) {
    script = next;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        open.add(socket);
        Thread.ofVirtual().name("relay").start(() -> serve(socket));
      } catch (IOException e) {
        // Closed, which ends the loop.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        var in = new DataInputStream(socket.getInputStream());
        var out = socket.getOutputStream()) {
      var scripted = script;
      if (scripted != null) {
        scripted.serve(in, out);
      } else {
        relay(in, out);
      }
    } catch (IOException | RawPostgres.EndOfStream e) {
      // The gateway left, or the server did.
    } finally {
      open.remove(socket);
    }
  }

  private void relay(DataInputStream in, OutputStream out) throws IOException {
    in.readNBytes(in.readInt() - 4);
    try (var server =
        RawPostgres.tls(
            postgres.host(), postgres.port(), postgres.certificates().clientContext())) {
      var greeting =
          server.signIn(
              Map.of(
                  "user",
                  TestPostgres.APP,
                  "database",
                  database,
                  "client_encoding",
                  "UTF8",
                  "backslash_quote",
                  "safe_encoding"),
              TestPostgres.APP_PASSWORD);
      for (var frame : greeting) {
        if (frame.type() != 'R' || ByteBuffer.wrap(frame.body()).getInt() == 0) {
          out.write(frame.bytes());
        }
      }
      while (true) {
        int type = in.read();
        if (type < 0 || type == 'X') {
          return;
        }
        server.send(PgFrame.of((char) type, in.readNBytes(in.readInt() - 4)));
        if (type == 'Q' || type == 'S') {
          answer(server, out, true);
        } else if (type == 'H') {
          answer(server, out, false);
        }
      }
    }
  }

  private void answer(RawPostgres server, OutputStream out, boolean toReady) throws IOException {
    while (true) {
      var frame = toReady ? server.read() : server.poll(Duration.ofMillis(200));
      if (frame == null) {
        return;
      }
      var instead = lie.instead(frame);
      if (instead == null) {
        throw new IOException("ended by the lie");
      }
      out.write(instead);
      if (frame.type() == 'Z') {
        return;
      }
    }
  }

  /** Messages one after the other as bytes. */
  static byte[] joined(PgFrame... frames) {
    var all = new ArrayList<byte[]>();
    int length = 0;
    for (var frame : frames) {
      all.add(frame.bytes());
      length += frame.bytes().length;
    }
    var joined = ByteBuffer.allocate(length);
    all.forEach(joined::put);
    return joined.array();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (var socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
