package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import java.time.Duration;

/// `store:` where the catalog lives.
///
/// @param path a directory of this daemon alone; created when missing
/// @param keepRuns how long ended runs are remembered
/// @param segments when secondaries are told what is new in the catalog, besides after copies
/// @param housekeeping when old runs are forgotten and uploads that were left over are aborted
public record StoreSection(
    Path path, Duration keepRuns, Timetable segments, Timetable housekeeping) {

  /// The defaults.
  public static final StoreSection DEFAULT =
      new StoreSection(
          Path.of("/var/lib/vistadr/catalog"),
          Duration.ofDays(90),
          new Timetable.Every(Duration.ofMinutes(1)),
          new Timetable.Every(Duration.ofHours(6)));

  /// Fills in the defaults.
  public StoreSection {
    path = requireNonNullElse(path, Path.of("/var/lib/vistadr/catalog"));
    keepRuns = requireNonNullElse(keepRuns, Duration.ofDays(90));
    segments = requireNonNullElse(segments, new Timetable.Every(Duration.ofMinutes(1)));
    housekeeping = requireNonNullElse(housekeeping, new Timetable.Every(Duration.ofHours(6)));
  }

  /// The same in another directory.
  public StoreSection in(Path other) {
    return new StoreSection(other, keepRuns, segments, housekeeping);
  }
}
