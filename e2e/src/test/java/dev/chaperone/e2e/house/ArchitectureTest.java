package dev.chaperone.e2e.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.chaperone.core.gate.OwnTraffic;
import dev.chaperone.wire.RawSink;
import java.net.Socket;
import java.nio.channels.Channel;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One sentence a dependency rule. CONTRIBUTING.md lists them for people. */
class ArchitectureTest {
  private static final String OURS = "dev.chaperone..";

  /** Every protocol's package; a new protocol adds its own. */
  private static final List<String> PROTOCOLS = List.of("postgres");

  /** Who may write to a peer before there is a session, and so before there is a gate. */
  private static final Set<String> HANDSHAKES =
      Set.of(
          "dev.chaperone.postgres.handshake.Authentication",
          "dev.chaperone.postgres.handshake.ClientGreeting",
          "dev.chaperone.postgres.handshake.UpstreamConnector",
          "dev.chaperone.postgres.handshake.UpstreamSignIn",
          "dev.chaperone.postgres.handshake.UpstreamTls");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.chaperone");

  @Test
  void journalKnowsTheJdkAJsonReaderAndAnEd25519Alone() {
    classes()
        .that()
        .resideInAPackage("dev.chaperone.journal..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.chaperone.journal..",
                "java..",
                "tools.jackson.core..",
                "org.bouncycastle..",
                "org.jspecify.annotations.."))
        .check(CLASSES);
  }

  @Test
  void wireKnowsTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage("dev.chaperone.wire..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.chaperone.wire..", "java..", "javax.net..", "org.jspecify.annotations.."))
        .check(CLASSES);
  }

  @Test
  void sqlKnowsNothingElseOfOurs() {
    knowsOfOurs("sql");
  }

  @Test
  void testingKnowsNothingElseOfOurs() {
    knowsOfOurs("testing");
  }

  @Test
  void coreKnowsJournalAndWire() {
    knowsOfOurs("core", "journal", "wire");
  }

  @Test
  void identityKnowsCore() {
    knowsOfOurs("identity", "core");
  }

  @Test
  void protocolsKnowCoreWireAndSqlAndNeverEachOther() {
    PROTOCOLS.forEach(protocol -> knowsOfOurs(protocol, "core", "journal", "wire", "sql"));
  }

  @Test
  void controlKnowsCoreIdentityAndJournalAndNoProtocol() {
    knowsOfOurs("control", "core", "identity", "journal");
  }

  @Test
  void everyPackageBelongsToAModuleWithARule() {
    classes()
        .should()
        .resideInAnyPackage(
            Stream.concat(
                    Stream.of(
                        "journal", "wire", "sql", "core", "identity", "control", "app", "testing"),
                    PROTOCOLS.stream())
                .map(ArchitectureTest::packagesOf)
                .toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void decidingMaskingAndDescribingDoNoInputOutputAndLogNothing() {
    noClasses()
        .that()
        .resideInAnyPackage(pure())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.net..",
            "javax.net..",
            "java.sql..",
            "org.slf4j..",
            "java.util.logging..")
        .check(CLASSES);
  }

  @Test
  void decidingMaskingAndDescribingReadNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage(pure())
        .should()
        .callCodeUnitWhere(describe("read a clock", ArchitectureTest::readsAClock))
        .check(CLASSES);
  }

  @Test
  void onlyTheGateAndTheHandshakesWriteToAPeer() {
    noClasses()
        .that(
            not(resideInAnyPackage("dev.chaperone.core.gate", "dev.chaperone.wire"))
                .and(not(handshakes())))
        .should()
        .callMethodWhere(JavaCall.Predicates.target(With.owner(assignableTo(RawSink.class))))
        .check(CLASSES);
  }

  @Test
  void protocolsHoldNoSocketsButInHandshakes() {
    PROTOCOLS.forEach(protocol ->
        noClasses()
            .that()
            .resideInAPackage(packagesOf(protocol))
            .and(not(handshakes()))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Socket.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Channel.class)
            .check(CLASSES));
  }

  @Test
  void everyProtocolHasExactlyOneClassForItsOwnTraffic() {
    var byProtocol =
        CLASSES.stream()
            .filter(one -> one.isAssignableTo(OwnTraffic.class))
            .filter(one -> !one.isEquivalentTo(OwnTraffic.class))
            .collect(groupingBy(one -> protocolOf(one)));
    assertThat(byProtocol.keySet()).containsExactlyInAnyOrderElementsOf(PROTOCOLS);
    assertThat(byProtocol).allSatisfy((protocol, own) -> assertThat(own).hasSize(1));
  }

  @Test
  void nothingIsNamedByAnEmptyWord() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameStartingWith("Abstract")
        .check(CLASSES);
  }

  @Test
  void nothingIsFoundByAServiceLoader() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ServiceLoader.class).check(CLASSES);
  }

  @Test
  void noFrameworkFillsAField() {
    noFields()
        .that()
        .areNotFinal()
        .should()
        .beAnnotatedWith(describe("an annotation of a framework", ArchitectureTest::isOfAFramework))
        .check(CLASSES);
  }

  @Test
  void onlyTheProgramEndsTheProgram() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.chaperone.app.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }

  private static void knowsOfOurs(String module, String... others) {
    var allowed =
        Stream.concat(Stream.of(module), Arrays.stream(others))
            .map(ArchitectureTest::packagesOf)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(packagesOf(module))
        .should()
        .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAnyPackage(allowed))))
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> handshakes() {
    return describe("are a handshake", one -> HANDSHAKES.contains(outermost(one).getName()));
  }

  private static boolean readsAClock(JavaCall<?> call) {
    var owner = call.getTargetOwner();
    return switch (call.getTarget().getName()) {
      case "now" -> owner.getPackageName().startsWith("java.time");
      case "currentTimeMillis", "nanoTime" -> owner.isEquivalentTo(System.class);
      case String other -> owner.isAssignableTo(Clock.class);
    };
  }

  private static boolean isOfAFramework(JavaAnnotation<?> annotation) {
    var of = annotation.getRawType().getPackageName();
    return Stream.of("java.lang", "org.jspecify", "com.google.errorprone")
        .noneMatch(of::startsWith);
  }

  /** The third part of the package's name: {@code dev.chaperone.postgres} and below. */
  private static String protocolOf(JavaClass one) {
    return List.of(one.getPackageName().split("\\.", -1)).get(2);
  }

  private static String packagesOf(String module) {
    return "dev.chaperone." + module + "..";
  }

  private static String[] pure() {
    return new String[] {
      "dev.chaperone.core.policy..", "dev.chaperone.core.masking..", "dev.chaperone.core.command.."
    };
  }

  private static JavaClass outermost(JavaClass one) {
    return one.getEnclosingClass().map(ArchitectureTest::outermost).orElse(one);
  }
}
