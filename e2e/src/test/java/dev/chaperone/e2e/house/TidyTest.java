package dev.chaperone.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How sources look. A rule that is broken names every file and line that breaks it. */
class TidyTest {
  private static final int LONGEST_METHOD_LINES = 70;
  private static final int LONGEST_FILE_LINES = 400;

  private static final Pattern NOT_OF_A_WORD = Pattern.compile("\\W+");

  /** This file speaks of what it forbids. */
  private static final Path THIS =
      Path.of("e2e/src/test/java/dev/chaperone/e2e/house/TidyTest.java");

  /** Where test code sleeps, and why no condition could be awaited there. */
  private static final Map<String, String> SLEEPS =
      Map.of(
          "Await.java", "the one place that awaits a condition, with a bound",
          "DiscoveryTest.java", "plays an issuer whose answer drips",
          "Faults.java", "delays bytes because a test asks for a slow network",
          "HandshakeTest.java", "plays a client whose handshake drips",
          "ListenerTest.java", "plays a client whose bytes trickle",
          "UpstreamHandshakeTest.java", "plays a target whose handshake drips");

  /** Programs of tests that print, and to whom. */
  private static final Map<String, String> PRINT =
      Map.of(
          "Bench.java", "./build bench runs it, and its report is what it prints",
          "Ledger.java", "a child process tells the test what was acknowledged",
          "ProjectionKillTest.java", "a child process tells the test that it runs",
          "Throughput.java", "run by hand, prints what it measures");

  /** Main classes that nothing names in Java, and who does. */
  private static final Map<String, String> STARTED_FROM_OUTSIDE =
      Map.of(
          "Main", "./chaperone starts it",
          "Bench", "./build bench starts it",
          "VariableTable", "the guide to policies is held against it");

  @Test
  void methodsAreShort() {
    var methods = Methods.in(Sources.java());
    assertThat(methods).hasSizeGreaterThan(100);
    assertThat(methods).filteredOn(one -> one.lines() > LONGEST_METHOD_LINES).isEmpty();
  }

  @Test
  void filesAreShort() {
    assertThat(Sources.java())
        .hasSizeGreaterThan(50)
        .filteredOn(file -> Sources.lines(file).size() > LONGEST_FILE_LINES)
        .isEmpty();
  }

