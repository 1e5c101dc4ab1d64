package dev.chaperone.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.CatalogueLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CataloguesTest {
  private final Catalogues catalogues = new Catalogues();

  @Test
  void theNewestCountsWhoeverComesLast() {
    var older = loaded();
    var newer = loaded();
    catalogues.put("d", newer);
    catalogues.put("d", older);
    assertThat(catalogues.find("d")).containsSame(newer);
  }

  @Test
  void whatWasBeingReadWhenSomethingChangedIsNotShared() {
    var reading = loaded();
    catalogues.invalidate("d");
    catalogues.put("d", reading);
    assertThat(catalogues.find("d")).isEmpty();
    var after = loaded();
    catalogues.put("d", after);
    assertThat(catalogues.find("d")).containsSame(after);
  }

  @Test
  void aChangeInOneDatabaseLeavesTheOthersAlone() {
    var loaded = loaded();
    catalogues.put("d", loaded);
    catalogues.invalidate("e");
    assertThat(catalogues.find("d")).containsSame(loaded);
  }

  private static Catalogues.Loaded loaded() {
    long before = System.nanoTime();
    long now = System.nanoTime();
    while (now == before) {
      now = System.nanoTime();
    }
    return new Catalogues.Loaded(empty(), now);
  }

  /** That of a database without anything in it. */
  private static Catalogue empty() {
    try {
      return CatalogueLoader.load(sql ->
          sql.contains("current_database")
              ? List.of(Arrays.asList("d", "180000", "app", null, "f"))
              : List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
