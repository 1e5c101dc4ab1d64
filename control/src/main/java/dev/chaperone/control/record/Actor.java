package dev.chaperone.control.record;

import dev.chaperone.core.identity.Identity;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An identity in short, as command and review entries name it.
 *
 * @param issuer the configured issuer's name
 * @param subject the issuer's stable identifier
 * @param kind person, agent or service
 * @param onBehalfOf whom it acts for
 */
public record Actor(String issuer, String subject, String kind, @Nullable Actor onBehalfOf) {

  /** The short form of an identity. */
  public static Actor of(Identity identity) {
    var person = identity.onBehalfOf();
    return new Actor(
        identity.issuer(),
        identity.subject(),
        identity.kind().word(),
        person == null ? null : of(person));
  }

  /**
   * The actor that an entry's {@code identity} names.
   *
   * @throws DamagedEntryException if it names none
   */
  public static Actor of(JsonNode identity) {
    var person = identity.get("onBehalfOf");
    return new Actor(
        EntryJson.needText(identity, "issuer"),
        EntryJson.needText(identity, "subject"),
        EntryJson.needText(identity, "kind"),
        person == null ? null : of(person));
  }

  /** Every person key of a full {@code identity}: the actor's and that of whom it acts for. */
  public static Set<String> people(JsonNode identity) {
    var people = new TreeSet<String>();
    for (@Nullable JsonNode one = identity; one != null; one = one.get("onBehalfOf")) {
      var person = EntryJson.text(one, "person");
      if (person != null) {
        people.add(person);
      }
    }
    return people;
  }

  /** As JSON for the API, in the shape of the entries. */
  public ObjectNode json() {
    var json = EntryJson.object().put("issuer", issuer).put("subject", subject).put("kind", kind);
    if (onBehalfOf != null) {
      json.set("onBehalfOf", onBehalfOf.json());
    }
    return json;
  }

  /** For people: the subject at its issuer, and on whose behalf. */
  @Override
  public String toString() {
    var who = subject + "@" + issuer;
    return onBehalfOf == null ? who : who + " for " + onBehalfOf;
  }
}
