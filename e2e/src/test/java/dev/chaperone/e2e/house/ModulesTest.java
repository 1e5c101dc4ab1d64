package dev.chaperone.e2e.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** The walls as the POMs hold them. */
class ModulesTest {
  /** Which of our modules each may have in its main code. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("journal", Set.of()),
          Map.entry("wire", Set.of()),
          Map.entry("sql", Set.of()),
          Map.entry("testing", Set.of()),
          Map.entry("core", Set.of("journal", "wire")),
          Map.entry("identity", Set.of("core")),
          Map.entry("protocols/postgres", Set.of("core", "journal", "wire", "sql")),
          Map.entry("control", Set.of("core", "identity", "journal")),
          Map.entry(
              "app", Set.of("core", "journal", "wire", "sql", "identity", "postgres", "control")),
          Map.entry("e2e", Set.of()),
          Map.entry("benchmarks", Set.of("testing")));

  /** A library stands in these modules' main code alone. */
  private static final Map<String, Set<String>> CONFINED =
      Map.of(
          "org.xerial", Set.of("control"),
          "io.helidon", Set.of("control"),
          "com.nimbusds", Set.of("identity", "testing", "app"),
          "run.endive", Set.of("sql"),
          "dev.cel", Set.of("core", "identity"),
          "info.picocli", Set.of("app"),
          "ch.qos.logback", Set.of("app"),
          "io.zonky", Set.of("app", "testing"));

  private record Dependency(String group, String artifact, String version, String scope) {
    boolean isMain() {
      return scope.isEmpty() || scope.equals("compile") || scope.equals("runtime");
    }
  }

  @Test
  void everyModuleHasARule() {
    assertThat(modules().keySet()).isEqualTo(new TreeSet<>(MAY_USE.keySet()));
  }

  @Test
  void modulesUseOnlyWhatTheyMay() {
    modules()
        .forEach((module, pom) ->
            assertThat(dependencies(pom))
                .as(module)
                .filteredOn(Dependency::isMain)
                .filteredOn(one -> one.group().equals("dev.chaperone"))
                .extracting(one -> one.artifact().replace("chaperone-", ""))
                .isSubsetOf(MAY_USE.getOrDefault(module, Set.of())));
  }

  @Test
  void librariesStayWhereTheyAreConfined() {
    var strays = new ArrayList<String>();
    modules()
        .forEach((module, pom) ->
            dependencies(pom).stream()
                .filter(Dependency::isMain)
                .forEach(one ->
                    CONFINED.forEach((library, allowed) -> {
                      if (one.group().startsWith(library) && !allowed.contains(module)) {
                        strays.add(module + " uses " + one.group());
                      }
                    })));
    assertThat(strays).isEmpty();
  }

  @Test
  void versionsStandInPropertiesAndArePinned() {
    modules()
        .forEach((module, pom) ->
            assertThat(dependencies(pom))
                .as(module)
                .extracting(Dependency::version)
                .allMatch(version -> version.isEmpty() || version.matches("\\$\\{[a-z0-9.-]+\\}")));
    var root = parse(Path.of("pom.xml"));
    assertThat(versions(root))
        .hasSizeGreaterThan(20)
        .noneMatch(version -> version.matches(".*(LATEST|RELEASE|[\\[(,]).*"));
  }

  private static Map<String, Document> modules() {
    var modules = new TreeMap<String, Document>();
    for (var name : texts(parse(Path.of("pom.xml")).getDocumentElement(), "module")) {
      modules.put(name, parse(Path.of(name, "pom.xml")));
    }
    return modules;
  }

  private static List<Dependency> dependencies(Document pom) {
    var found = new ArrayList<Dependency>();
    var nodes = pom.getElementsByTagName("dependency");
    for (int i = 0; i < nodes.getLength(); i++) {
      var one = (Element) nodes.item(i);
      found.add(
          new Dependency(
              child(one, "groupId"),
              child(one, "artifactId"),
              child(one, "version"),
              child(one, "scope")));
    }
    return found;
  }

  /** Of dependencies and plugins; what is configured inside a plugin may well be a range. */
  private static List<String> versions(Document pom) {
    var found = new ArrayList<String>();
    var nodes = pom.getElementsByTagName("version");
    for (int i = 0; i < nodes.getLength(); i++) {
      if (!nodes.item(i).getParentNode().getNodeName().equals("configuration")) {
        found.add(nodes.item(i).getTextContent().strip());
      }
    }
    return found;
  }

  private static String child(Element element, String name) {
    var nodes = element.getElementsByTagName(name);
    return nodes.getLength() == 0 ? "" : nodes.item(0).getTextContent().strip();
  }

  private static List<String> texts(Element element, String name) {
    var texts = new ArrayList<String>();
    var nodes = element.getElementsByTagName(name);
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent().strip());
    }
    return texts;
  }

  private static Document parse(Path file) {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(Sources.text(file))));
    } catch (javax.xml.parsers.ParserConfigurationException
        | org.xml.sax.SAXException
        | java.io.IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }
}
