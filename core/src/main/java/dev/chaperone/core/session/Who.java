package dev.chaperone.core.session;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.journal.Fields;

/** How identities and intents stand in entries. */
public final class Who {
  private Who() {}

  /** The identity in short: issuer, subject, kind and, nested, on whose behalf. */
  public static void inShort(Fields fields, Identity identity) {
    fields
        .put("issuer", identity.issuer())
        .put("subject", identity.subject())
        .put("kind", identity.kind().word());
    var person = identity.onBehalfOf();
    if (person != null) {
      fields.object("onBehalfOf", inner -> inShort(inner, person));
    }
  }

  /** The identity in full, as a session's opening records it: no claims, no token. */
  public static void inFull(Fields fields, Identity identity) {
    fields
        .put("issuer", identity.issuer())
        .put("subject", identity.subject())
        .put("kind", identity.kind().word())
        .putIfPresent("name", identity.name())
        .putIfPresent("email", identity.email())
        .put("groups", identity.groups())
        .put("person", identity.personKey());
    var credential = identity.credential();
    fields.object(
        "credential",
        inner ->
            inner
                .put("keyId", credential.keyId())
                .put("digest", credential.digest())
                .put("issued", credential.issued())
                .put("expires", credential.expires())
                .put("authenticated", credential.authenticated()));
    var person = identity.onBehalfOf();
    if (person != null) {
      fields.object("onBehalfOf", inner -> inFull(inner, person));
    }
  }

  /** The field {@code intent}, where something is stated. */
  public static void intent(Fields fields, Intent intent) {
    if (!intent.isEmpty()) {
      fields.object(
          "intent",
          inner ->
              inner
                  .putIfPresent("text", intent.text())
                  .putIfPresent("ticket", intent.ticket())
                  .putIfPresent("trace", intent.trace()));
    }
  }
}
