package dev.chaperone.core.session;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.journal.Fields;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How identities and intents stand in entries; each text in a bounded number of bytes. */
public final class Who {
  private static final int KEY_BYTES = 1_500;
  private static final int DIGEST_BYTES = 71;
  private static final int NAME_BYTES = 300;
  private static final int GROUPS_BYTES = 12_000;
  private static final int INTENT_BYTES = 3_000;
  private static final int REFERENCE_BYTES = 1_000;

  private Who() {}

  /** The identity in short: issuer, subject, kind and, nested, on whose behalf. */
  public static void inShort(Fields fields, Identity identity) {
    fields
        .put("issuer", EntrySpace.cut(identity.issuer(), NAME_BYTES))
        .put("subject", key(identity.subject()))
        .put("kind", identity.kind().word());
    var person = identity.onBehalfOf();
    if (person != null) {
      fields.object("onBehalfOf", inner -> inShort(inner, person));
    }
  }

  /** The identity in full, as a session's opening records it: no claims, no token. */
  public static void inFull(Fields fields, Identity identity) {
    fields
        .put("issuer", EntrySpace.cut(identity.issuer(), NAME_BYTES))
        .put("subject", key(identity.subject()))
        .put("kind", identity.kind().word())
        .putIfPresent("name", cut(identity.name(), NAME_BYTES))
        .putIfPresent("email", cut(identity.email(), NAME_BYTES));
    EntrySpace.put(fields, "groups", identity.groups(), GROUPS_BYTES);
    fields.put("person", key(identity.personKey()));
    var credential = identity.credential();
    fields.object(
        "credential",
        inner ->
            inner
                .put("keyId", EntrySpace.cut(credential.keyId(), NAME_BYTES))
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
                  .putIfPresent("text", cut(intent.text(), INTENT_BYTES))
                  .putIfPresent("ticket", cut(intent.ticket(), REFERENCE_BYTES))
                  .putIfPresent("trace", cut(intent.trace(), REFERENCE_BYTES)));
    }
  }

  /** A key that is too long keeps its digest, so that two of them never look the same. */
  private static String key(String key) {
    return EntrySpace.bytes(key) <= KEY_BYTES
        ? key
        : EntrySpace.cut(key, KEY_BYTES - DIGEST_BYTES) + "sha256:" + sha256(key);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static @Nullable String cut(@Nullable String text, int most) {
    return text == null ? null : EntrySpace.cut(text, most);
  }
}
