package dev.chaperone.postgres.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.masking.ColumnName;
import dev.chaperone.core.masking.MaskWith;
import dev.chaperone.core.masking.Masking;
import dev.chaperone.postgres.catalogue.Catalogue;
import dev.chaperone.postgres.catalogue.CatalogueLoader;
import dev.chaperone.postgres.catalogue.JdbcQuery;
import dev.chaperone.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Masks are kept for as long as what they were made of, and no longer. */
class ResolvedMasksTest {
  private final ResolvedMasks masks = new ResolvedMasks(new byte[32]);

  private static Masking of(String column) {
    var name = new ColumnName(null, "public", "people", column);
    return new Masking(List.of(new Masking.Mask("mask", List.of(name), new MaskWith.Redact())));
  }

  private static Catalogue catalogue() throws Exception {
    var postgres = TestPostgres.shared();
    try (var connection = postgres.superuser(postgres.createDatabase())) {
      return CatalogueLoader.load(new JdbcQuery(connection));
    }
  }

  @Test
  void equalMaskingIsResolvedOnceForACatalogue() throws Exception {
    var seen = catalogue();

    assertThat(masks.of(of("email"), seen)).isSameAs(masks.of(of("email"), seen));
  }

  @Test
  void anotherMaskingOrCatalogueIsResolvedAnew() throws Exception {
    var seen = catalogue();
    var first = masks.of(of("email"), seen);

    assertThat(masks.of(of("name"), seen)).isNotSameAs(first);
    var again = masks.of(of("email"), seen);
    assertThat(masks.of(of("email"), catalogue())).isNotSameAs(again);
  }
}
