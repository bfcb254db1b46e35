package org.vistadr.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ListingRequest.Position;
import org.vistadr.storage.WriteReceipt.Proof;

/// What every store must do, whatever server stands behind it. A server's oddity is an override of
/// a capability, with its reason, in the class that runs this contract against it.
abstract class ObjectStoreContract {

  /// The server under test, with a bucket that does not exist yet.
  abstract SiteConfig newSite();

  /// Whether buckets can keep versions.
  boolean keepsVersions() {
    return true;
  }

  /// Whether wrong keys are refused.
  boolean checksSignatures() {
    return true;
  }

  /// Odd keys that this server holds.
  List<String> oddKeys() {
    return ALL_ODD_KEYS;
  }

  /// Whether a multipart upload keeps `Expires`.
  boolean keepsExpiresOfMultipart() {
    return true;
  }

  /// Whether listings are ordered by UTF-8 bytes.
  boolean sortsByUtf8() {
    return true;
  }

  /// Whether multipart uploads can be listed.
  boolean listsUploads() {
    return true;
  }

  static final List<String> ALL_ODD_KEYS =
      List.of(
          "plain",
          "with space",
          "plus+plus",
          "percent%41",
          "percent%",
          "question?mark=1&b=2#hash",
          "quote\"s'`",
          "<xml>&amp;",
          "umlaut-äöü-ß",
          "日本語/キー",
          "emoji-🎉",
          "e\u0301-decomposed",
          "é-composed",
          "tilde~star*paren()",
          "semi;colon:comma,equals=",
          "back\\slash",
          "a//b",
          "/leading",
          "a/./b",
          "a/../b",
          "trailing/",
          ".hidden",
          "dots..",
          "@at$dollar!bang",
          "tab\there",
          "[brackets]{braces}|pipe^caret");

  private final List<SiteConfig> buckets = new ArrayList<>();
  private final List<ObjectStore> stores = new ArrayList<>();
  ObjectStore store;
  SiteConfig site;

  @BeforeEach
  void openFreshBucket() {
    site = newSite();
    TestS3.admin(site, BucketAdmin::createBucket);
    buckets.add(site);
    store = open(site);
  }

  @AfterEach
  void removeBuckets() {
    stores.forEach(ObjectStore::close);
    buckets.forEach(used -> TestS3.admin(used, BucketAdmin::deleteBucketAndContents));
  }

  final ObjectStore open(SiteConfig config) {
    ObjectStore opened = TestS3.open(config);
    stores.add(opened);
    return opened;
  }

  final void keepVersions() {
    assumeThat(keepsVersions()).as("the server keeps versions").isTrue();
    TestS3.admin(site, BucketAdmin::enableVersioning);
  }

  static ObjectKey key(String value) {
    return new ObjectKey(value);
  }

  final WriteReceipt put(String key, String text) throws StorageException {
    return store.put(
        new PutRequest(
            key(key),
            ObjectAttributes.ofContentType("text/plain"),
            WriteBody.Buffered.of(text.getBytes(UTF_8)),
            WriteCondition.ALWAYS));
  }

  final byte[] bytes(ObjectKey key, Revision revision, ByteRange range) throws Exception {
    try (ObjectBody body = store.open(key, revision, range)) {
      byte[] bytes = body.stream().readAllBytes();
      assertThat((long) bytes.length).isEqualTo(body.length());
      return bytes;
    }
  }

  final String text(String key, Revision revision) throws Exception {
    return new String(bytes(key(key), revision, ByteRange.ALL), UTF_8);
  }

  final List<ListedVersion> versions(int pageSize) throws StorageException {
    List<ListedVersion> all = new ArrayList<>();
    Optional<Position> next = Optional.of(Position.BEGINNING);
    while (next.isPresent()) {
      ListingPage page = store.listVersions(new ListingRequest("", next.get(), pageSize));
      all.addAll(page.entries());
      next = page.next();
    }
    return all;
  }

