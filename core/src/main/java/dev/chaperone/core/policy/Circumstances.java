package dev.chaperone.core.policy;

import dev.chaperone.core.identity.Identity;
import dev.chaperone.core.identity.Intent;
import dev.chaperone.core.target.Target;
import java.time.Instant;

/**
 * All that a verdict may depend on besides the command.
 *
 * @param identity who acts
 * @param intent what it says that it is doing, at this command
 * @param target what it acts on
 * @param origin the client's network address, without port
 * @param login the login on the target
 * @param started when the session began
 * @param now the time of the decision
 */
public record Circumstances(
    Identity identity,
    Intent intent,
    Target target,
    String origin,
    String login,
    Instant started,
    Instant now) {}
