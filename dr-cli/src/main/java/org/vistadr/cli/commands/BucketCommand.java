package org.vistadr.cli.commands;

import picocli.CommandLine.Command;

/// `vistadr bucket`
@Command(
    name = "bucket",
    description = "The primary's bucket itself.",
    subcommands = BucketConfigCommand.class)
final class BucketCommand {}
