package dev.chaperone.core.gate;

import static dev.chaperone.core.gate.Asked.frames;
import static dev.chaperone.core.gate.Asked.moot;
import static dev.chaperone.core.gate.Asked.select;
import static dev.chaperone.core.gate.Asked.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chaperone.core.review.Approvals.Ask;
import dev.chaperone.core.review.Approvals.Decision;
import dev.chaperone.core.review.CommandDigest;
import dev.chaperone.core.review.Waiting;
import dev.chaperone.core.scene.Scene;
import dev.chaperone.core.session.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class GateHoldTest {
  private static final String ONE =
      """
      rules:
        - {name: all, when: 'true', then: allow}
        - {name: first, when: 'true', then: hold, reviewers: {groups: [dba]}, message: ask first}
      """;
  private static final String TWO =
      ONE + "  - {name: second, when: 'true', then: hold, reviewers: {groups: [sec]}}\n";
  private static final String DENY =
      ONE + "  - {name: frozen, when: 'true', then: deny, message: change freeze}\n";

  private final Deciders deciders = new Deciders();
  private final Scene scene;
  private final Session session;
  private final Gate gate;

  GateHoldTest(@TempDir Path directory) throws Exception {
    this.scene = Scene.of(directory, ONE);
    this.session = scene.open();
    this.gate = new Gate(session, scene.snapshots(), deciders, scene.clock());
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void whatIsHeldIsDurableBeforeAnyoneIsAsked() throws Exception {
    var seen = new java.util.ArrayList<JsonNode>();
    deciders.then(ask -> {
      // Only what is durable can be read.
      try {
        scene
            .journal()
            .reader()
            .forEach(
                0, scene.journal().reader().size(), (_, entry) -> seen.add(read(entry.json())));
      } catch (java.io.IOException e) {
        throw new AssertionError(e);
      }
      return new Decision.Granted(Deciders.REVIEW, ask.hold().rules(), List.of("dora"));
    });
    assertThat(admit(waiting())).isInstanceOf(Gate.Permit.class);
    var held = seen.getLast();
    assertThat(held.path("type").stringValue()).isEqualTo("held");
    assertThat(held.path("digest").stringValue())
        .isEqualTo(CommandDigest.of(session, select("DELETE")).hex());
    var decided = scene.entries("decided").getFirst();
    assertThat(decided.path("review").stringValue()).isEqualTo("r-1");
    assertThat(decided.path("command")).isEqualTo(held.path("command"));
  }

  @Test
  void aDenialThatCameMeanwhileWinsOverTheGrant() throws Exception {
    deciders.then(changing(DENY));
    var refusal = (Passage.Refusal) admit(waiting());
    assertThat(refusal.reason()).isEqualTo(Passage.Reason.DENIED);
    assertThat(refusal.rules()).containsExactly("frozen");
    assertThat(refusal.review()).isEqualTo(Deciders.REVIEW);
    assertThat(deciders.asks()).hasSize(1);
  }

  @Test
  void aHoldByARuleThatNobodyGrantedAsksAgain() throws Exception {
    deciders.then(changing(TWO)).thenGrant();
    assertThat(admit(waiting())).isInstanceOf(Gate.Permit.class);
    assertThat(deciders.asks()).hasSize(2);
    assertThat(deciders.asks().get(0).hold().rules()).containsExactly("first");
    assertThat(deciders.asks().get(1).hold().rules()).containsExactly("first", "second");
    assertThat(scene.entries("held")).hasSize(2);
    assertThat(scene.entries("decided")).hasSize(1);
  }

  @Test
  void aGrantUnderARuleThatMeanwhileAsksOtherPeopleIsAskedAnew() throws Exception {
    scene.policy(ONE);
    for (var stricter :
        new String[] {ONE.replace("[dba]", "[owners]"), ONE.replace("[dba]", "[dba], count: 2")}) {
      assertThat(stricter).isNotEqualTo(ONE);
      scene.policy(ONE);
      deciders.then(changing(stricter)).thenGrant();
      assertThat(admit(waiting())).isInstanceOf(Gate.Permit.class);
    }
    assertThat(deciders.asks()).hasSize(4);
  }

  @Test
  void aHoldThatNobodyRefusedIsNotGrantedByAnotherRulesGrant() throws Exception {
    scene.policy(TWO);
    deciders
        .then(_ -> new Decision.Granted(Deciders.REVIEW, List.of("first"), List.of("dora")))
        .then(ask -> new Decision.Refused(Deciders.REVIEW, "sam", "no"));
    assertThat(((Passage.Refusal) admit(waiting())).reason()).isEqualTo(Passage.Reason.REFUSED);
  }

  @Test
  void aRuleThatWasLiftedMeanwhileNeedsNoFurtherGrant() throws Exception {
    deciders.then(changing(Scene.ALLOW_ALL));
    assertThat(admit(waiting())).isInstanceOf(Gate.Permit.class);
  }

  @Test
  void whatCanNeverRunAsksNobody() throws Exception {
    var refusal = (Passage.Refusal) admit(moot());
    assertThat(refusal.reason()).isEqualTo(Passage.Reason.MOOT);
    assertThat(deciders.asks()).isEmpty();
    assertThat(scene.entries("held")).isEmpty();
  }

  @Test
  void aRefusalSaysByWhomAndWhy() throws Exception {
    deciders.then(_ -> new Decision.Refused(Deciders.REVIEW, "sam", "too late"));
    var refusal = refused(waiting(), Passage.Reason.REFUSED, "refused");
    assertThat(refusal.message()).isEqualTo("refused by sam: too late");
  }

  @Test
  void anExpiryACancelAndAPendingReviewEachHaveTheirReason() throws Exception {
    deciders.then(_ -> new Decision.Expired(Deciders.REVIEW));
    refused(waiting(), Passage.Reason.EXPIRED, "expired");
    deciders.then(_ -> new Decision.Cancelled(Deciders.REVIEW));
    refused(waiting(), Passage.Reason.CANCELLED, "cancelled");
    deciders.then(_ -> new Decision.Pending(Deciders.REVIEW));
    var pending = refused(waiting(), Passage.Reason.PENDING, "pending");
    assertThat(pending.message()).isEqualTo("ask first");
    assertThat(pending.review()).isEqualTo(Deciders.REVIEW);
  }

  @Test
  void aPendingReviewOfAClientThatLeftSaysSo() throws Exception {
    var waiting = waiting();
    deciders.then(_ -> {
      waiting.interrupt(Waiting.Interruption.LEFT);
      return new Decision.Pending(Deciders.REVIEW);
    });
    refused(waiting, Passage.Reason.LEFT, "left");
  }

  @Test
  void tooManyReviewsAreARefusalWithoutAReview() throws Exception {
    deciders.then(_ -> new Decision.TooMany(5));
    var refusal = refused(waiting(), Passage.Reason.TOO_MANY_REVIEWS, "too-many-reviews");
    assertThat(refusal.review()).isNull();
    assertThat(refusal.message()).contains("5");
  }

  @Test
  void aPreparationIsNotHeld() throws Exception {
    assertThat(gate.prepare(select("DELETE"), "", frames("x"))).isInstanceOf(Gate.Permit.class);
    assertThat(deciders.asks()).isEmpty();
  }

  private Function<Ask, Decision> changing(String policy) {
    return ask -> {
      scene.policy(policy);
      return new Decision.Granted(Deciders.REVIEW, ask.hold().rules(), List.of("dora"));
    };
  }

  private Passage admit(Waiting waiting) throws Exception {
    return gate.admit(select("DELETE"), frames("DELETE"), waiting);
  }

  private Passage.Refusal refused(Waiting waiting, Passage.Reason reason, String word)
      throws Exception {
    var refusal = (Passage.Refusal) admit(waiting);
    assertThat(refusal.reason()).isEqualTo(reason);
    var entry = scene.entries("decided").getLast();
    assertThat(entry.path("reason").stringValue()).isEqualTo(word);
    assertThat(entry.path("verdict").stringValue()).isEqualTo("deny");
    assertThat(entry.path("command").stringValue()).isEqualTo(refusal.command());
    return refusal;
  }

  private static JsonNode read(String json) {
    return tools.jackson.databind.json.JsonMapper.shared().readTree(json);
  }
}