  @Test
  void nothingIsLeftToDoInAComment() {
    assertNowhere(
        Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b"), Sources.withEnding(".java", ".sh", ".xml"));
  }

  @Test
  void onlyTheTerminalsOwnCodeWritesToTheTerminal() {
    assertNowhere(
        Pattern.compile("\\bSystem\\.(out|err)\\b|\\.printStackTrace\\(\\)"),
        Sources.java().stream()
            .filter(file -> !file.startsWith("app/src/main/java/dev/chaperone/app/cli"))
            .filter(file -> !file.startsWith("app/src/main/java/dev/chaperone/app/demo"))
            .filter(file -> !file.endsWith("app/Main.java"))
            .filter(file -> !PRINT.containsKey(file.getFileName().toString()))
            .toList());
  }

  @Test
  void testsDoNotSleepForLuck() {
    assertNowhere(
        Pattern.compile("\\bThread\\.sleep\\(|\\bTimeUnit\\.[A-Z]+\\.sleep\\("),
        Sources.java().stream()
            .filter(Sources::isTest)
            .filter(file -> !SLEEPS.containsKey(file.getFileName().toString()))
            .toList());
  }

  @Test
  void everyExceptionToARuleIsStillNeeded() {
    var names =
        Sources.java().stream()
            .map(file -> file.getFileName().toString())
            .collect(Collectors.toSet());
    assertThat(names).containsAll(SLEEPS.keySet()).containsAll(PRINT.keySet());
  }

  @Test
  void everyPackageDeclaresItsNulls() {
    var folders = new TreeSet<Path>();
    for (var file : Sources.java()) {
      if (file.toString().contains("src/main/java") || file.startsWith("e2e")) {
        folders.add(file.getParent());
      }
    }
    assertThat(folders)
        .isNotEmpty()
        .allSatisfy(folder -> {
          var info = folder.resolve("package-info.java");
          assertThat(Sources.root().resolve(info)).exists();
          assertThat(Sources.text(info)).contains("@NullMarked").contains("/**");
        });
  }

  @Test
  void nothingHoldsATab() {
    assertNowhere(
        Pattern.compile("\t"), Sources.withEnding(".java", ".xml", ".md", ".yaml", ".sh", ".json"));
  }

  @Test
  void nothingIsSuppressedWithoutAReason() {
    var unexplained = new ArrayList<String>();
    for (var file : Sources.java()) {
      var lines = Sources.lines(file);
      for (int i = 0; i < lines.size(); i++) {
        boolean explained =
            (i > 0 && lines.get(i - 1).strip().startsWith("//"))
                || lines.subList(i, Math.min(i + 3, lines.size())).stream()
                    .anyMatch(line -> line.contains("//"));
        if (lines.get(i).contains("@Suppress" + "Warnings(") && !explained) {
          unexplained.add(place(file, i));
        }
      }
    }
    assertThat(unexplained).isEmpty();
  }

  @Test
  void nothingSpeaksOfSomebodysMachine() {
    assertNowhere(
        Pattern.compile("(?<![\\w.])/(work|home|Users|root)/[a-z]|\\b[A-Z]:\\\\Users"),
        Sources.withEnding(".java", ".xml", ".md", ".yaml", ".sh", ".json", ".properties"));
  }

  @Test
  void nothingHoldsASecret() {
    var secret =
        Pattern.compile(
            "-----BEGIN [A-Z ]*PRIVATE KEY-----\\s*[A-Za-z0-9+/=\\s]{40}"
                + "|\\beyJ[\\w-]{20,}\\.eyJ[\\w-]{20,}\\.[\\w-]{20,}"
                + "|\\bAKIA[A-Z0-9]{16}\\b|\\bgh[pousr]_\\w{36}");
    assertThat(Sources.all())
        .hasSizeGreaterThan(100)
        .filteredOn(TidyTest::isText)
        .filteredOn(file -> secret.matcher(Sources.text(file)).find())
        .isEmpty();
    assertThat(Sources.withEnding(".pem", ".key", ".p12", ".jks")).isEmpty();
  }

  @Test
  void nothingIsLeftOver() {
    assertThat(Sources.withEnding(".orig", ".rej", ".bak", "~", ".swp", ".log", ".class"))
        .isEmpty();
    assertThat(Sources.all())
        .allSatisfy(file -> assertThat(Sources.root().resolve(file)).isNotEmptyFile());
  }

  @Test
  void everyClassIsUsedBySomethingThatIsNotATest() {
    var main =
        Sources.java().stream()
            .filter(file -> file.toString().contains("src/main/java"))
            .filter(file -> !file.startsWith("testing"))
            .filter(file -> !file.endsWith("package-info.java"))
            .toList();
    var words = main.stream().collect(Collectors.toMap(file -> file, TidyTest::words));
    var unused = new ArrayList<Path>();
    for (var file : main) {
      var name = file.getFileName().toString().replace(".java", "");
      boolean used =
          words.entrySet().stream()
              .anyMatch(other -> !other.getKey().equals(file) && other.getValue().contains(name));
      if (!used && !STARTED_FROM_OUTSIDE.containsKey(name)) {
        unused.add(file);
      }
    }
    assertThat(unused).isEmpty();
  }

  private static Set<String> words(Path file) {
    return NOT_OF_A_WORD.splitAsStream(Sources.text(file)).collect(Collectors.toSet());
  }

  private static boolean isText(Path file) {
    var name = file.toString();
    return !name.endsWith(".wasm")
        && !name.endsWith(".bin")
        && !name.endsWith(".gz")
        && !name.endsWith(".jar")
        && !name.endsWith(".png");
  }

  private static void assertNowhere(Pattern forbidden, List<Path> files) {
    assertThat(files).isNotEmpty();
    var places = new ArrayList<String>();
    for (var file : files) {
      if (file.equals(THIS)) {
        continue;
      }
      var lines = Sources.lines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (forbidden.matcher(lines.get(i)).find()) {
          places.add(place(file, i) + ": " + lines.get(i).strip());
        }
      }
    }
    assertThat(places).as("lines that match " + forbidden).isEmpty();
  }

  private static String place(Path file, int line) {
    return file + ":" + (line + 1);
  }
}
