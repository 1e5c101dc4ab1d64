package dev.chaperone.core.command;

import org.jspecify.annotations.Nullable;

/**
 * One bound value.
 *
 * @param type the resource's name of its type, or {@code unknown}
 * @param binary whether {@code raw} is in the resource's binary format rather than text
 * @param raw the very bytes that will run; null for NULL
 * @param value the same value for people and policies, as text; null for NULL
 */
public record Parameter(String type, boolean binary, @Nullable Bytes raw, @Nullable String value) {}