  final List<ListedVersion> objects(String prefix, int pageSize) throws StorageException {
    List<ListedVersion> all = new ArrayList<>();
    Optional<Position> next = Optional.of(Position.BEGINNING);
    while (next.isPresent()) {
      ListingPage page = store.listObjects(new ListingRequest(prefix, next.get(), pageSize));
      all.addAll(page.entries());
      next = page.next();
    }
    return all;
  }

  @Test
  void aNewBucketIsUnversionedAndTellsTheTime() throws Exception {
    BucketState state = store.bucketState();
    assertThat(state.regime()).isEqualTo(Regime.UNVERSIONED);
    assertThat(state.serverTime())
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
  }

  @Test
  void theRegimeFollowsTheBucketsVersioning() throws Exception {
    keepVersions();
    assertThat(store.bucketState().regime()).isEqualTo(Regime.VERSIONED);
    TestS3.admin(site, BucketAdmin::suspendVersioning);
    assertThat(store.bucketState().regime()).isEqualTo(Regime.SUSPENDED);
  }

  @Test
  void whatWasWrittenIsRead() throws Exception {
    WriteReceipt receipt = put("a/b.txt", "hello");
    assertThat(receipt.etag()).isNotEmpty().doesNotContain("\"");
    assertThat(text("a/b.txt", Revision.CURRENT)).isEqualTo("hello");
    ObjectHead head = store.head(key("a/b.txt"), Revision.CURRENT);
    assertThat(head.size()).isEqualTo(5);
    assertThat(head.etag()).isEqualTo(receipt.etag());
    assertThat(head.attributes().contentType()).contains("text/plain");
  }

  @Test
  void aWriteIsProvedByItsChecksumWhereTheTagIsAnMd5() throws Exception {
    WriteReceipt buffered = put("buffered", "hello");
    byte[] data = "streamed bytes".getBytes(UTF_8);
    WriteReceipt streamed =
        store.put(
            new PutRequest(
                key("streamed"),
                ObjectAttributes.NONE,
                new WriteBody.Streamed(
                    new ByteArrayInputStream(data), data.length, Optional.empty()),
                WriteCondition.ALWAYS));
    Proof expected = store.profile().etagIsMd5() ? Proof.CHECKSUM_MATCHED : Proof.READ_BACK_NEEDED;
    assertThat(buffered.proof()).isEqualTo(expected);
    assertThat(streamed.proof()).isEqualTo(expected);
    assertThat(text("streamed", Revision.CURRENT)).isEqualTo("streamed bytes");
  }

  @Test
  void anEmptyObjectIsAnObject() throws Exception {
    put("empty", "");
    store.put(
        new PutRequest(
            key("empty-streamed"),
            ObjectAttributes.NONE,
            new WriteBody.Streamed(new ByteArrayInputStream(new byte[0]), 0, Optional.empty()),
            WriteCondition.ALWAYS));
    assertThat(text("empty", Revision.CURRENT)).isEmpty();
    assertThat(text("empty-streamed", Revision.CURRENT)).isEmpty();
    assertThat(objects("", 1000)).extracting(v -> v.entry().bytes()).containsExactly(0L, 0L);
  }

  @Test
  void aSourceOfAnotherLengthFailsTheWriteAndLeavesNoCutObject() throws Exception {
    for (int announced : new int[] {9, 11}) {
      assertThatExceptionOfType(StorageException.CorruptBody.class)
          .isThrownBy(() ->
              store.put(
                  new PutRequest(
                      key("cut"),
                      ObjectAttributes.NONE,
                      new WriteBody.Streamed(
                          new ByteArrayInputStream(new byte[10]), announced, Optional.empty()),
                      WriteCondition.ALWAYS)));
      assertThatExceptionOfType(StorageException.NotFound.class)
          .isThrownBy(() -> store.head(key("cut"), Revision.CURRENT));
    }
  }

