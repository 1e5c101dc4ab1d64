package dev.chaperone.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.identity.Identity.Kind;
import dev.chaperone.testing.TestIssuer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who acts and for whom, by {@code act} (RFC 8693, 4.1) and by the settings' expressions. */
class DelegationTest {
  private static final String BY_ACT = "has(claims.act) ? 'agent' : 'person'";
  private static final TestIssuer ISSUER = TestIssuer.start();

  @AfterAll
  static void stop() {
    ISSUER.close();
  }

  @Test
  void theActorIsTheIdentityAndNeverHasThePersonsGroups() throws Exception {
    var token =
        ISSUER
            .token("ann")
            .groups("dba")
            .email("ann@example.com")
            .intent("clean up")
            .actor("bot", Map.of("groups", List.of("bots"), "name", "Bot"))
            .sign();
    try (var signIn = Setup.open(Setup.settings(ISSUER, BY_ACT))) {
      var signedIn = signIn.signIn(token);
      var agent = signedIn.identity();
      var person = Objects.requireNonNull(agent.onBehalfOf());
      assertThat(agent.subject()).isEqualTo("bot");
      assertThat(agent.kind()).isEqualTo(Kind.AGENT);
      assertThat(agent.name()).isEqualTo("Bot");
      assertThat(agent.email()).isNull();
      assertThat(agent.groups()).containsExactly("bots");
      assertThat(agent.claims()).doesNotContainKey("email");
      assertThat(person.subject()).isEqualTo("ann");
      assertThat(person.kind()).isEqualTo(Kind.PERSON);
      assertThat(person.groups()).containsExactly("dba");
      assertThat(person.claims()).doesNotContainKey("act");
      assertThat(agent.askers())
          .containsExactlyInAnyOrder(ISSUER.issuer() + " bot", ISSUER.issuer() + " ann");
      assertThat(signedIn.mayReview()).isFalse();
      assertThat(signedIn.intent().text()).isEqualTo("clean up");
      assertThat(signIn.signIn(ISSUER.token("ann").sign()).mayReview()).isTrue();
    }
  }

  @Test
  void anActorWithoutGroupsHasNone() throws Exception {
    try (var signIn = Setup.open(Setup.settings(ISSUER, "agent"))) {
      var token = ISSUER.token("ann").groups("dba").actor("bot", Map.of()).sign();
      var agent = signIn.signIn(token).identity();
      assertThat(agent.groups()).isEmpty();
      assertThat(Objects.requireNonNull(agent.onBehalfOf()).kind()).isEqualTo(Kind.PERSON);
    }
  }

  @Test
  void whoActedBeforeStandsInTheClaimsAndTwoIsTheLimit() throws Exception {
    try (var signIn = Setup.open(Setup.settings(ISSUER, BY_ACT))) {
      var two = Map.of("sub", "first");
      var agent =
          signIn.signIn(ISSUER.token("ann").actor("second", Map.of("act", two)).sign()).identity();
      assertThat(agent.subject()).isEqualTo("second");
      assertThat(Objects.requireNonNull(agent.onBehalfOf()).subject()).isEqualTo("ann");
      assertThat(agent.claims()).containsEntry("act", two);

      var three = Map.of("act", Map.of("sub", "second", "act", two));
      assertThat(Setup.refusal(signIn, ISSUER.token("ann").actor("third", three).sign()))
          .hasMessageContaining("deeper than 2");
    }
  }

  @Test
  void actorsThatAreNoneAreRefused() {
    try (var signIn = Setup.open(Setup.settings(ISSUER, BY_ACT))) {
      var badActors =
          List.of(
              Map.of(),
              Map.of("sub", ""),
              Map.of("sub", 7),
              Map.of("sub", "bot\u202e"),
              Map.of("sub", "bot", "act", "x"),
              Map.of("sub", "bot", "act", Map.of()),
              Map.of("sub", "bot", "groups", 7),
              Map.of("sub", "bot", "iss", "https://elsewhere.example"),
              Map.of("sub", "bot", "iss", List.of(ISSUER.issuer())));
      for (var actor : badActors) {
        assertThat(Setup.refusal(signIn, ISSUER.token("ann").claim("act", actor).sign()))
            .as("%s", actor)
            .satisfies(refusal -> assertThat(refusal.issuer()).isEqualTo(Setup.NAME));
      }
    }
  }

  @Test
  void theKindMayBeTakenFromAClaim() throws Exception {
    try (var signIn = Setup.open(Setup.settings(ISSUER, "claims.kind"))) {
      for (var kind : Kind.values()) {
        var token = ISSUER.token("x").claim("kind", kind.word()).sign();
        assertThat(signIn.signIn(token).identity().kind()).isEqualTo(kind);
      }
      for (var bad : List.of("Person", "root", 7, List.of("person"))) {
        assertThat(Setup.refusal(signIn, ISSUER.token("x").claim("kind", bad).sign()))
            .hasMessageContaining("kind");
      }
      assertThat(Setup.refusal(signIn, ISSUER.token("x").sign())).hasMessageContaining("missing");
    }
  }

  @Test
  void groupsMayBeAnywhere() throws Exception {
    var expression = "claims.realm_access.roles.filter(r, r.startsWith('db-'))";
    try (var signIn = Setup.open(Setup.settings(ISSUER, "person", expression, null))) {
      var access = Map.of("roles", List.of("db-admin", "other"));
      var token = ISSUER.token("ann").claim("realm_access", access).sign();
      assertThat(signIn.signIn(token).identity().groups()).containsExactly("db-admin");
      assertThat(signIn.signIn(ISSUER.token("ann").sign()).identity().groups()).isEmpty();
    }
    try (var signIn = Setup.open(Setup.settings(ISSUER, "person"))) {
      var one = ISSUER.token("ann").claim("groups", "dba").sign();
      assertThat(signIn.signIn(one).identity().groups()).containsExactly("dba");
    }
  }

  @Test
  void thePersonKeyIsTheSameHoweverItIsWritten() throws Exception {
    try (var signIn = Setup.open(Setup.settings(ISSUER, "person", null, "claims.email"))) {
      var plain = signIn.signIn(ISSUER.token("1").email("ann@example.com").sign()).identity();
      var loud = signIn.signIn(ISSUER.token("2").email("Ann@EXAMPLE.com").sign()).identity();
      assertThat(loud.personKey()).isEqualTo(plain.personKey()).isEqualTo("ann@example.com");
      for (var bad : List.of("", " ", 7, List.of("ann@example.com"))) {
        assertThat(Setup.refusal(signIn, ISSUER.token("1").claim("email", bad).sign()))
            .hasMessageContaining("person");
      }
      assertThat(Setup.refusal(signIn, ISSUER.token("1").sign())).hasMessageContaining("missing");
    }
  }

  @Test
  void anExpressionThatGrowsWithoutBoundIsStopped() {
    var cubic = "claims.l.map(a, claims.l.map(b, claims.l.map(c, 'x'))).size() > 0 ? 'person' : ''";
    try (var signIn = Setup.open(Setup.settings(ISSUER, cubic))) {
      var sixty = Collections.nCopies(60, "x");
      assertThat(Setup.refusal(signIn, ISSUER.token("ann").claim("l", sixty).sign()))
          .hasMessageContaining("kind");
    }
  }
}
