package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.vistadr.model.StateAt.Doubt;

/// What is certain of a key at a moment, and what is not. Scan n starts at second 100 * n and takes
/// 10 seconds.
final class StateAtTest {

  private static final Instant ZERO = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void versionsWithTimesOfTheirOwnAreCertainAtEverySecond() {
    var history =
        List.of(
            content(3, "v3", 30).build(),
            marker(2, "v2", 20).build(),
            content(1, "v1", 10).build());
    for (int second = 0; second < 60; second++) {
      assertThat(state(history, second)).isInstanceOf(StateAt.Certain.class);
    }
    assertThat(state(history, 25).content()).isEmpty();
    assertThat(id(state(history, 30))).isEqualTo(3);
  }

  @Test
  void putAndDeleteOfOneSecondAreAmbiguousInThatSecondOnly() {
    var history = List.of(marker(2, "v2", 10).build(), content(1, "v1", 10).build());
    var tie = ambiguous(history, 10);
    assertThat(tie.doubt()).isEqualTo(Doubt.SAME_SECOND);
    assertThat(tie.content()).as("the listing's order").isEmpty();
    assertThat(tie.other().content().map(RecordedVersion::id)).contains(1L);
    assertThat(state(history, 9)).isInstanceOf(StateAt.Certain.class);
    assertThat(state(history, 11)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void equalBytesAndTwoMarkersOfOneSecondAreNoDoubt() {
    var rewritten =
        List.of(
            content(2, "v2", 10).entry(new Entry.Content("same", 3, "A")).build(),
            content(1, "v1", 10).entry(new Entry.Content("same", 3, "B")).build());
    assertThat(state(rewritten, 10)).isInstanceOf(StateAt.Certain.class);
    var deleted = List.of(marker(2, "v2", 10).build(), marker(1, "v1", 10).build());
    assertThat(state(deleted, 10)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void timesWithFractionsTellTheOrderWithinASecond() {
    var history =
        List.of(
            marker(2, "v2", 10).at(ZERO.plusMillis(10_700)).build(),
            content(1, "v1", 10).at(ZERO.plusMillis(10_100)).build());
    assertThat(state(history, 10)).isInstanceOf(StateAt.Certain.class);
    assertThat(ViewAt.state(history, ZERO.plusMillis(10_300), StateAtTest::span).content())
        .isPresent();
    var whole = List.of(content(1, "v1", 10).build());
    assertThat(ViewAt.state(whole, ZERO.plusMillis(10_300), StateAtTest::span))
        .as("a part of the second in which something happened")
        .isInstanceOf(StateAt.Ambiguous.class);
  }

  @Test
  void versionThatAppearedLateIsInDoubtFromTheScanThatMissedItToTheOneThatSawIt() {
    var history =
        List.of(content(2, "v2", 90).seen(2).after(100).build(), content(1, "v1", 10).build());
    assertThat(id(state(history, 95))).as("its own time does not count").isEqualTo(1);
    assertThat(state(history, 95)).isInstanceOf(StateAt.Certain.class);
    assertThat(ambiguous(history, 100).doubt())
        .as("the second goes on after the scan's look")
        .isEqualTo(Doubt.APPEARED_LATE);
    assertThat(scanned(history, 100)).as("as the scan saw it").isInstanceOf(StateAt.Certain.class);
    assertThat(id(scanned(history, 100))).isEqualTo(1);
    var late = ambiguous(history, 150);
    assertThat(late.doubt()).isEqualTo(Doubt.APPEARED_LATE);
    assertThat(id(late)).isEqualTo(2);
    assertThat(late.other().content().map(RecordedVersion::id)).contains(1L);
    assertThat(ambiguous(history, 209).doubt()).isEqualTo(Doubt.APPEARED_LATE);
    assertThat(state(history, 210)).as("seen by then").isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void versionOfBetweenTwoScansHasNotAppearedLate() {
    var history =
        List.of(content(2, "v2", 120).seen(2).after(100).build(), content(1, "v1", 10).build());
    for (int second = 100; second < 220; second++) {
      assertThat(state(history, second)).isInstanceOf(StateAt.Certain.class);
    }
  }

  @Test
  void versionListedAboveALaterOneMayHaveAppearedAfterIt() {
    var history =
        List.of(
            content(2, "v2", 120).seen(2).after(100).build(),
            content(1, "v1", 150).seen(2).build());
    assertThat(ambiguous(history, 130).doubt()).isEqualTo(Doubt.APPEARED_LATE);
    assertThat(state(history, 300)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void removedDeleteMarkerLeavesAGapBetweenTwoScans() {
    // The marker of second 50 was removed between the scans at 100 and 200: v1 shows again.
    var again =
        content(3, "v1", 200)
            .origin(Origin.INFERRED)
            .entry(new Entry.Content("etag1", 10, "STANDARD"))
            .seen(2)
            .after(100)
            .build();
    var history =
        List.of(again, marker(2, "v2", 50).purged(2).build(), content(1, "v1", 10).build());
    assertThat(state(history, 99)).isInstanceOf(StateAt.Certain.class);
    assertThat(scanned(history, 100)).isInstanceOf(StateAt.Certain.class);
    assertThat(scanned(history, 100).content()).isEmpty();
    assertThat(ambiguous(history, 100).doubt()).isEqualTo(Doubt.CHANGED_BETWEEN_SCANS);
    var gap = ambiguous(history, 150);
    assertThat(gap.doubt()).isEqualTo(Doubt.CHANGED_BETWEEN_SCANS);
    assertThat(gap.content()).isEmpty();
    assertThat(gap.other().content().map(RecordedVersion::versionId)).contains(new VersionId("v1"));
    assertThat(ambiguous(history, 205).content()).as("while the scan read").isPresent();
    assertThat(state(history, 210)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void lookAtOneKeyKnowsTheMomentAtWhichItFoundAVersionGone() {
    var gone = marker(2, "null", 150).origin(Origin.INFERRED).seen(2).after(100).build();
    var history = List.of(gone, content(1, "v1", 10).purged(2).build());
    assertThat(ambiguous(history, 149).doubt()).isEqualTo(Doubt.CHANGED_BETWEEN_SCANS);
    assertThat(state(history, 150)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void removedVersionThatWasReplacedInTheSameGapLeavesADoubt() {
    var history =
        List.of(
            content(3, "v3", 180).seen(2).after(100).build(),
            content(2, "v2", 50).purged(2).build(),
            content(1, "v1", 10).build());
    assertThat(state(history, 99)).isInstanceOf(StateAt.Certain.class);
    assertThat(scanned(history, 100)).isInstanceOf(StateAt.Certain.class);
    var gap = ambiguous(history, 150);
    assertThat(gap.doubt()).isEqualTo(Doubt.CHANGED_BETWEEN_SCANS);
    assertThat(gap.other().content().map(RecordedVersion::id)).contains(1L);
    assertThat(state(history, 180)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void versionThatExpiredLaterIsNoDoubt() {
    var history =
        List.of(
            content(2, "v2", 150).seen(2).after(100).build(),
            content(1, "v1", 10).purged(5).build());
    for (int second = 10; second < 300; second++) {
      assertThat(state(history, second)).isInstanceOf(StateAt.Certain.class);
    }
  }

  @Test
  void overwrittenNullVersionIsExactAtScansOnly() {
    var history =
        List.of(
            content(2, "null", 180).seen(2).after(100).build(),
            content(1, "null", 10).purged(2).build());
    assertThat(state(history, 50))
        .as("a later scan still saw it")
        .isInstanceOf(StateAt.Certain.class);
    assertThat(scanned(history, 100)).isInstanceOf(StateAt.Certain.class);
    assertThat(ambiguous(history, 100).doubt())
        .as("it may have been overwritten later in the second in which the scan began")
        .isEqualTo(Doubt.OVERWRITTEN_UNSEEN);
    var gap = ambiguous(history, 150);
    assertThat(gap.doubt()).isEqualTo(Doubt.OVERWRITTEN_UNSEEN);
    assertThat(id(gap)).isEqualTo(1);
    assertThat(gap.other()).isEqualTo(new StateAt.NeverSeen());
    assertThat(state(history, 180)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void versionWithAnIdMayHideANullVersionThatCameAndWentWhileVersioningWasSuspended() {
    var history =
        List.of(content(2, "null", 180).seen(2).after(100).build(), content(1, "v1", 10).build());
    assertThat(ambiguous(history, 150).doubt()).isEqualTo(Doubt.OVERWRITTEN_UNSEEN);
    var resumed =
        List.of(content(2, "v2", 180).seen(2).after(100).build(), content(1, "v1", 10).build());
    assertThat(state(resumed, 150)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void keyThatHeldNothingIsNotInDoubtForWhatNobodySaw() {
    var history = List.of(content(1, "null", 180).seen(2).after(100).build());
    assertThat(state(history, 150)).isInstanceOf(StateAt.Certain.class);
    var nullMarker =
        List.of(
            content(2, "null", 180).seen(2).after(100).build(),
            marker(1, "null", 10).purged(2).build());
    assertThat(state(nullMarker, 150)).isInstanceOf(StateAt.Certain.class);
  }

  @Test
  void loneDeleteMarkerIsNothing() {
    assertThat(state(List.of(marker(1, "v1", 10).build()), 20).content()).isEmpty();
    assertThat(state(List.of(), 20)).isEqualTo(new StateAt.Certain(Optional.empty()));
  }

  @Test
  void newestStateIsCertainWhateverTheClocksSay() {
    var history = List.of(content(2, "v2", 1_000_000).build(), content(1, "v1", 10).build());
    assertThat(id(ViewAt.latest(history))).isEqualTo(2);
  }

  @Test
  void deletionIsTheFirstMarkerAboveTheContent() {
    var history =
        List.of(
            marker(3, "v3", 30).build(), marker(2, "v2", 20).build(), content(1, "v1", 10).build());
    assertThat(ViewAt.deletion(history, history.getLast()).id()).isEqualTo(2);
    assertThat(ViewAt.contentBefore(history, history.getFirst())).contains(history.getLast());
  }

  private static StateAt state(List<RecordedVersion> history, long second) {
    return ViewAt.state(history, ZERO.plusSeconds(second), StateAtTest::span);
  }

  private static StateAt scanned(List<RecordedVersion> history, long second) {
    return ViewAt.scanned(history, ZERO.plusSeconds(second), StateAtTest::span);
  }

  private static StateAt.Ambiguous ambiguous(List<RecordedVersion> history, long second) {
    return state(history, second).ambiguity().orElseThrow();
  }

  private static long id(StateAt state) {
    return state.entry().map(RecordedVersion::id).orElse(0L);
  }

  private static Optional<ScanSpan> span(long number) {
    var start = ZERO.plusSeconds(100 * number);
    return Optional.of(new ScanSpan(start, Optional.of(start.plusSeconds(10))));
  }

  private static Version content(long id, String versionId, long second) {
    return new Version(id, versionId, second).entry(new Entry.Content("etag" + id, 10, "STANDARD"));
  }

  private static Version marker(long id, String versionId, long second) {
    return new Version(id, versionId, second).entry(new Entry.DeleteMarker());
  }

  /// An entry in the making; seen by scan 1, with no scan before it.
  private static final class Version {
    private final long id;
    private final String versionId;
    private Instant at;
    private Entry entry = new Entry.DeleteMarker();
    private Origin origin = Origin.LISTED;
    private long seen = 1;
    private Optional<Instant> after = Optional.empty();
    private OptionalLong purged = OptionalLong.empty();

    Version(long id, String versionId, long second) {
      this.id = id;
      this.versionId = versionId;
      this.at = ZERO.plusSeconds(second);
    }

    Version at(Instant time) {
      at = time;
      return this;
    }

    Version entry(Entry what) {
      entry = what;
      return this;
    }

    Version origin(Origin how) {
      origin = how;
      return this;
    }

    Version seen(long scan) {
      seen = scan;
      return this;
    }

    Version after(long second) {
      after = Optional.of(ZERO.plusSeconds(second));
      return this;
    }

    Version purged(long scan) {
      purged = OptionalLong.of(scan);
      return this;
    }

    RecordedVersion build() {
      return new RecordedVersion(
          id,
          new ObjectKey("k"),
          id,
          origin,
          new VersionId(versionId),
          at,
          entry,
          seen,
          after,
          purged,
          Optional.empty());
    }
  }
}
