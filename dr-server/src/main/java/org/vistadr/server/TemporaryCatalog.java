package org.vistadr.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.vistadr.api.AdoptionReport;
import org.vistadr.segments.Adoption;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.engine.CatalogAdoption;
import org.vistadr.storage.StorageException;

/// A catalog for one command, rebuilt from a secondary in a temporary directory that is removed at
/// the end. Not thread-safe.
final class TemporaryCatalog implements AutoCloseable {

  private final Optional<Path> directory;
  private Optional<AdoptionReport> report = Optional.empty();

  /// @param wanted whether there is to be one
  TemporaryCatalog(boolean wanted) throws IOException {
    directory =
        wanted ? Optional.of(Files.createTempDirectory("vistadr-catalog-")) : Optional.empty();
  }

  /// Rebuilds it, and has the configuration use it.
  void fill(
      DaemonConfiguration configuration, Map<String, String> variables, String from, Clock clock)
      throws StorageException {
    Path place = directory.orElseThrow();
    report =
        Optional.of(
            CatalogAdoption.adopt(
                configuration, variables, from, place, clock, Adoption.Progress.NONE));
    configuration.storeIn(place);
  }

  /// How it was rebuilt.
  Optional<AdoptionReport> report() {
    return report;
  }

  @Override
  public void close() throws IOException {
    if (directory.isEmpty()) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory.get())) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
