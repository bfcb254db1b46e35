package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `GET /api/v1/checkpoints` and `/checkpoints/NAME`: a name for a moment of the primary. Wherever
/// a time is asked for, `checkpoint:NAME` stands for it.
///
/// @param name 1 to 64 of a-z, 0-9, `.`, `_` and `-`; not readable as a time
/// @param at the moment
/// @param madeAt when it was made, in the daemon's clock
/// @param madeBy role and fingerprint of the token
/// @param note as it was given; may be empty
/// @param held whether no retention may ever remove a version that the view at the moment shows
public record CheckpointView(
    String name, Instant at, Instant madeAt, String madeBy, String note, boolean held) {

  /// `POST /api/v1/checkpoints`.
  ///
  /// @param name see [CheckpointView]
  /// @param at absent means now; of a primary without versions the last complete scan
  /// @param nearest whether the last complete scan before it may stand for a moment between two
  ///   scans of a primary that kept no versions
  /// @param hold whether it is held from the start
  /// @param note at most 500 characters
  public record New(
      String name, Optional<Instant> at, boolean nearest, boolean hold, Optional<String> note) {}

  /// `POST /api/v1/checkpoints/NAME/unhold`.
  ///
  /// @param reason why; kept in the audit log
  public record Unhold(String reason) {}

  /// `GET /api/v1/checkpoints/NAME/contents`: a part of what the view at the moment shows. The sums
  /// of all pages are those of the checkpoint.
  ///
  /// @param moment what the time resolved to; without `nextScanAt` no scan has looked since then,
  ///   and more may be found
  /// @param objects keys on this page
  /// @param bytes of these
  /// @param ambiguous keys of this page that may have held something else
  /// @param secondaries what is missing where
  /// @param next where the next page begins; absent on the last one
  public record Contents(
      MomentView moment,
      long objects,
      long bytes,
      long ambiguous,
      List<Missing> secondaries,
      Optional<String> next) {
    /// Copies the list.
    public Contents {
      secondaries = List.copyOf(secondaries);
    }
  }

  /// @param secondary its name
  /// @param versions how many of the versions are not durable there
  public record Missing(String secondary, long versions) {}
}
