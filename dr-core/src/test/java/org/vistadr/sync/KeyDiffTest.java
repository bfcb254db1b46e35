package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.VersionId;

class KeyDiffTest {

  private static final ObjectKey KEY = new ObjectKey("projects/a/image.jpg");
  private static final Instant T0 = Instant.parse("2026-11-22T03:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-22T04:00:00Z");

  @Test
  void aNewKeyIsAppendedOldestFirst() {
    KeyChange change = diff(List.of(marker("d3"), content("v2"), content("v1")), List.of());
    assertThat(versionIds(change)).containsExactly("v1", "v2", "d3");
    assertThat(change.appended().stream().map(KeyChange.NewEntry::rank)).isSorted();
    assertThat(change.appended().get(2).entry()).isEqualTo(new Entry.DeleteMarker());
  }

  @Test
  void putAndDeleteOfTheSameSecondKeepTheOrderOfTheListing() {
    // All have the same time: only the order of the listing tells which came last.
    KeyChange change = diff(List.of(content("v3"), marker("d2"), content("v1")), List.of());
    assertThat(versionIds(change)).containsExactly("v1", "d2", "v3");
  }

  @Test
  void anUnchangedKeyIsNoChange() {
    List<ListedVersion> listed = List.of(content("v2"), content("v1"));
    assertThat(diff(listed, recorded(listed)).isEmpty()).isTrue();
  }

  @Test
  void aVersionThatAppearsLateGoesBelowTheOneListedAboveIt() {
    List<RecordedVersion> known = recorded(List.of(content("v3"), content("v1")));
    KeyChange change = diff(List.of(content("v3"), content("late"), content("v1")), known);
    assertThat(versionIds(change)).containsExactly("late");
    assertThat(change.appended().getFirst().rank())
        .isBetween(known.get(1).rank() + 1, known.get(0).rank() - 1);
  }

  @Test
  void aRemovedDeleteMarkerShowsTheOlderVersionAgain() {
    List<RecordedVersion> known = recorded(List.of(marker("d2"), content("v1")));
    KeyChange change = diff(List.of(content("v1")), known);
    assertThat(change.purged()).containsExactly(known.getFirst().id());
    assertThat(change.appended()).hasSize(1);
    KeyChange.NewEntry inferred = change.appended().getFirst();
    assertThat(inferred.origin()).isEqualTo(Origin.INFERRED);
    assertThat(inferred.versionId()).isEqualTo(new VersionId("v1"));
    assertThat(inferred.lastModified()).isEqualTo(NOW);
    assertThat(inferred.rank()).isGreaterThan(known.getFirst().rank());
  }

  @Test
  void whatShowedAgainIsPurgedWithTheVersionThatHasItsBytes() {
    List<RecordedVersion> before = recorded(List.of(marker("d2"), content("v1")));
    List<RecordedVersion> known = apply(before, diff(List.of(content("v1")), before));
    RecordedVersion shown = known.getFirst();
    assertThat(shown.origin()).isEqualTo(Origin.INFERRED);
    List<ListedVersion> below = List.of(content("v3"), content("v1"));
    assertThat(diff(below, known).purged()).as("hidden, and still there").isEmpty();
    KeyChange change = diff(List.of(content("v3")), known);
    assertThat(change.purged()).containsExactlyInAnyOrder(shown.id(), known.getLast().id());
    assertThat(KeyDiff.restsOnAbsence(change, new KeyHistory(KEY, known))).isTrue();
    assertThat(diff(List.of(content("v3")), apply(known, change)).isEmpty()).isTrue();
  }

  @Test
  void aKeyThatVanishedIsInferredToBeDeleted() {
    List<RecordedVersion> known = recorded(List.of(content("v1")));
    KeyChange change = diff(List.of(), known);
    assertThat(change.purged()).containsExactly(known.getFirst().id());
    assertThat(change.appended().getFirst().entry()).isEqualTo(new Entry.DeleteMarker());
    assertThat(KeyDiff.restsOnAbsence(change, new KeyHistory(KEY, known))).isTrue();
  }

  @Test
  void anInferredStateIsNotInferredAgain() {
    List<RecordedVersion> known = recorded(List.of(content("v1")));
    List<RecordedVersion> after = apply(known, diff(List.of(), known));
    assertThat(diff(List.of(), after).isEmpty()).isTrue();
  }

  @Test
  void aVersionListedBesideThePropertiesOfAnotherIsCorrected() {
    ListedVersion torn =
        new ListedVersion(
            KEY, new VersionId("v2"), T0, true, new Entry.Content("etag-v1", 10, "STANDARD"));
    List<RecordedVersion> known = recorded(List.of(torn, content("v1")));
    KeyChange change = diff(List.of(content("v2"), content("v1")), known);
    assertThat(versionIds(change)).containsExactly("v2");
    assertThat(change.purged()).containsExactly(known.getFirst().id());
    assertThat(KeyDiff.restsOnAbsence(change, new KeyHistory(KEY, known))).isTrue();
  }

  @Test
  void anotherStorageClassIsTheSameVersion() {
    List<RecordedVersion> known = recorded(List.of(content("v1")));
    ListedVersion moved =
        new ListedVersion(
            KEY, new VersionId("v1"), T0, true, new Entry.Content("etag-v1", 10, "GLACIER"));
    assertThat(diff(List.of(moved), known).isEmpty()).isTrue();
  }

