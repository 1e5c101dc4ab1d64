package dev.chaperone.control.api;

import dev.chaperone.core.identity.SignInRefusedException;
import dev.chaperone.core.session.Sessions;
import dev.chaperone.core.session.SignInGuard;
import dev.chaperone.journal.JournalUnavailableException;

/** Turns a call's bearer token into its caller. A failure is recorded and slowed down. */
final class Authentication {
  private final ControlPlane plane;
  private final SignInGuard guard;

  Authentication(ControlPlane plane) {
    this.plane = plane;
    this.guard = new SignInGuard(plane.clock());
  }

  /** The caller; blocks on the issuer's keys, and a while after a failure. */
  Caller caller(Call call) throws Problem, JournalUnavailableException, InterruptedException {
    var origin = call.origin();
    if (!guard.hears(origin)) {
      throw Problem.tooManyFailures();
    }
    var token = call.bearer();
    if (token.isEmpty()) {
      throw Problem.signInNeeded("a bearer token is needed");
    }
    try {
      var signedIn = plane.snapshots().get().signIn().signIn(token.get());
      var roles = plane.roles().get();
      var identity = signedIn.identity();
      return new Caller(
          signedIn, roles.isAdministrator(identity), roles.isAuditor(identity), origin);
    } catch (SignInRefusedException e) {
      var penalty = guard.failed(origin);
      plane
          .sessions()
          .recordFailedSignIn(
              new Sessions.FailedSignIn(
                  "api",
                  origin,
                  e.issuer(),
                  null,
                  String.valueOf(e.getMessage()),
                  penalty.unheard()));
      Thread.sleep(penalty.delay());
      throw Problem.signInRefused(String.valueOf(e.getMessage()));
    }
  }
}
