package dev.chaperone.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Documents that can be relied on: every link leads somewhere, and every document is linked. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]+\\]\\(([^)\\s]+)\\)");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");

  @Test
  void everyLinkResolves() {
    var broken = new ArrayList<String>();
    int links = 0;
    for (var document : Sources.withEnding(".md")) {
      for (var link : linksOf(document)) {
        links++;
        if (!resolves(document, link)) {
          broken.add(document + " -> " + link);
        }
      }
    }
    assertThat(links).isGreaterThan(10);
    assertThat(broken).isEmpty();
  }

  @Test
  void everyDocumentIsReachedFromTheReadme() {
    var reached = new HashSet<Path>();
    follow(Path.of("README.md"), reached);
    assertThat(Sources.withEnding(".md"))
        .filteredOn(document -> document.startsWith("docs") || document.getNameCount() == 1)
        .allSatisfy(document -> assertThat(reached).contains(document));
  }

  @Test
  void theReadmeIsOneScreen() {
    assertThat(Sources.lines(Path.of("README.md")).size()).isLessThanOrEqualTo(45);
  }

  @Test
  void everyDecisionSaysWhatARecordSays() {
    var records =
        Sources.withEnding(".md").stream()
            .filter(file -> file.startsWith("docs/decisions"))
            .filter(file -> !file.endsWith("README.md"))
            .toList();
    assertThat(records)
        .isNotEmpty()
        .allSatisfy(record -> {
          var text = Sources.text(record);
          assertThat(record.getFileName().toString()).matches("\\d{4}-[a-z0-9-]+\\.md");
          assertThat(text).startsWith("# " + record.getFileName().toString().substring(0, 4));
          assertThat(text)
              .contains("**Context.**", "**Decision.**", "**Rejected.**", "**Consequence.**");
        });
  }

  private static void follow(Path document, Set<Path> reached) {
    if (!reached.add(document) || !document.toString().endsWith(".md")) {
      return;
    }
    for (var link : linksOf(document)) {
      var target = target(document, link);
      if (target == null) {
        continue;
      }
      if (Files.isDirectory(Sources.root().resolve(target))) {
        Sources.withEnding(".md").stream()
            .filter(file -> target.equals(file.getParent()))
            .forEach(file -> follow(file, reached));
      } else if (Files.exists(Sources.root().resolve(target))) {
        follow(target, reached);
      }
    }
  }

  private static List<String> linksOf(Path document) {
    var prose = FENCE.matcher(Sources.text(document)).replaceAll("");
    return LINK.matcher(prose).results().map(match -> match.group(1)).toList();
  }

  private static boolean resolves(Path document, String link) {
    var target = target(document, link);
    if (target == null) {
      return true; // an address in the world outside
    }
    if (!Files.exists(Sources.root().resolve(target))) {
      return false;
    }
    int anchor = link.indexOf('#');
    return anchor < 0 || headings(target).contains(link.substring(anchor + 1));
  }

  private static @Nullable Path target(Path document, String link) {
    if (link.contains("://") || link.startsWith("mailto:")) {
      return null;
    }
    var path = link.replaceFirst("#.*", "");
    return path.isEmpty() ? document : document.resolveSibling(path).normalize();
  }

  /** The anchors that GitHub makes of a document's headings. */
  private static List<String> headings(Path document) {
    return FENCE
        .matcher(Sources.text(document))
        .replaceAll("")
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
