package dev.chaperone.app.cli;

import picocli.CommandLine.Command;

/** {@code chaperone policy}: its commands work on files alone, without a running gateway. */
@Command(
    name = "policy",
    description = "Check, test and try a policy: files alone, no gateway, no database.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PolicyCheck.class, PolicyTestCommand.class, PolicyTry.class})
public final class PolicyCommands {}
