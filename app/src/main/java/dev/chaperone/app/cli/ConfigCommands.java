package dev.chaperone.app.cli;

import picocli.CommandLine.Command;

/** {@code chaperone config}: works on files alone, without a running gateway. */
@Command(
    name = "config",
    description = "Check a configuration.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ConfigCheck.class)
public final class ConfigCommands {}
