package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.VersionId;

class HistoryKeysTest {

  @Test
  void thePlaceIsReadableReservedAndAlwaysTheSame() {
    RecordedVersion version = version("projects/abc-123/image.jpg", "v1");
    ObjectKey place = HistoryKeys.of(version);
    assertThat(place.value())
        .matches("\\.vistadr/history/projects/abc-123/image\\.jpg/20261102T091500Z-[0-9a-f]{16}");
    assertThat(place.isReserved()).isTrue();
    assertThat(HistoryKeys.of(version)).isEqualTo(place);
  }

  @Test
  void twoVersionsOfTheSameSecondHaveTwoPlaces() {
    assertThat(HistoryKeys.of(version("a", "v1"))).isNotEqualTo(HistoryKeys.of(version("a", "v2")));
  }

  @Test
  void oddKeysHaveDifferentPlacesWithoutSegmentsThatProvidersRefuse() {
    List<String> keys =
        List.of("a", "a/", "a//b", "a/b", "/a", "a/../b", "a/%2E%2E/b", "a/%/b", "./a", "..", "%");
    Set<ObjectKey> places = new HashSet<>();
    for (String key : keys) {
      ObjectKey place = HistoryKeys.of(version(key, "v1"));
      assertThat(places.add(place)).as(key).isTrue();
      assertThat(List.of(place.value().split("/", -1))).doesNotContain("", ".", "..");
    }
  }

  @Test
  void aKeyOfFullLengthFits() {
    ObjectKey place = HistoryKeys.of(version("k".repeat(ObjectKey.MAX_BYTES), "v1"));
    assertThat(place.value()).startsWith(".vistadr/history-by-hash/");
  }

  private static RecordedVersion version(String key, String versionId) {
    return new RecordedVersion(
        1,
        new ObjectKey(key),
        1,
        Origin.LISTED,
        new VersionId(versionId),
        Instant.parse("2026-11-02T09:15:00Z"),
        new Entry.Content("e", 1, "STANDARD"),
        1,
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }
}
