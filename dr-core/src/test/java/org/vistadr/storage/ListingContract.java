package org.vistadr.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingRequest.Position;

/// The contract's part about keys, listings and versions.
abstract class ListingContract extends ObjectContract {

  @Test
  void oddKeysAreKeptByteForByte() throws Exception {
    for (String odd : oddKeys()) {
      put(odd, odd);
    }
    for (String odd : oddKeys()) {
      assertThat(text(odd, Revision.CURRENT)).as("content of '%s'", odd).isEqualTo(odd);
    }
    assertThat(objects("", 7))
        .extracting(v -> v.key().value())
        .containsExactlyElementsOf(oddKeys().stream().sorted(ObjectKey::compareUtf8).toList());
    if (keepsVersions()) {
      assertThat(versions(7))
          .extracting(v -> v.key().value())
          .containsExactlyElementsOf(oddKeys().stream().sorted(ObjectKey::compareUtf8).toList());
    }
    for (String odd : oddKeys()) {
      store.copy(
          new CopySource(site.bucket(), key(odd), Revision.CURRENT),
          key("copies/" + odd),
          Optional.empty(),
          WriteCondition.ALWAYS);
      assertThat(text("copies/" + odd, Revision.CURRENT)).isEqualTo(odd);
      store.delete(key(odd), WriteCondition.ALWAYS);
      assertThatExceptionOfType(StorageException.NotFound.class)
          .isThrownBy(() -> store.head(key(odd), Revision.CURRENT));
    }
  }

  @Test
  void aListingInAnotherOrderIsAnError() throws Exception {
    put("\uff61", "halfwidth");
    put("🎉", "emoji");
    if (sortsByUtf8()) {
      assertThat(objects("", 1000))
          .extracting(v -> v.key().value())
          .containsExactly("\uff61", "🎉");
    } else {
      assertThatExceptionOfType(StorageException.Unproved.class)
          .isThrownBy(() -> objects("", 1000))
          .withMessageContaining("out of order");
    }
    store.delete(key("🎉"), WriteCondition.ALWAYS);
    for (ListedVersion version : keepsVersions() ? versions(1000) : List.<ListedVersion>of()) {
      store.deleteVersion(version.key(), version.versionId());
    }
  }

