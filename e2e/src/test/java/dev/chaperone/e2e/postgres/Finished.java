package dev.chaperone.e2e.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a program that ran to its end has said. */
record Finished(int status, String out, String err) {
  /** Runs a program; fails when it takes longer than the bound. */
  static Finished run(ProcessBuilder program, Duration bound) throws Exception {
    var process = program.start();
    process.getOutputStream().close();
    var out = read(process.getInputStream());
    var err = read(process.getErrorStream());
    if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(program.command() + " did not end within " + bound);
    }
    return new Finished(process.exitValue(), out.join(), err.join());
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        Thread::startVirtualThread);
  }
}
