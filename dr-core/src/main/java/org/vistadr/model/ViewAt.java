package org.vistadr.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// The view at a moment: what a key held then. Pure.
///
/// The order of a history is the order of its ranks, never that of its times: the entry that counts
/// is the newest one, by rank, that had taken effect. Versions that the primary purged later count
/// as they did while it had them. An entry that a listing showed under another version's properties
/// and a later listing corrected never was a state of the key and does not count.
public final class ViewAt {

  private ViewAt() {}

  /// The entry that was the key's current state at a moment: content or delete marker. Empty when
  /// the key had no entry yet.
  ///
  /// @param newestFirst the key's history by falling rank
  /// @param at the moment; without a fraction of a second it means the end of that second
  public static Optional<RecordedVersion> entry(List<RecordedVersion> newestFirst, Instant at) {
    var limit = firstInstantAfter(at);
    for (var version : newestFirst) {
      if (version.effectiveAt().isBefore(limit) && !corrected(version, newestFirst)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  /// The content that the key held at a moment; empty when it was deleted or not there yet.
  public static Optional<RecordedVersion> content(List<RecordedVersion> newestFirst, Instant at) {
    return entry(newestFirst, at).filter(ViewAt::isContent);
  }

  /// The newest content of a history, deleted or not.
  public static Optional<RecordedVersion> newestContent(List<RecordedVersion> newestFirst) {
    return newestFirst.stream()
        .filter(version -> isContent(version) && !corrected(version, newestFirst))
        .findFirst();
  }

  /// Whether an entry is content.
  public static boolean isContent(RecordedVersion version) {
    return switch (version.entry()) {
      case Entry.Content _ -> true;
      case Entry.DeleteMarker() -> false;
    };
  }

  /// Whether a later listing showed the same version with other properties: a version id is given
  /// once, so the earlier listing was torn.
  private static boolean corrected(RecordedVersion version, List<RecordedVersion> history) {
    return version.purgedInScan().isPresent()
        && version.origin() == Origin.LISTED
        && !version.versionId().isNull()
        && history.stream()
            .anyMatch(other ->
                other.id() > version.id()
                    && other.origin() == Origin.LISTED
                    && other.versionId().equals(version.versionId()));
  }

  /// Times of versions have whole seconds at many providers, so a moment in whole seconds covers
  /// its whole second.
  private static Instant firstInstantAfter(Instant at) {
    var wholeSeconds = at.equals(at.truncatedTo(ChronoUnit.SECONDS));
    return wholeSeconds ? at.plus(1, ChronoUnit.SECONDS) : at.plusNanos(1);
  }
}