  @Test
  void listingsArePagedWithoutGaps() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String name = "k%02d".formatted(i);
      put(name, name);
      expected.add(name);
    }
    assertThat(objects("", 4)).extracting(v -> v.key().value()).isEqualTo(expected);
    assertThat(objects("", 25)).extracting(v -> v.key().value()).isEqualTo(expected);
    assertThat(objects("k1", 3)).hasSize(10);
    assertThat(objects("none", 3)).isEmpty();
    ListingPage after =
        store.listObjects(new ListingRequest("", new Position.AfterKey(key("k20")), 1000));
    assertThat(after.entries()).hasSize(4);
    assertThat(after.next()).isEmpty();
  }

  /// Folders whose names begin alike lie before the place where a page goes on, in a walk through
  /// directories: MinIO counts them to the page and then takes it for the last one.
  @Test
  void listingsOfFoldersArePagedWithoutGaps() throws Exception {
    List<String> expected = new ArrayList<>();
    for (String folder : List.of("a-b/", "a-c/d/", "a/", "a/b-c/", "a/b/", "a/c/", "a/c/d/")) {
      for (int i = 0; i < 6; i++) {
        expected.add(folder + "k" + i);
        put(folder + "k" + i, "");
      }
    }
    expected.sort(ObjectKey::compareUtf8);
    for (int limit : List.of(1, 2, 3, 5, 7, 11)) {
      assertThat(objects("", limit))
          .as("objects, pages of %d", limit)
          .extracting(v -> v.key().value())
          .isEqualTo(expected);
      if (keepsVersions()) {
        assertThat(versions(limit))
            .as("versions, pages of %d", limit)
            .extracting(v -> v.key().value())
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void commonPrefixesAreOfOneLevel() throws Exception {
    put("a/1", "");
    put("a/b/2", "");
    put("c d/3", "");
    put("top", "");
    assertThat(store.commonPrefixes("")).containsExactly("a/", "c d/");
    assertThat(store.commonPrefixes("a/")).containsExactly("a/b/");
  }

  @Test
  void versionsWithinOneSecondAreInOrder() throws Exception {
    keepVersions();
    WriteReceipt first = put("k", "one");
    Optional<VersionId> marker = store.delete(key("k"), WriteCondition.ALWAYS);
    WriteReceipt second = put("k", "two");
    Optional<VersionId> marker2 = store.delete(key("k"), WriteCondition.ALWAYS);
    put("l", "other");
    List<ListedVersion> all = versions(1000);
    assertThat(all)
        .filteredOn(v -> v.key().equals(key("k")))
        .extracting(ListedVersion::versionId)
        .containsExactly(
            marker2.orElseThrow(),
            second.versionId().orElseThrow(),
            marker.orElseThrow(),
            first.versionId().orElseThrow());
    assertThat(all)
        .filteredOn(v -> v.key().equals(key("k")))
        .extracting(v -> v.entry() instanceof Entry.DeleteMarker)
        .containsExactly(true, false, true, false);
    assertThat(all).filteredOn(ListedVersion::latest).hasSize(2);
    assertThat(versions(1)).isEqualTo(all);
    assertThat(versions(3)).isEqualTo(all);
    assertThat(text("k", new Revision.Version(first.versionId().orElseThrow()))).isEqualTo("one");
    assertThat(text("k", new Revision.Version(second.versionId().orElseThrow()))).isEqualTo("two");
    assertThatExceptionOfType(StorageException.NotFound.class)
        .isThrownBy(() -> store.head(key("k"), Revision.CURRENT));
    assertThatExceptionOfType(StorageException.NotFound.class)
        .isThrownBy(
            () -> store.open(key("k"), new Revision.Version(marker.orElseThrow()), ByteRange.ALL));
    ListingPage after =
        store.listVersions(new ListingRequest("", new Position.AfterKey(key("k")), 1000));
    assertThat(after.entries()).extracting(v -> v.key().value()).containsExactly("l");
    ListingPage within =
        store.listVersions(
            new ListingRequest(
                "", new Position.AfterVersion(key("k"), second.versionId().orElseThrow()), 1000));
    assertThat(within.entries()).isEqualTo(all.subList(2, all.size()));
  }

  @Test
  void pagesOfDeleteMarkersOnlyDoNotEndAListing() throws Exception {
    keepVersions();
    for (int i = 0; i < 6; i++) {
      put("k" + i, "x");
      store.delete(key("k" + i), WriteCondition.ALWAYS);
    }
    for (ListedVersion version : versions(1000)) {
      if (version.entry() instanceof Entry.Content) {
        store.deleteVersion(version.key(), version.versionId());
      }
    }
    assertThat(versions(2)).hasSize(6).allMatch(v -> v.entry() instanceof Entry.DeleteMarker);
    assertThat(objects("", 2)).isEmpty();
  }

  @Test
  void aSuspendedBucketOverwritesTheNullVersion() throws Exception {
    keepVersions();
    VersionId kept = put("k", "kept").versionId().orElseThrow();
    TestS3.admin(site, BucketAdmin::suspendVersioning);
    put("k", "first null");
    put("k", "second null");
    assertThat(versions(1000))
        .extracting(ListedVersion::versionId)
        .containsExactly(VersionId.NULL, kept);
    assertThat(text("k", new Revision.Version(VersionId.NULL))).isEqualTo("second null");
    assertThat(text("k", new Revision.Version(kept))).isEqualTo("kept");
  }

  @Test
  void removingOneVersionLeavesTheOthers() throws Exception {
    keepVersions();
    VersionId first = put("k", "one").versionId().orElseThrow();
    VersionId second = put("k", "two").versionId().orElseThrow();
    store.deleteVersion(key("k"), second);
    store.deleteVersion(key("k"), second);
    assertThat(text("k", Revision.CURRENT)).isEqualTo("one");
    assertThat(versions(1000)).extracting(ListedVersion::versionId).containsExactly(first);
  }

  @Test
  void anUnknownVersionIsNeverAnsweredWithAnother() throws Exception {
    put("k", "one");
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() ->
            store.open(
                key("k"),
                new Revision.Version(new VersionId("11111111-1111-1111-1111-111111111111")),
                ByteRange.ALL))
        .isNotInstanceOf(StorageException.AccessDenied.class);
  }
}