  @Test
  void aRangeGivesItsBytesAndTheWholeSize() throws Exception {
    put("range", "0123456789");
    try (ObjectBody body = store.open(key("range"), Revision.CURRENT, new ByteRange.Slice(3, 4))) {
      assertThat(new String(body.stream().readAllBytes(), UTF_8)).isEqualTo("3456");
      assertThat(body.length()).isEqualTo(4);
      assertThat(body.head().size()).isEqualTo(10);
    }
    assertThat(bytes(key("range"), Revision.CURRENT, new ByteRange.Slice(9, 1))).hasSize(1);
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> store.open(key("range"), Revision.CURRENT, new ByteRange.Slice(8, 5)));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> store.open(key("range"), Revision.CURRENT, new ByteRange.Slice(10, 1)));
  }

  @Test
  void aBodyMayBeLeftUnread() throws Exception {
    put("big", "x".repeat(3_000_000));
    for (int i = 0; i < 50; i++) {
      try (ObjectBody body = store.open(key("big"), Revision.CURRENT, ByteRange.ALL)) {
        assertThat(body.stream().read()).isEqualTo('x');
      }
    }
    assertThat(store.head(key("big"), Revision.CURRENT).size()).isEqualTo(3_000_000);
  }

  @Test
  void attributesTravel() throws Exception {
    Map<String, String> metadata = new TreeMap<>(Map.of("plain", "value", "dashed-name", "a  b"));
    metadata.put("unicode", "Ünïcödé 日本 À ".strip() + "x".repeat(100) + "ß");
    ObjectAttributes attributes =
        new ObjectAttributes(
            Optional.of("image/png; x=y"),
            Optional.of("gzip"),
            Optional.of("attachment; filename=\"a b.png\""),
            Optional.of("de"),
            Optional.of("max-age=60"),
            Optional.of("Wed, 21 Oct 2099 07:28:00 GMT"),
            Optional.empty(),
            new TreeMap<>(metadata),
            new TreeMap<>());
    store.put(
        new PutRequest(
            key("attributes"),
            attributes,
            WriteBody.Buffered.of(new byte[] {1}),
            WriteCondition.ALWAYS));
    ObjectAttributes read = store.head(key("attributes"), Revision.CURRENT).attributes();
    assertThat(read.withStorageClass(Optional.empty())).isEqualTo(attributes);
    MultipartUpload upload = store.beginMultipart(key("multipart"), attributes);
    UploadedPart part = store.uploadPart(upload, 1, WriteBody.Buffered.of(new byte[] {1, 2}));
    store.completeMultipart(upload, List.of(part), WriteCondition.ALWAYS);
    ObjectAttributes ofMultipart = store.head(key("multipart"), Revision.CURRENT).attributes();
    if (keepsExpiresOfMultipart()) {
      assertThat(ofMultipart.expires()).isEqualTo(attributes.expires());
    }
    assertThat(ofMultipart)
        .usingRecursiveComparison()
        .ignoringFields("expires", "storageClass")
        .isEqualTo(attributes);
  }

  @Test
  void tagsTravel() throws Exception {
    assumeThat(store.profile().tagging()).as("the server has tags").isTrue();
    TreeMap<String, String> tags = new TreeMap<>(Map.of("team", "a b", "other", "c+d=e"));
    store.put(
        new PutRequest(
            key("tagged"),
            ObjectAttributes.NONE.withTags(tags),
            WriteBody.Buffered.of(new byte[] {1}),
            WriteCondition.ALWAYS));
    assertThat(store.tags(key("tagged"), Revision.CURRENT)).isEqualTo(tags);
    assertThat(store.head(key("tagged"), Revision.CURRENT).tagCount()).isIn(0, 2);
  }

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

  @Test
  void aPinnedReadFailsOnceTheObjectChanged() throws Exception {
    String etag = put("k", "one").etag();
    assertThat(text("k", new Revision.Matching(etag))).isEqualTo("one");
    put("k", "two");
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() -> store.open(key("k"), new Revision.Matching(etag), ByteRange.ALL));
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() -> store.head(key("k"), new Revision.Matching(etag)));
  }

  @Test
  void conditionalWritesHoldTheirCondition() throws Exception {
    PutRequest absent =
        new PutRequest(
            key("k"),
            ObjectAttributes.NONE,
            WriteBody.Buffered.of("one".getBytes(UTF_8)),
            WriteCondition.ABSENT);
    WriteReceipt first = store.put(absent);
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() -> store.put(absent));
    PutRequest matching =
        new PutRequest(
            key("k"),
            ObjectAttributes.NONE,
            WriteBody.Buffered.of("two".getBytes(UTF_8)),
            new WriteCondition.Matching(first.etag()));
    store.put(matching);
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() -> store.put(matching));
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() ->
            store.put(
                new PutRequest(
                    key("nothing"),
                    ObjectAttributes.NONE,
                    WriteBody.Buffered.of(new byte[0]),
                    new WriteCondition.Matching(first.etag()))));
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() -> store.delete(key("k"), new WriteCondition.Matching(first.etag())));
    assertThat(text("k", Revision.CURRENT)).isEqualTo("two");
  }

  @Test
  void aMultipartUploadGivesTheSumOfItsParts() throws Exception {
    int partSize = (int) store.profile().minPartSize();
    byte[] one = new byte[partSize];
    new java.util.Random(7).nextBytes(one);
    byte[] two = new byte[1234];
    new java.util.Random(8).nextBytes(two);
    MultipartUpload upload = store.beginMultipart(key("big"), ObjectAttributes.NONE);
    UploadedPart second =
        store.uploadPart(
            upload,
            2,
            new WriteBody.Streamed(new ByteArrayInputStream(two), two.length, Optional.empty()));
    UploadedPart first = store.uploadPart(upload, 1, WriteBody.Buffered.of(one));
    WriteReceipt receipt =
        store.completeMultipart(upload, List.of(first, second), WriteCondition.ALWAYS);
    assertThat(receipt.etag()).isNotEmpty();
    assertThat(store.head(key("big"), Revision.CURRENT).etag()).isEqualTo(receipt.etag());
    byte[] read = bytes(key("big"), Revision.CURRENT, ByteRange.ALL);
    assertThat(read).hasSize(one.length + two.length);
    assertThat(java.util.Arrays.copyOf(read, one.length)).isEqualTo(one);
    assertThat(java.util.Arrays.copyOfRange(read, one.length, read.length)).isEqualTo(two);
  }

  @Test
  void aPartCanBeCopiedFromAnObject() throws Exception {
    put("source", "0123456789");
    MultipartUpload upload = store.beginMultipart(key("target"), ObjectAttributes.NONE);
    UploadedPart part =
        store.copyPart(
            upload,
            1,
            new CopySource(site.bucket(), key("source"), Revision.CURRENT),
            new ByteRange.Slice(2, 5));
    store.completeMultipart(upload, List.of(part), WriteCondition.ALWAYS);
    assertThat(text("target", Revision.CURRENT)).isEqualTo("23456");
  }

  @Test
  void unfinishedUploadsAreFoundAndAborted() throws Exception {
    MultipartUpload upload = store.beginMultipart(key("unfinished"), ObjectAttributes.NONE);
    store.uploadPart(upload, 1, WriteBody.Buffered.of(new byte[10]));
    if (listsUploads()) {
      assertThat(store.staleMultiparts(Instant.now().plusSeconds(3600))).contains(upload);
      assertThat(store.staleMultiparts(Instant.now().minusSeconds(3600))).isEmpty();
    }
    store.abortMultipart(upload);
    store.abortMultipart(upload);
    assertThat(store.staleMultiparts(Instant.now().plusSeconds(3600))).isEmpty();
    assertThatExceptionOfType(StorageException.NotFound.class)
        .isThrownBy(() -> store.head(key("unfinished"), Revision.CURRENT));
  }

  @Test
  void copiesKeepOrReplaceAttributes() throws Exception {
    WriteReceipt source = put("source", "content");
    CopySource pinned =
        new CopySource(site.bucket(), key("source"), new Revision.Matching(source.etag()));
    WriteReceipt kept = store.copy(pinned, key("kept"), Optional.empty(), WriteCondition.ALWAYS);
    if (store.profile().etagIsMd5()) {
      assertThat(kept.proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
    }
    assertThat(text("kept", Revision.CURRENT)).isEqualTo("content");
    assertThat(store.head(key("kept"), Revision.CURRENT).attributes().contentType())
        .contains("text/plain");
    store.copy(
        pinned,
        key("replaced"),
        Optional.of(ObjectAttributes.ofContentType("image/png")),
        WriteCondition.ALWAYS);
    assertThat(store.head(key("replaced"), Revision.CURRENT).attributes().contentType())
        .contains("image/png");
    put("source", "changed");
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() -> store.copy(pinned, key("late"), Optional.empty(), WriteCondition.ALWAYS));
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() ->
            store.copy(
                new CopySource(site.bucket(), key("source"), Revision.CURRENT),
                key("kept"),
                Optional.empty(),
                WriteCondition.ABSENT));
  }

  @Test
  void anOldVersionCanBeCopiedBack() throws Exception {
    keepVersions();
    VersionId old = put("k", "old").versionId().orElseThrow();
    put("k", "new");
    WriteReceipt receipt =
        store.copy(
            new CopySource(site.bucket(), key("k"), new Revision.Version(old)),
            key("k"),
            Optional.empty(),
            WriteCondition.ALWAYS);
    assertThat(text("k", Revision.CURRENT)).isEqualTo("old");
    assertThat(receipt.versionId()).isPresent();
    assertThat(versions(1000)).hasSize(3);
  }

  @Test
  void absenceAndRefusalAreDifferent() throws Exception {
    assertThatExceptionOfType(StorageException.NotFound.class)
        .isThrownBy(() -> store.open(key("missing"), Revision.CURRENT, ByteRange.ALL));
    assertThatExceptionOfType(StorageException.NotFound.class)
        .isThrownBy(() -> store.head(key("missing"), Revision.CURRENT));
    ObjectStore nowhere = open(withBucket("no-such-bucket-" + TestS3.freshName()));
    assertThatExceptionOfType(StorageException.BucketMissing.class)
        .isThrownBy(() -> nowhere.listObjects(ListingRequest.ALL));
    assertThatExceptionOfType(StorageException.BucketMissing.class)
        .isThrownBy(() -> nowhere.head(key("k"), Revision.CURRENT));
    assertThatExceptionOfType(StorageException.BucketMissing.class)
        .isThrownBy(() -> nowhere.open(key("k"), Revision.CURRENT, ByteRange.ALL));
  }

  @Test
  void aWrongSecretIsAccessDeniedAndDoesNotShow() throws Exception {
    assumeThat(checksSignatures()).as("the server checks signatures").isTrue();
    put("k", "x");
    SiteConfig.Credentials.Keys keys = (SiteConfig.Credentials.Keys) site.credentials();
    ObjectStore wrong =
        open(
            new SiteConfig(
                site.name(),
                site.endpoint(),
                site.region(),
                site.bucket(),
                new SiteConfig.Credentials.Keys(keys.accessKey(), new Secret("not-the-secret")),
                site.profile(),
                site.limits()));
    assertThatExceptionOfType(StorageException.AccessDenied.class)
        .isThrownBy(() -> wrong.listObjects(ListingRequest.ALL))
        .withMessageNotContaining("not-the-secret")
        .withMessageContaining("HINT:");
    assertThatExceptionOfType(StorageException.AccessDenied.class)
        .isThrownBy(() -> wrong.head(key("k"), Revision.CURRENT));
    assertThatExceptionOfType(StorageException.AccessDenied.class)
        .isThrownBy(() -> wrong.open(key("missing"), Revision.CURRENT, ByteRange.ALL));
  }

  @Test
  void aLinkReadsWithoutKeys() throws Exception {
    put("dir/a b.txt", "linked");
    String link =
        store.presignGet(key("dir/a b.txt"), Revision.CURRENT, java.time.Duration.ofMinutes(5));
    try (var in = java.net.URI.create(link).toURL().openStream()) {
      assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("linked");
    }
  }

  @Test
  void storesOfOneAccountShareTheEndpoint() {
    ObjectStore other = open(withBucket("another"));
    assertThat(store.sharesEndpointWith(other)).isTrue();
  }

  final SiteConfig withBucket(String bucket) {
    return new SiteConfig(
        site.name(),
        site.endpoint(),
        site.region(),
        bucket,
        site.credentials(),
        site.profile(),
        site.limits());
  }
}
