package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vistadr.catalog.CatalogFixture.B2;
import static org.vistadr.catalog.CatalogFixture.START;
import static org.vistadr.catalog.CatalogFixture.append;
import static org.vistadr.catalog.CatalogFixture.content;
import static org.vistadr.catalog.CatalogFixture.key;
import static org.vistadr.catalog.CatalogFixture.marker;
import static org.vistadr.catalog.CatalogFixture.purge;
import static org.vistadr.catalog.CatalogFixture.rank;
import static org.vistadr.catalog.CatalogFixture.record;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.Entry;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Sha256;
import org.vistadr.model.VersionId;

final class VersionLogTest {

  @TempDir Path directory;
  private Catalog catalog;

  @BeforeEach
  void open() {
    catalog = CatalogFixture.open(directory, B2);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void everyFieldComesBackExactly() {
    Instant nanos = Instant.parse("2026-02-03T04:05:06.123456789Z");
    KeyChange.NewEntry entry =
        new KeyChange.NewEntry(
            rank(0),
            Origin.INFERRED,
            new VersionId("vé"),
            Instant.parse("1969-12-31T23:59:59.999999999Z"),
            new Entry.Content("etag-3", Long.MAX_VALUE, "GLACIER"));
    catalog.versions().record(7, Optional.of(nanos), List.of(append("k", entry)), Long.MAX_VALUE);
    assertThat(catalog.versions().find(1))
        .contains(
            new RecordedVersion(
                1,
                key("k"),
                rank(0),
                Origin.INFERRED,
                new VersionId("vé"),
                Instant.parse("1969-12-31T23:59:59.999999999Z"),
                new Entry.Content("etag-3", Long.MAX_VALUE, "GLACIER"),
                7,
                Optional.of(nanos),
                OptionalLong.empty(),
                Optional.empty()));
    assertThat(catalog.versions().find(2)).isEmpty();
    assertThat(catalog.versions().history(key("nothing")).newestFirst()).isEmpty();
  }

  @Test
  void keysAreOrderedByTheirUnsignedBytes() {
    String longest = "z".repeat(ObjectKey.MAX_BYTES);
    List<String> keys =
        List.of("\u0001", "A", "a", "a/", "a0", "\u007f", "\u0080", "é", "\uffff", "😀", longest);
    List<KeyChange> changes = new ArrayList<>();
    keys.forEach(name -> changes.add(append(name, content(0, 1))));
    record(catalog, 1, changes.toArray(new KeyChange[0]));
    List<ObjectKey> expected = keys.stream().map(ObjectKey::new).sorted().toList();
    assertThat(keys(catalog.versions().histories(KeyRange.ALL))).isEqualTo(expected);
    for (ObjectKey after : expected) {
      for (ObjectKey upTo : expected) {
        KeyRange range = new KeyRange(Optional.of(after), Optional.of(upTo));
        assertThat(keys(catalog.versions().histories(range)))
            .isEqualTo(expected.stream().filter(range::contains).toList());
      }
    }
  }

  @Test
  void prefixesCutByBytesAndGoOnAfterAKey() {
    record(
        catalog,
        1,
        append("a", content(0, 1)),
        append("a/b", content(0, 1)),
        append("a/é", content(0, 1)),
        append("a0", content(0, 1)),
        append("b", content(0, 1)));
    assertThat(keys(catalog.versions().histories("a/", Optional.empty())))
        .containsExactly(key("a/b"), key("a/é"));
    assertThat(keys(catalog.versions().histories("a/", Optional.of(key("a/b")))))
        .containsExactly(key("a/é"));
    assertThat(keys(catalog.versions().histories("a/", Optional.of(key("A"))))).hasSize(2);
    assertThat(keys(catalog.versions().histories("", Optional.of(key("a0")))))
        .containsExactly(key("b"));
    assertThat(keys(catalog.versions().histories("é", Optional.empty()))).isEmpty();
  }

  @Test
  void historiesComeWholeWhereverAPageEnds() {
    Map<ObjectKey, Integer> expected = new TreeMap<>();
    for (int i = 0; i < 12; i++) {
      KeyChange.NewEntry[] entries = new KeyChange.NewEntry[1 + (i * 5) % 7];
      for (int rank = 0; rank < entries.length; rank++) {
        entries[rank] = content(rank, 1);
      }
      record(catalog, 1, append("key" + i, entries));
      expected.put(key("key" + i), entries.length);
    }
    Store store = catalog.store();
    for (int rowsPerPage = 1; rowsPerPage < 50; rowsPerPage++) {
      HistoryPages pages =
          new HistoryPages(store, rowsPerPage, rowsPerPage, new byte[0], Optional.empty());
      Map<ObjectKey, Integer> found = new TreeMap<>();
      while (pages.peekKey().isPresent()) {
        ObjectKey peeked = pages.peekKey().orElseThrow();
        KeyHistory history = pages.next().orElseThrow();
        assertThat(history.key()).isEqualTo(peeked);
        assertThat(history.newestFirst())
            .extracting(RecordedVersion::rank)
            .isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(found.put(peeked, history.newestFirst().size())).isNull();
      }
      assertThat(found).isEqualTo(expected);
      assertThat(pages.next()).isEmpty();
    }
  }

  @Test
  void recordingTheSameTwiceChangesNothing() {
    for (int i = 0; i < 2; i++) {
      record(catalog, 1, append("a", content(1, 5), content(0, 3)));
    }
    record(catalog, 2, purge("a", 1L));
    record(catalog, 3, purge("a", 1L));
    assertThat(catalog.versions().history(key("a")).newestFirst())
        .extracting(RecordedVersion::id)
        .containsExactly(2L, 1L);
    assertThat(catalog.versions().find(1).orElseThrow().purgedInScan()).hasValue(2);
    assertThat(catalog.queue().backlog(B2).missed()).isEqualTo(1);
    assertThat(catalog.versions().totals()).isEqualTo(new VersionLog.Totals(1, 5, 0, 0, 0));
  }

  @Test
  void anotherEntryAtATakenRankAndAPurgeOfAnotherKeysVersionAreRefused() {
    record(catalog, 1, append("a", content(0, 3)));
    assertThatThrownBy(
            () -> record(catalog, 1, append("b", content(0, 1)), append("a", content(0, 4))))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("rank");
    assertThatThrownBy(() -> record(catalog, 1, append("b", content(0, 1)), purge("b", 1L)))
        .isInstanceOf(CatalogException.class);
    assertThat(catalog.versions().history(key("b")).newestFirst()).isEmpty();
    assertThat(catalog.queue().backlog(B2).pendingObjects()).isEqualTo(1);
  }

  @Test
  void oneKeyMayComeTwiceInOneCall() {
    record(catalog, 1, append("a", content(0, 3)), append("a", content(0, 3), content(1, 4)));
    assertThat(catalog.versions().history(key("a")).newestFirst()).hasSize(2);
    assertThat(catalog.versions().totals()).isEqualTo(new VersionLog.Totals(1, 4, 1, 3, 0));
  }

  @Test
  void whatReadingTaughtIsKept() {
    record(catalog, 1, append("a", content(0, 3)));
    assertThat(catalog.versions().attributes(1)).isEmpty();
    Sha256 hash = Sha256.digest(new byte[] {1, 2, 3}, 0, 3);
    ObjectAttributes attributes =
        new ObjectAttributes(
            Optional.of("image/png"),
            Optional.of("gzip"),
            Optional.of("attachment; filename=\"ä\""),
            Optional.of("de"),
            Optional.of("no-cache"),
            Optional.of("never"),
            Optional.of("STANDARD_IA"),
            new TreeMap<>(Map.of("a", "b", "empty", "")),
            new TreeMap<>(Map.of("t", "ü")));
    catalog.versions().annotate(Map.of(1L, new VersionLog.Annotation(hash, ObjectAttributes.NONE)));
    catalog.versions().annotate(Map.of(1L, new VersionLog.Annotation(hash, attributes)));
    assertThat(catalog.versions().attributes(1)).contains(attributes);
    assertThat(catalog.versions().find(1).orElseThrow().sha256()).contains(hash);
    Sha256 other = Sha256.digest(new byte[] {4}, 0, 1);
    catalog.versions().annotate(Map.of(1L, new VersionLog.Annotation(other, attributes)));
    assertThat(catalog.versions().find(1).orElseThrow().sha256()).contains(other);
  }

  @Test
  void totalsFollowWhatIsCurrentAtThePrimary() {
    record(catalog, 1, append("a", content(0, 1), content(1, 2)), append("b", content(0, 4)));
    assertThat(catalog.versions().totals()).isEqualTo(new VersionLog.Totals(2, 6, 1, 1, 0));
    record(catalog, 2, append("a", marker(2)));
    assertThat(catalog.versions().totals()).isEqualTo(new VersionLog.Totals(1, 4, 2, 3, 1));
    // The marker is removed for good, so the content below it shows again.
    record(catalog, 3, purge("a", 4L));
    assertThat(catalog.versions().totals()).isEqualTo(new VersionLog.Totals(2, 6, 1, 1, 0));
    // An unversioned bucket overwrites in place.
    record(catalog, 4, new KeyChange(key("b"), List.of(content(1, 8)), List.of(3L)));
    assertThat(catalog.versions().totals()).isEqualTo(new VersionLog.Totals(2, 10, 1, 1, 0));
    // What only we infer is not at the primary.
    record(
        catalog,
        5,
        new KeyChange(
            key("b"),
            List.of(
                new KeyChange.NewEntry(
                    rank(2), Origin.INFERRED, VersionId.NULL, START, new Entry.DeleteMarker())),
            List.of(5L)));
    assertThat(catalog.versions().totals()).isEqualTo(new VersionLog.Totals(1, 2, 1, 1, 0));
  }

  @Test
  void splitKeysCutIntoAboutEqualParts() {
    assertThat(catalog.versions().splitKeys(4)).isEmpty();
    List<KeyChange> changes = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      changes.add(append("k%05d".formatted(i), content(0, 1)));
    }
    record(catalog, 1, changes.toArray(new KeyChange[0]));
    assertThat(catalog.versions().splitKeys(1)).isEmpty();
    List<ObjectKey> cuts = catalog.versions().splitKeys(4);
    assertThat(cuts).hasSize(3).isSorted();
    int before = 0;
    for (ObjectKey cut : cuts) {
      int position = Integer.parseInt(cut.value().substring(1));
      assertThat(position - before).isBetween(1_100, 1_900);
      before = position;
    }
  }

  private static List<ObjectKey> keys(HistoryCursor cursor) {
    List<ObjectKey> keys = new ArrayList<>();
    for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
      keys.add(next.get().key());
    }
    return keys;
  }
}
