package org.vistadr.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.ListingRequest.Position;

/// A fresh bucket of the server under test, what that server can do, and short ways to use it.
abstract class ContractBucket {
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
