package org.vistadr.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.vistadr.model.StateAt.Doubt;
import org.vistadr.model.StateAt.NeverSeen;
import org.vistadr.model.StateAt.Other;
import org.vistadr.model.StateAt.Recorded;

/// Finds out whether the answer of the listing order is the only one that fits what was recorded.
/// Pure.
///
/// Every entry, from the newest on, had taken effect at the moment for certain, perhaps, or not.
/// The first one that had for certain ends the search: the answers are that one and all that
/// perhaps had before it.
final class Doubts {

  private final List<RecordedVersion> newestFirst;
  private final Instant at;
  private final Instant limit;
  private final Instant open;
  private final LongFunction<Optional<ScanSpan>> scans;

  /// @param newestFirst entries that count, by falling rank
  /// @param open a scan that started before this does not tell what was there at the moment
  /// @param scans when scans read the primary, by their numbers
  Doubts(
      List<RecordedVersion> newestFirst,
      Instant at,
      Instant open,
      LongFunction<Optional<ScanSpan>> scans) {
    this.newestFirst = newestFirst;
    this.at = at;
    this.limit = ViewAt.firstInstantAfter(at);
    this.open = open;
    this.scans = scans;
  }

  StateAt state() {
    List<Answer> answers = new ArrayList<>();
    int chosen = -1;
    for (int i = 0; i < newestFirst.size(); i++) {
      var version = newestFirst.get(i);
      boolean counts = ViewAt.counts(version, at);
      Optional<Doubt> doubt = counts ? doubtOf(i) : doubtOfAbsence(version);
      if (!counts && doubt.isEmpty()) {
        continue;
      }
      if (counts && chosen < 0) {
        chosen = answers.size();
      }
      answers.add(new Answer(Optional.of(version), i, doubt));
      if (doubt.isEmpty()) {
        break;
      }
    }
    if (answers.isEmpty() || answers.getLast().doubt().isPresent()) {
      answers.add(new Answer(Optional.empty(), newestFirst.size(), Optional.empty()));
    }
    return decide(answers, chosen < 0 ? answers.size() - 1 : chosen);
  }

  private StateAt decide(List<Answer> answers, int chosen) {
    var answer = answers.get(chosen);
    for (int i = 0; i < answers.size(); i++) {
      var other = answers.get(i);
      if (!sameState(other.entry(), answer.entry())) {
        var doubt = i < chosen ? other.doubt() : answer.doubt();
        return new StateAt.Ambiguous(
            answer.entry(), new Recorded(other.entry()), doubt.orElseThrow());
      }
    }
    return answer
        .entry()
        .flatMap(version -> replacedUnseen(answer.place()))
        .orElseGet(() -> new StateAt.Certain(answer.entry()));
  }

  /// Why an entry that counts by its time may not have been there yet; empty when it was.
  private Optional<Doubt> doubtOf(int place) {
    var version = newestFirst.get(place);
    if (sharesItsSecond(place)) {
      return Optional.of(Doubt.SAME_SECOND);
    }
    return switch (version.origin()) {
      case INFERRED ->
          isScansOwn(version) && !seenByThen(version)
              ? Optional.of(Doubt.CHANGED_BETWEEN_SCANS)
              : Optional.empty();
      case LISTED ->
          (isLate(version) || isListedAboveNewer(place)) && !seenByThen(version)
              ? Optional.of(Doubt.APPEARED_LATE)
              : Optional.empty();
    };
  }

  /// Why an entry that does not count by its time may have been there all the same: an inferred one
  /// took effect at some moment between the last scan that did not see it and the look that did,
  /// and a late one as soon as in the second in which that scan began.
  private Optional<Doubt> doubtOfAbsence(RecordedVersion version) {
    if (!mayHaveCome(version)) {
      return Optional.empty();
    }
    return switch (version.origin()) {
      case INFERRED -> Optional.of(Doubt.CHANGED_BETWEEN_SCANS);
      case LISTED -> isLate(version) ? Optional.of(Doubt.APPEARED_LATE) : Optional.empty();
    };
  }

  /// Whether the last scan that did not see an entry leaves room for it before the moment's end.
  private boolean mayHaveCome(RecordedVersion version) {
    return version.visibleAfter().filter(open::isAfter).isPresent();
  }

  private static boolean isLate(RecordedVersion version) {
    return version.effectiveAt().isAfter(version.lastModified());
  }

  /// Whether the time of an entry says no more than the second that was asked for, and that is not
  /// enough: an older entry has the same time, or the moment is a part of that second.
  private boolean sharesItsSecond(int place) {
    var time = newestFirst.get(place).lastModified();
    if (newestFirst.get(place).origin() == Origin.INFERRED
        || !newestFirst.get(place).effectiveAt().equals(time)) {
      return false;
    }
    boolean wholeSeconds = isWhole(time);
    boolean asked =
        wholeSeconds ? at.truncatedTo(ChronoUnit.SECONDS).equals(time) : at.equals(time);
    if (!asked) {
      return false;
    }
    return (wholeSeconds && !isWhole(at))
        || newestFirst.subList(place + 1, newestFirst.size()).stream()
            .anyMatch(older -> older.origin() == Origin.LISTED && older.effectiveAt().equals(time));
  }

