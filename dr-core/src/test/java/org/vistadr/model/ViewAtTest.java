package org.vistadr.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ViewAtTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  /// Oldest first: content at 0 s, marker at 10 s, content at 20 s.
  private static final List<RecordedVersion> HISTORY =
      List.of(content(3, 20), marker(2, 10), content(1, 0));

  @ParameterizedTest
  @CsvSource({
    "-1, 0", "0, 1", "9, 1", "10, 2", "19, 2", "20, 3", "3600, 3",
  })
  void newestEntryThatHadTakenEffectCounts(long second, long expectedId) {
    assertThat(ViewAt.entry(HISTORY, NOON.plusSeconds(second)).map(RecordedVersion::id).orElse(0L))
        .isEqualTo(expectedId);
  }

  @Test
  void deletedKeyHoldsNothing() {
    assertThat(ViewAt.content(HISTORY, NOON.plusSeconds(15))).isEmpty();
  }

  @Test
  void wholeSecondCoversItsEnd() {
    var late = List.of(at(1, NOON.plusMillis(900), Optional.empty()));
    assertThat(ViewAt.content(late, NOON)).isPresent();
    assertThat(ViewAt.content(late, NOON.plusMillis(100))).isEmpty();
    assertThat(ViewAt.content(late, NOON.plusMillis(900))).isPresent();
  }

  @Test
  void orderOfRanksWinsOverTimesWithinASecond() {
    var samesecond = List.of(marker(3, 5), content(2, 5), marker(1, 5));
    assertThat(ViewAt.entry(samesecond, NOON.plusSeconds(5)).map(RecordedVersion::id)).contains(3L);
  }

  @Test
  void newerRankWithAnOlderTimeWins() {
    var clockWentBack = List.of(content(2, 3), content(1, 5));
    assertThat(ViewAt.entry(clockWentBack, NOON.plusSeconds(10)).map(RecordedVersion::id))
        .contains(2L);
    assertThat(ViewAt.entry(clockWentBack, NOON.plusSeconds(4)).map(RecordedVersion::id))
        .contains(2L);
  }

  @Test
  void versionThatAppearedLateCountsAfterTheStartOfTheScanThatDidNotSeeIt() {
    var late =
        List.of(at(2, NOON.plusSeconds(1), Optional.of(NOON.plusSeconds(60))), content(1, 0));
    assertThat(ViewAt.entry(late, NOON.plusSeconds(30)).map(RecordedVersion::id)).contains(1L);
    assertThat(ViewAt.entry(late, NOON.plusSeconds(60)).map(RecordedVersion::id)).contains(1L);
    assertThat(ViewAt.entry(late, NOON.plusSeconds(61)).map(RecordedVersion::id)).contains(2L);
  }

  @Test
  void purgedVersionCountsForTheTimeBefore() {
    var purged = List.of(purged(content(1, 0)));
    assertThat(ViewAt.content(purged, NOON.plusSeconds(1))).isPresent();
  }

  @Test
  void versionThatATornListingShowedWithPropertiesOfAnotherNeverCounts() {
    var torn = withVersionId(purged(content(2, 0)), "v3");
    var history = List.of(content(3, 20), torn, content(1, 0));
    assertThat(ViewAt.entry(history, NOON.plusSeconds(5)).map(RecordedVersion::id)).contains(1L);
    assertThat(ViewAt.entry(history, NOON.plusSeconds(20)).map(RecordedVersion::id)).contains(3L);
    assertThat(ViewAt.newestContent(List.of(marker(4, 30), torn, content(1, 0))))
        .as("without a correction it is a version like others")
        .map(RecordedVersion::id)
        .contains(2L);
  }

  @Test
  void keyWithoutHistoryHoldsNothing() {
    assertThat(ViewAt.entry(List.of(), NOON)).isEmpty();
  }

  static RecordedVersion content(long id, long second) {
    return at(id, NOON.plusSeconds(second), Optional.empty());
  }

  private static RecordedVersion at(long id, Instant time, Optional<Instant> visibleAfter) {
    return version(id, time, visibleAfter, new Entry.Content("etag" + id, 10, "STANDARD"));
  }

  private static RecordedVersion marker(long id, long second) {
    return version(id, NOON.plusSeconds(second), Optional.empty(), new Entry.DeleteMarker());
  }

  private static RecordedVersion withVersionId(RecordedVersion v, String versionId) {
    return new RecordedVersion(
        v.id(),
        v.key(),
        v.rank(),
        v.origin(),
        new VersionId(versionId),
        v.lastModified(),
        v.entry(),
        v.seenInScan(),
        v.visibleAfter(),
        v.purgedInScan(),
        v.sha256());
  }

  private static RecordedVersion purged(RecordedVersion v) {
    return new RecordedVersion(
        v.id(),
        v.key(),
        v.rank(),
        v.origin(),
        v.versionId(),
        v.lastModified(),
        v.entry(),
        v.seenInScan(),
        v.visibleAfter(),
        OptionalLong.of(9),
        v.sha256());
  }

  private static RecordedVersion version(
      long id, Instant time, Optional<Instant> visibleAfter, Entry entry) {
    return new RecordedVersion(
        id,
        new ObjectKey("k"),
        id,
        Origin.LISTED,
        new VersionId("v" + id),
        time,
        entry,
        1,
        visibleAfter,
        OptionalLong.empty(),
        Optional.empty());
  }
}
