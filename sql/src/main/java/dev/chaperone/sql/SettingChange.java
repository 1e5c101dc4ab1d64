package dev.chaperone.sql;

import org.jspecify.annotations.Nullable;

/**
 * A change of one session setting, by SET, RESET or a call of {@code set_config}.
 *
 * @param name the setting in lower case ({@code search_path}; SET ROLE is {@code role}, SET SESSION
 *     AUTHORIZATION {@code session_authorization}, SET NAMES {@code client_encoding}, SET TIME ZONE
 *     {@code timezone}, RESET ALL and DISCARD ALL {@code all}, SET TRANSACTION {@code transaction},
 *     SET SESSION CHARACTERISTICS {@code session characteristics}, SET TRANSACTION SNAPSHOT {@code
 *     transaction snapshot}); null when it is not a constant
 * @param value the constant it is set to, list elements joined by {@code ", "}; null when it is
 *     reset to its default or not a constant
 * @param reset whether it goes back to its default (RESET, SET … TO DEFAULT)
 * @param local whether the change ends with the transaction (SET LOCAL, or {@code set_config}'s
 *     third argument is true)
 */
public record SettingChange(
    @Nullable String name, @Nullable String value, boolean reset, boolean local) {}
