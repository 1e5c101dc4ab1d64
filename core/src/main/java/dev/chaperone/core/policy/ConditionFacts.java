package dev.chaperone.core.policy;

import java.util.Optional;
import java.util.Set;

/**
 * What a condition says on the face of it.
 *
 * @param effects the effects' words that it compares with {@code command.effects}
 * @param onlyTargets the targets that it can hold for, if a conjunct of it says so plainly
 * @param targets every target's name that it compares with {@code target.name}
 * @param looksAtCommand whether it reads anything of the command
 */
record ConditionFacts(
    Set<String> effects,
    Optional<Set<String>> onlyTargets,
    Set<String> targets,
    boolean looksAtCommand) {
  ConditionFacts {
    effects = Set.copyOf(effects);
    onlyTargets = onlyTargets.map(Set::copyOf);
    targets = Set.copyOf(targets);
  }
}
