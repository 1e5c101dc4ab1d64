package dev.chaperone.benchmarks;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One way from the clients to the server.
 *
 * @param name as the report names it
 * @param port on the loopback
 * @param database as clients name it
 * @param user as clients name themselves
 * @param password never shown
 * @param authority what clients verify the TLS certificate by
 * @param process the program in between; null for none
 */
record Way(
    String name,
    int port,
    String database,
    String user,
    String password,
    Path authority,
    @Nullable Process process) {

  /** libpq's connection string, without the password. */
  String connection() {
    return "host=127.0.0.1 port=%d dbname=%s user=%s sslmode=verify-full sslrootcert=%s"
        .formatted(port, database, user, authority);
  }

  @Override
  public String toString() {
    return name;
  }
}
