package org.vistadr.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A timed, verified rehearsal of a restore from one secondary.
///
/// @param id growing in the order of their starts
/// @param from the secondary that every byte comes from
/// @param who who asked for it, or `schedule`
/// @param moment the secondary's recovery point, whose view was restored
/// @param prefix only keys that start with it; empty for the whole bucket
/// @param sample so many objects were to be chosen; empty for all
/// @param seed of the choice: the same seed over the same view chooses the same objects
/// @param endedAt empty while it is under way
/// @param tally what was counted
/// @param projection how long a restore of the whole bucket takes; empty while nothing was measured
/// @param message one line; empty for nothing to say
public record Drill(
    long id,
    SiteName from,
    String who,
    Instant moment,
    Optional<String> prefix,
    OptionalInt sample,
    long seed,
    Instant startedAt,
    Optional<Instant> endedAt,
    State state,
    Tally tally,
    Optional<Projection> projection,
    String message) {

  /// How it stands.
  public enum State {
    /// Under way.
    RUNNING,
    /// Everything that was read is what was written.
    SUCCEEDED,
    /// Something could not be restored, or nothing could be read; the message says which.
    FAILED,
    /// The daemon ended first.
    INTERRUPTED
  }

  /// What an object was chosen for.
  public enum Stratum {
    /// Its key is hard on software: not ASCII, percent signs, spaces.
    ODD_KEY,
    /// The largest, up to half of the bytes that a drill may move.
    LARGEST,
    /// Longest unchanged.
    OLDEST,
    /// Changed last.
    NEWEST,
    /// Written while the primary kept no versions.
    UNVERSIONED,
    /// Written while the primary kept versions.
    VERSIONED,
    /// By chance from all.
    RANDOM,
    /// Not chosen: all below a prefix.
    ALL
  }

  /// What was counted.
  ///
  /// @param restored objects that came back as they were written
  /// @param bytes bytes that were read, of good and of bad ones
  /// @param failures objects that did not
  /// @param unproved of the restored ones, those of which the catalog knows no hash: their size and
  ///   entity tag agree
  /// @param archived objects in an archive, named and not thawed
  /// @param leftOut objects that would have gone above the bytes that a drill may move
  /// @param elapsed from the first read to the last comparison
  /// @param wholeObjects objects of the whole view
  /// @param wholeBytes their bytes
  /// @param strata objects that were read, by what they were chosen for
  public record Tally(
      long restored,
      long bytes,
      long failures,
      long unproved,
      long archived,
      long leftOut,
      Duration elapsed,
      long wholeObjects,
      long wholeBytes,
      Map<Stratum, Long> strata) {

    /// Nothing yet.
    public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, Duration.ZERO, 0, 0, Map.of());

    public Tally {
      strata = Map.copyOf(strata);
    }
  }

  /// How long a restore of everything takes, as a range.
  ///
  /// @param low seconds
  /// @param high seconds
  public record Projection(long low, long high) {}

  /// What a drill names.
  ///
  /// @param key the object's key
  /// @param versionId the catalog's number of the version
  /// @param detail why
  public record Item(ObjectKey key, long versionId, Kind kind, Stratum stratum, String detail) {

    /// What became of it.
    public enum Kind {
      /// It did not come back, or not as it was written.
      FAILED,
      /// It would have to be thawed.
      ARCHIVED,
      /// It would have gone above the bytes that a drill may move.
      LEFT_OUT
    }
  }
}
