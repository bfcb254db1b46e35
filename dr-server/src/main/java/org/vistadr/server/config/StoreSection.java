package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import java.time.Duration;

/// `store:` where the catalog lives.
///
/// @param path a directory of this daemon alone; created when missing
/// @param keepRuns how long ended runs are remembered
/// @param housekeeping when old runs are forgotten and uploads that were left over are aborted
public record StoreSection(Path path, Duration keepRuns, Timetable housekeeping) {

  /// The defaults.
  public static final StoreSection DEFAULT =
      new StoreSection(
          Path.of("/var/lib/vistadr/catalog"),
          Duration.ofDays(90),
          new Timetable.Every(Duration.ofHours(6)));

  /// Fills in the defaults.
  public StoreSection {
    path = requireNonNullElse(path, Path.of("/var/lib/vistadr/catalog"));
    keepRuns = requireNonNullElse(keepRuns, Duration.ofDays(90));
    housekeeping = requireNonNullElse(housekeeping, new Timetable.Every(Duration.ofHours(6)));
  }
}
