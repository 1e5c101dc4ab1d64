package dev.chaperone.journal.merkle;

import dev.chaperone.journal.log.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The tiles and bundles of a log's directory. */
public final class TileStore {
  private final Path log;

  /**
   * Names the directory; nothing is read yet.
   *
   * @param log the directory that is served
   */
  public TileStore(Path log) {
    this.log = log;
  }

  public Path file(TilePath tile) {
    return log.resolve(tile.toString());
  }

  /**
   * Reads a tile, and of a file that is longer than any tile one byte too many. Empty if there is
   * none.
   */
  public Optional<byte[]> read(TilePath tile) throws IOException {
    int limit = tile.isBundle() ? EntryBundle.MAX_BYTES : HashTile.MAX_BYTES;
    try (InputStream in = Files.newInputStream(file(tile))) {
      return Optional.of(in.readNBytes(limit + 1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  public boolean exists(TilePath tile) {
    return Files.isRegularFile(file(tile));
  }

  /** Puts a tile in place; a full one makes its partial ones superfluous. */
  public void put(Durable files, TilePath tile, byte[] content) throws IOException {
    files.put(file(tile), content);
  }

  /** Removes the partial forms of a full tile that is durable. */
  public void removePartials(Durable files, TilePath tile) throws IOException {
    files.deleteDirectory(partials(tile));
  }

  /** The directory of the partial forms of a tile. */
  public Path partials(TilePath tile) {
    Path full = file(tile.full());
    return full.resolveSibling(full.getFileName() + ".p");
  }
}