  @Test
  void aPurgedOldVersionChangesNothingAtTheHead() {
    List<RecordedVersion> known = recorded(List.of(content("v2"), content("v1")));
    KeyChange change = diff(List.of(content("v2")), known);
    assertThat(change.appended()).isEmpty();
    assertThat(change.purged()).containsExactly(known.get(1).id());
  }

  @Test
  void anOverwrittenNullVersionIsProvedBySuccessor() {
    ListedVersion before = nullVersion("etag-1", T0);
    ListedVersion after = nullVersion("etag-2", T0);
    List<RecordedVersion> known = recorded(List.of(before));
    KeyChange change = diff(List.of(after), known);
    assertThat(change.appended()).hasSize(1);
    assertThat(change.appended().getFirst().origin()).isEqualTo(Origin.LISTED);
    assertThat(change.purged()).containsExactly(known.getFirst().id());
    assertThat(KeyDiff.restsOnAbsence(change, new KeyHistory(KEY, known))).isFalse();
  }

  @Test
  void aNullVersionListedInAnotherPrecisionIsTheSame() {
    List<RecordedVersion> known = recorded(List.of(nullVersion("etag-1", T0.plusMillis(123))));
    assertThat(diff(List.of(nullVersion("etag-1", T0)), known).isEmpty()).isTrue();
  }

  /// The catalog's newest state always equals the listing's after a diff was applied, whatever
  /// happened between two looks, and a second look finds nothing.
  @Test
  void recordingADiffMakesTheCatalogAgreeWithTheListing() {
    for (long seed = 1; seed <= 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<ListedVersion> bucket = new ArrayList<>();
      List<RecordedVersion> catalog = List.of();
      for (int look = 0; look < 12; look++) {
        mutate(bucket, random, look);
        catalog = apply(catalog, diff(bucket, catalog));
        assertThat(diff(bucket, catalog).isEmpty()).as("seed %d look %d", seed, look).isTrue();
        assertThat(stateOf(catalog.stream().findFirst().map(RecordedVersion::entry)))
            .as("seed %d look %d", seed, look)
            .isEqualTo(stateOf(bucket.stream().findFirst().map(ListedVersion::entry)));
        assertThat(
                catalog.stream()
                    .filter(RecordedVersion::atPrimary)
                    .map(RecordedVersion::versionId)
                    .toList())
            .as("seed %d look %d", seed, look)
            .isEqualTo(bucket.stream().map(ListedVersion::versionId).toList());
      }
    }
  }

  private static Entry stateOf(Optional<Entry> entry) {
    return entry.orElseGet(Entry.DeleteMarker::new);
  }

  private static void mutate(List<ListedVersion> bucket, SplittableRandom random, int look) {
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      String id = look + "-" + i;
      switch (random.nextInt(5)) {
        case 0, 1 -> bucket.addFirst(content("v" + id));
        case 2 -> bucket.addFirst(marker("d" + id));
        case 3 -> {
          if (!bucket.isEmpty()) {
            bucket.remove(random.nextInt(bucket.size()));
          }
        }
        default -> bucket.add(random.nextInt(bucket.size() + 1), content("late" + id));
      }
    }
  }

  private static KeyChange diff(List<ListedVersion> listed, List<RecordedVersion> known) {
    return KeyDiff.of(listed, new KeyHistory(KEY, known), NOW);
  }

  private static List<String> versionIds(KeyChange change) {
    return change.appended().stream().map(entry -> entry.versionId().value()).toList();
  }

  private static List<RecordedVersion> recorded(List<ListedVersion> newestFirst) {
    return apply(List.of(), diff(newestFirst, List.of()));
  }

  private static List<RecordedVersion> apply(List<RecordedVersion> known, KeyChange change) {
    List<RecordedVersion> result = new ArrayList<>();
    long id = known.stream().mapToLong(RecordedVersion::id).max().orElse(0);
    for (RecordedVersion version : known) {
      result.add(
          change.purged().contains(version.id())
              ? new RecordedVersion(
                  version.id(),
                  version.key(),
                  version.rank(),
                  version.origin(),
                  version.versionId(),
                  version.lastModified(),
                  version.entry(),
                  version.seenInScan(),
                  version.visibleAfter(),
                  OptionalLong.of(2),
                  version.sha256())
              : version);
    }
    for (KeyChange.NewEntry entry : change.appended()) {
      result.add(
          new RecordedVersion(
              ++id,
              KEY,
              entry.rank(),
              entry.origin(),
              entry.versionId(),
              entry.lastModified(),
              entry.entry(),
              1,
              Optional.empty(),
              OptionalLong.empty(),
              Optional.empty()));
    }
    result.sort(Comparator.comparingLong(RecordedVersion::rank).reversed());
    return result;
  }

  private static ListedVersion content(String versionId) {
    return new ListedVersion(
        KEY,
        new VersionId(versionId),
        T0,
        false,
        new Entry.Content("etag-" + versionId, 10, "STANDARD"));
  }

  private static ListedVersion marker(String versionId) {
    return new ListedVersion(KEY, new VersionId(versionId), T0, false, new Entry.DeleteMarker());
  }

  private static ListedVersion nullVersion(String etag, Instant at) {
    return new ListedVersion(
        KEY, VersionId.NULL, at, true, new Entry.Content(etag, 10, "STANDARD"));
  }
}