  /// Whether an entry that is listed as older has a time after the moment: either the clock was set
  /// back, or this one appeared after that.
  private boolean isListedAboveNewer(int place) {
    return newestFirst.subList(place + 1, newestFirst.size()).stream()
        .anyMatch(
            older -> older.origin() == Origin.LISTED && !older.lastModified().isBefore(limit));
  }

  /// Whether the look that found the entry was over at the moment.
  private boolean seenByThen(RecordedVersion version) {
    return scans
        .apply(version.seenInScan())
        .flatMap(ScanSpan::endedAt)
        .filter(end -> !end.isAfter(at))
        .isPresent();
  }

  /// Whether a scan inferred the entry, somewhere in its span; a look at one key takes no time.
  private boolean isScansOwn(RecordedVersion version) {
    return scans
        .apply(version.seenInScan())
        .filter(span -> span.startedAt().equals(version.lastModified()))
        .isPresent();
  }

  /// Whether the entry that counts may have been gone before the moment. One that was removed
  /// passes its state on to the one below where that is the same.
  private Optional<StateAt> replacedUnseen(int chosen) {
    var entry = Optional.of(newestFirst.get(chosen));
    for (int place = chosen; place < newestFirst.size(); place++) {
      place = original(place);
      var version = newestFirst.get(place);
      if (!sameState(Optional.of(version), entry)) {
        break;
      }
      var instead = insteadOf(version, place);
      if (instead.isPresent()) {
        var doubt =
            switch (instead.get()) {
              case Recorded _ -> Doubt.CHANGED_BETWEEN_SCANS;
              case NeverSeen() -> Doubt.OVERWRITTEN_UNSEEN;
            };
        return Optional.of(new StateAt.Ambiguous(entry, instead.get(), doubt));
      }
      if (version.purgedInScan().isEmpty()) {
        break;
      }
    }
    return Optional.empty();
  }

  /// The place of the version that an inferred entry shows again; of any other entry its own place.
  private int original(int place) {
    var version = newestFirst.get(place);
    if (version.origin() == Origin.INFERRED) {
      for (int i = place + 1; i < newestFirst.size(); i++) {
        var older = newestFirst.get(i);
        if (older.origin() == Origin.LISTED
            && older.versionId().equals(version.versionId())
            && sameState(Optional.of(older), Optional.of(version))) {
          return i;
        }
      }
    }
    return place;
  }

  /// What may have been there instead of an entry: what came after it was found by the very look
  /// that no longer found it, or overwrote the one version without an id, and the moment ends after
  /// the start of the last scan before that look.
  private Optional<Other> insteadOf(RecordedVersion version, int place) {
    for (int i = place - 1; i >= 0; i--) {
      var next = newestFirst.get(i);
      if (!mayHaveCome(next)) {
        continue;
      }
      boolean gone =
          version.purgedInScan().isPresent()
              && version.purgedInScan().getAsLong() == next.seenInScan();
      if (gone && !version.versionId().isNull()) {
        var below = newestFirst.stream().skip(place + 1L).findFirst();
        if (!sameState(below, Optional.of(version))) {
          return Optional.of(new Recorded(below));
        }
      }
      // A key that held nothing is not in doubt: what nobody saw cannot be brought back.
      boolean overwritten = isOverwrite(next) || (gone && version.versionId().isNull());
      if (overwritten && ViewAt.isContent(version)) {
        return Optional.of(new NeverSeen());
      }
    }
    return Optional.empty();
  }

  private static boolean isOverwrite(RecordedVersion next) {
    return next.origin() == Origin.LISTED && next.versionId().isNull();
  }

  /// Whether two answers bring back the same: nothing, or the same bytes.
  static boolean sameState(Optional<RecordedVersion> left, Optional<RecordedVersion> right) {
    return bytes(left).equals(bytes(right));
  }

  private static Optional<Entry> bytes(Optional<RecordedVersion> version) {
    return version
        .filter(ViewAt::isContent)
        .map(content ->
            switch (content.entry()) {
              case Entry.Content(var etag, var size, _) -> new Entry.Content(etag, size, "");
              case Entry.DeleteMarker marker -> marker;
            });
  }

  private static boolean isWhole(Instant time) {
    return time.equals(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /// @param entry a state
  /// @param place its place in the history
  /// @param doubt why it may not have been the state; empty when it was at least then
  private record Answer(Optional<RecordedVersion> entry, int place, Optional<Doubt> doubt) {}
}
