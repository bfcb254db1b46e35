package org.vistadr.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

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
    for (var version : newestFirst) {
      if (counts(version, at) && !corrected(version, newestFirst)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  /// What the key held at a moment, and whether that is certain. A scan that began in the second
  /// that was asked for does not tell of the rest of it.
  ///
  /// @param newestFirst the key's history by falling rank
  /// @param at as for [#entry]
  /// @param scans when scans read the primary, by their numbers; empty for one that is not known
  public static StateAt state(
      List<RecordedVersion> newestFirst, Instant at, LongFunction<Optional<ScanSpan>> scans) {
    return new Doubts(counting(newestFirst), at, firstInstantAfter(at), scans).state();
  }

  /// What a scan saw of the key: of a bucket without versions nothing else is known. Each scan is
  /// taken for one moment, its start.
  ///
  /// @param newestFirst the key's history by falling rank
  /// @param startedAt the start of the scan
  /// @param scans as for [#state]
  public static StateAt scanned(
      List<RecordedVersion> newestFirst,
      Instant startedAt,
      LongFunction<Optional<ScanSpan>> scans) {
    return new Doubts(
            counting(newestFirst),
            startedAt,
            startedAt,
            number -> scans.apply(number).map(span -> ScanSpan.instant(span.startedAt())))
        .state();
  }

  private static List<RecordedVersion> counting(List<RecordedVersion> newestFirst) {
    return newestFirst.stream().filter(version -> !corrected(version, newestFirst)).toList();
  }

  /// The newest state that is known: that of the newest entry, whatever its time.
  public static StateAt latest(List<RecordedVersion> newestFirst) {
    return new StateAt.Certain(
        newestFirst.stream().filter(version -> !corrected(version, newestFirst)).findFirst());
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

  /// The content that a key held before an entry deleted it.
  public static Optional<RecordedVersion> contentBefore(
      List<RecordedVersion> newestFirst, RecordedVersion marker) {
    return newestFirst.stream()
        .filter(version ->
            version.rank() < marker.rank()
                && isContent(version)
                && !corrected(version, newestFirst))
        .findFirst();
  }

  /// The entry that deleted content: the oldest one above it. Another marker above that deleted
  /// nothing.
  public static RecordedVersion deletion(
      List<RecordedVersion> newestFirst, RecordedVersion content) {
    return newestFirst.reversed().stream()
        .filter(version -> version.rank() > content.rank() && !isContent(version))
        .findFirst()
        .orElse(content);
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
  static boolean corrected(RecordedVersion version, List<RecordedVersion> history) {
    return version.purgedInScan().isPresent()
        && version.origin() == Origin.LISTED
        && !version.versionId().isNull()
        && history.stream()
            .anyMatch(other ->
                other.id() > version.id()
                    && other.origin() == Origin.LISTED
                    && other.versionId().equals(version.versionId()));
  }

  /// Whether an entry had taken effect at a moment. One that a scan did not see was not there at
  /// the start of that scan.
  static boolean counts(RecordedVersion version, Instant at) {
    return version.effectiveAt().equals(version.lastModified())
        ? version.lastModified().isBefore(firstInstantAfter(at))
        : version.effectiveAt().isBefore(at);
  }

  /// Times of versions have whole seconds at many providers, so a moment in whole seconds covers
  /// its whole second.
  static Instant firstInstantAfter(Instant at) {
    var wholeSeconds = at.equals(at.truncatedTo(ChronoUnit.SECONDS));
    return wholeSeconds ? at.plus(1, ChronoUnit.SECONDS) : at.plusNanos(1);
  }
}
