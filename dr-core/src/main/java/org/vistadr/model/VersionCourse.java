package org.vistadr.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/// The time within which a view can show an entry of a key's history, as the answer of the listing
/// order or as the other one of an ambiguous state. Never too short; where what was recorded leaves
/// doubt it is longer. Outside of it no view needs the entry.
///
/// @param version the entry
/// @param from the first moment at which a view can show it
/// @param until no view at this moment or later can show it; [Instant#MAX] for what is current
public record VersionCourse(RecordedVersion version, Instant from, Instant until) {

  /// Whether a view at a moment can show it.
  public boolean covers(Instant moment) {
    return !from.isAfter(moment) && moment.isBefore(until);
  }

  /// Whether a view at any moment of a span, its bounds included, can show it.
  public boolean overlaps(Instant first, Instant last) {
    return !from.isAfter(last) && until.isAfter(first);
  }

  /// The courses of a history, in its order. Pure.
  ///
  /// @param newestFirst the key's history by falling rank
  /// @param scans when scans read the primary, by their numbers; empty for one that is not known
  public static List<VersionCourse> of(
      List<RecordedVersion> newestFirst, LongFunction<Optional<ScanSpan>> scans) {
    Map<Long, Long> newestOfScan = new HashMap<>();
    newestFirst.forEach(
        version -> newestOfScan.merge(version.seenInScan(), version.rank(), Math::max));
    Instant[] latestBelow = latestOfOlder(newestFirst);
    List<VersionCourse> courses = new ArrayList<>();
    Instant until = Instant.MAX;
    // What may be shown instead of a newer entry is so from that one's time on.
    Instant from = Instant.MAX;
    for (int i = 0; i < newestFirst.size(); i++) {
      RecordedVersion version = newestFirst.get(i);
      Instant own = from(version);
      courses.add(new VersionCourse(version, own.isBefore(from) ? own : from, until));
      if (hides(version, newestFirst, newestOfScan)) {
        Instant effect = latestEffect(version, latestBelow[i], scans);
        until = effect.isBefore(until) ? effect : until;
      } else if (own.isBefore(from)) {
        from = own;
      }
    }
    return courses;
  }

  private static Instant from(RecordedVersion version) {
    return switch (version.origin()) {
      case LISTED -> version.lastModified();
      case INFERRED ->
          version
              .visibleAfter()
              .filter(after -> after.isBefore(version.lastModified()))
              .orElse(version.lastModified());
    };
  }

  /// Whether an entry covers those below it for good. One that was gone when a look found the next
  /// entry may have shown what is below before that; one that is gone and has the same state below
  /// passes it on; and one that never was there covers nothing.
  private static boolean hides(
      RecordedVersion version, List<RecordedVersion> newestFirst, Map<Long, Long> newestOfScan) {
    if (ViewAt.corrected(version, newestFirst)) {
      return false;
    }
    RecordedVersion listed = listed(version, newestFirst);
    if (listed.purgedInScan().isEmpty()) {
      return true;
    }
    int below = newestFirst.indexOf(listed) + 1;
    if (below < newestFirst.size()
        ? Doubts.sameState(Optional.of(listed), Optional.of(newestFirst.get(below)))
        : !ViewAt.isContent(listed)) {
      return false;
    }
    Long newest = newestOfScan.get(listed.purgedInScan().getAsLong());
    return listed.versionId().isNull() || newest == null || newest <= version.rank();
  }

  /// As [#original], of delete markers too: one that showed again can be gone like any other.
  private static RecordedVersion listed(
      RecordedVersion version, List<RecordedVersion> newestFirst) {
    if (version.origin() == Origin.LISTED || ViewAt.isContent(version)) {
      return original(version, newestFirst);
    }
    return newestFirst.stream()
        .filter(other -> other.origin() == Origin.LISTED && !ViewAt.isContent(other))
        .filter(other -> other.versionId().equals(version.versionId()))
        .findFirst()
        .orElse(version);
  }

  /// The listed entry that an inferred one shows again; of any other entry itself.
  public static RecordedVersion original(
      RecordedVersion version, List<RecordedVersion> newestFirst) {
    if (version.origin() == Origin.LISTED
        || !(version.entry() instanceof Entry.Content(String etag, _, _))) {
      return version;
    }
    return newestFirst.stream()
        .filter(other -> other.origin() == Origin.LISTED)
        .filter(other -> other.versionId().equals(version.versionId()))
        .filter(
            other -> other.entry() instanceof Entry.Content(String tag, _, _) && tag.equals(etag))
        .findFirst()
        .orElse(version);
  }

  /// From this moment on an entry had taken effect for certain.
  private static Instant latestEffect(
      RecordedVersion version, Instant latestOfOlder, LongFunction<Optional<ScanSpan>> scans) {
    // A moment within the second of the entry's time leaves doubt.
    Instant known = version.effectiveAt().plusSeconds(1);
    boolean late = version.effectiveAt().isAfter(version.lastModified());
    boolean clockSetBack = latestOfOlder.isAfter(version.lastModified());
    Optional<ScanSpan> scan = scans.apply(version.seenInScan());
    Optional<Instant> seen = scan.flatMap(ScanSpan::endedAt);
    return switch (version.origin()) {
      case INFERRED -> {
        // A look at one key takes no time; a scan infers somewhere within its span.
        boolean ofScan =
            scan.filter(span -> span.startedAt().equals(version.lastModified())).isPresent();
        yield ofScan ? later(known, seen.orElse(Instant.MAX)) : known;
      }
      case LISTED -> {
        if (!late && !clockSetBack) {
          yield known;
        }
        if (seen.isPresent()) {
          yield later(known, seen.get());
        }
        yield late ? Instant.MAX : latestOfOlder.plusSeconds(1);
      }
    };
  }

  private static Instant later(Instant left, Instant right) {
    return left.isAfter(right) ? left : right;
  }

  /// For each entry the latest time of the listed ones below it.
  private static Instant[] latestOfOlder(List<RecordedVersion> newestFirst) {
    Instant[] latest = new Instant[newestFirst.size()];
    Instant soFar = Instant.MIN;
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      latest[i] = soFar;
      RecordedVersion version = newestFirst.get(i);
      if (version.origin() == Origin.LISTED) {
        soFar = later(soFar, version.lastModified());
      }
    }
    return latest;
  }
}
