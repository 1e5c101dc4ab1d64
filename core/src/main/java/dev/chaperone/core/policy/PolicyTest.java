package dev.chaperone.core.policy;

import dev.chaperone.core.command.Parameter;
import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.yaml.Place;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A test that a policy carries.
 *
 * @param name for people
 * @param place where it begins
 * @param identity who asks
 * @param intent what it states
 * @param target the target's name
 * @param login the login on the target; empty if the test does not say
 * @param origin the client's address
 * @param at the time of the decision
 * @param text what would run
 * @param parameters values bound to it
 * @param expect {@code allow}, {@code hold} or {@code deny}
 * @param rule a rule that must be among those that led to the verdict
 * @param masks exactly the masks that must apply
 */
public record PolicyTest(
    String name,
    Place place,
    Identity identity,
    Intent intent,
    String target,
    String login,
    String origin,
    Instant at,
    String text,
    List<Parameter> parameters,
    String expect,
    @Nullable String rule,
    @Nullable Set<String> masks) {
  public PolicyTest {
    parameters = List.copyOf(parameters);
    masks = masks == null ? null : Set.copyOf(masks);
  }
}
