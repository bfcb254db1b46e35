package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A timed, verified rehearsal of a restore.
///
/// @param id its number
/// @param secondary every byte comes from there
/// @param who who asked for it, or `schedule`
/// @param state `running`, `succeeded`, `failed`, `interrupted`
/// @param moment the secondary's recovery point: what the bucket held then was restored
/// @param prefix only keys that start with it; absent for the whole bucket
/// @param sample so many objects were to be chosen; absent for all below the prefix
/// @param seed of the choice
/// @param startedAt its start
/// @param endedAt absent while it is under way
/// @param elapsedSeconds from the first read to the last comparison
/// @param restored objects that came back as they were written
/// @param bytes their bytes
/// @param failures objects that did not
/// @param unproved of the restored ones those without a known hash, whose size and entity tag agree
/// @param archived objects in an archive, not thawed
/// @param leftOut objects that would have gone above `drill.bytes`
/// @param strata objects read by what they were chosen for: `odd-key`, `largest`, `oldest`,
///   `newest`, `unversioned`, `versioned`, `random`, `all`
/// @param objectsPerSecond while it ran; absent when nothing was measured
/// @param bytesPerSecond while it ran; absent when nothing was measured
/// @param wholeObjects objects of the whole bucket at the moment
/// @param wholeBytes their bytes
/// @param projectedLowSeconds a restore of the whole bucket takes at least so long, as a rule;
///   absent when nothing was measured
/// @param projectedHighSeconds and at most so long
/// @param objectiveSeconds how long it may take (`drill.fullRestoreObjective`)
/// @param message one line; empty for nothing to say
/// @param items what is named, at most 500 of each kind; only of a single drill
public record DrillView(
    long id,
    String secondary,
    String who,
    String state,
    Instant moment,
    Optional<String> prefix,
    Optional<Integer> sample,
    long seed,
    Instant startedAt,
    Optional<Instant> endedAt,
    double elapsedSeconds,
    long restored,
    long bytes,
    long failures,
    long unproved,
    long archived,
    long leftOut,
    Map<String, Long> strata,
    Optional<Double> objectsPerSecond,
    Optional<Double> bytesPerSecond,
    long wholeObjects,
    long wholeBytes,
    Optional<Long> projectedLowSeconds,
    Optional<Long> projectedHighSeconds,
    long objectiveSeconds,
    String message,
    List<Item> items) {

  public DrillView {
    strata = Map.copyOf(strata);
    items = List.copyOf(items);
  }

  /// @param key the object's key
  /// @param kind `failed`, `archived` or `left-out`
  /// @param stratum what it was chosen for
  /// @param detail why
  public record Item(String key, String kind, String stratum, String detail) {}

  /// What is asked for.
  ///
  /// @param secondary from where; absent: the one whose last drill is the longest ago
  /// @param prefix only keys that start with it; absent for the whole bucket
  /// @param sample so many objects; absent: as configured, or all below a prefix
  public record Request(
      Optional<String> secondary, Optional<String> prefix, Optional<Integer> sample) {}
}
