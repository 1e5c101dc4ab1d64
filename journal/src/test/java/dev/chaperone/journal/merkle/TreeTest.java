package dev.chaperone.journal.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeTest {
  /** The entries and roots that the Certificate Transparency implementations share as vectors. */
  private static final List<String> ENTRIES =
      List.of(
          "",
          "00",
          "10",
          "2021",
          "3031",
          "40414243",
          "5051525354555657",
          "606162636465666768696a6b6c6d6e6f");

  private static final List<String> ROOTS =
      List.of(
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
          "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
          "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
          "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
          "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
          "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

  private final TreeHasher hasher = new TreeHasher();

  @Test
  void rootsAreThoseOfRfc6962() {
    TreeEdge edge = new TreeEdge(hasher);
    assertThat(hex(edge.root()))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (int i = 0; i < ENTRIES.size(); i++) {
      edge.append(hasher.leaf(HexFormat.of().parseHex(ENTRIES.get(i))), (_, _) -> {});
      assertThat(hex(edge.root())).as("size " + (i + 1)).isEqualTo(ROOTS.get(i));
    }
  }

  @Test
  void theEdgeHasTheRootThatTheDefinitionGives() {
    TreeEdge edge = new TreeEdge(hasher);
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < 1100; i++) {
      Hash leaf = hasher.leaf(ByteBuffer.allocate(4).putInt(i).array());
      leaves.add(leaf);
      edge.append(leaf, (_, _) -> {});
      if (i % 37 == 0 || (i + 1) % 256 < 3) {
        assertThat(edge.root()).as("size " + (i + 1)).isEqualTo(definition(leaves));
      }
    }
  }

  /** RFC 6962, section 2.1, word for word. */
  private Hash definition(List<Hash> leaves) {
    int n = leaves.size();
    if (n == 1) {
      return leaves.getFirst();
    }
    int k = Integer.highestOneBit(n - 1);
    return hasher.node(definition(leaves.subList(0, k)), definition(leaves.subList(k, n)));
  }

  @Test
  void aTreeOfSeventyThousandHasTheTilesOfTheSpecification() {
    TreeEdge edge = new TreeEdge(hasher);
    Map<Integer, Integer> full = new TreeMap<>();
    Hash leaf = hasher.leaf(new byte[0]);
    for (int i = 0; i < 70_000; i++) {
      edge.append(leaf, (tile, _) -> full.merge(tile.level(), 1, Integer::sum));
    }
    assertThat(full).containsExactly(Map.entry(0, 273), Map.entry(1, 1));
    List<String> partial = new ArrayList<>();
    edge.forEachPartial((tile, _) -> partial.add(tile.toString()));
    assertThat(partial).containsExactly("tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1");
  }

  @Test
  void anEdgeContinuesFromItsPartialTiles() {
    TreeEdge edge = new TreeEdge(hasher);
    for (int i = 0; i < 600; i++) {
      edge.append(hasher.leaf(new byte[] {(byte) i}), (_, _) -> {});
    }
    List<List<Hash>> partials = new ArrayList<>();
    edge.forEachPartial((_, hashes) -> partials.add(hashes));
    TreeEdge again = new TreeEdge(new TreeHasher(), 600, partials);
    for (int i = 0; i < 500; i++) {
      Hash leaf = hasher.leaf(new byte[] {(byte) i, 1});
      edge.append(leaf, (_, _) -> {});
      again.append(leaf, (_, _) -> {});
    }
    assertThat(again.root()).isEqualTo(edge.root());
    assertThatIllegalArgumentException().isThrownBy(() -> new TreeEdge(hasher, 601, partials));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 256, tile/0/000",
    "0, 5, 256, tile/0/005",
    "1, 1234067, 256, tile/1/x001/x234/067",
    "0, 1234067, 8, tile/0/x001/x234/067.p/8",
    "-1, 1000, 256, tile/entries/x001/000",
    "-1, 999, 255, tile/entries/999.p/255",
  })
  void pathsAreThoseOfTheSpecification(int level, long index, int width, String path) {
    TilePath tile = new TilePath(level, index, width);
    assertThat(tile).hasToString(path);
    assertThat(TilePath.parse(path)).contains(tile);
  }

  @ParameterizedTest
  @CsvSource({
    "tile/0/00",
    "tile/0/0000",
    "tile/0/x000/001",
    "tile/00/001",
    "tile/7/001",
    "tile/64/001",
    "tile/0/001.p/0",
    "tile/0/001.p/256",
    "tile/0/001.p/01",
    "tile/0/001.p/",
    "tile/0/001/",
    "tile/0/001/002",
    "tile/0/x001",
    "tile/data/001",
    "/tile/0/001",
    "tile/0/-01",
  })
  void thereIsOneWayToWriteAPath(String path) {
    assertThat(TilePath.parse(path)).isEmpty();
  }

  @Test
  void anyTextIsAPathOrNone() {
    long seed = 11;
    Random random = new Random(seed);
    String alphabet = "tile/entries/0123456789x.p/";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder path = new StringBuilder("tile/0/x001/x234/067.p/8");
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        path.setCharAt(random.nextInt(path.length()), c);
      }
      TilePath.parse(path.toString())
          .ifPresent(tile -> assertThat(tile).as("seed " + seed).hasToString(path.toString()));
    }
  }

  @Test
  void bundlesAndTilesAreReadBackAndAnyBytesAreRead() {
    long seed = 13;
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      List<byte[]> entries = new ArrayList<>();
      for (int n = random.nextInt(20); n > 0; n--) {
        byte[] entry = new byte[random.nextInt(300)];
        random.nextBytes(entry);
        entries.add(entry);
      }
      byte[] bundle = EntryBundle.encode(entries);
      EntryBundle.Decoded decoded = EntryBundle.decode(bundle);
      assertThat(decoded.rest()).isZero();
      assertThat(decoded.entries()).usingElementComparator(Arrays::compare).isEqualTo(entries);
      if (bundle.length > 0) {
        bundle[random.nextInt(bundle.length)] ^= (byte) (1 + random.nextInt(255));
      }
      EntryBundle.Decoded changed = EntryBundle.decode(bundle);
      int read = changed.entries().stream().mapToInt(e -> e.length + 2).sum();
      assertThat(read + changed.rest()).as("seed " + seed).isEqualTo(bundle.length);
      List<Hash> hashes = HashTile.decode(bundle);
      assertThat(hashes).hasSize(bundle.length / Hash.BYTES);
      assertThat(HashTile.encode(hashes))
          .isEqualTo(Arrays.copyOf(bundle, hashes.size() * Hash.BYTES));
    }
  }

  private static String hex(Hash hash) {
    byte[] bytes = new byte[Hash.BYTES];
    hash.copyTo(bytes, 0);
    return HexFormat.of().formatHex(bytes);
  }
}
