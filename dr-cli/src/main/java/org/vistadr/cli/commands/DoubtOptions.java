package org.vistadr.cli.commands;

import org.vistadr.cli.client.ApiClient;
import picocli.CommandLine.Option;

/// What to do where a view is not certain.
final class DoubtOptions {

  @Option(
      names = "--nearest",
      description = "Where no versions were kept at that time: what the scan before saw.")
  boolean nearest;

  @Option(
      names = "--strict",
      description = "Refuse keys that may have held something else at that time.")
  boolean strict;

  ApiClient.Doubts doubts() {
    return new ApiClient.Doubts(nearest, strict);
  }
}
