package org.vistadr.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.Regime;
import org.vistadr.storage.WriteReceipt.Proof;

/// The contract's part about single objects: bytes, ranges, attributes, tags.
abstract class ObjectContract extends ContractBucket {

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
    // Class and encryption are the site's own.
    assertThat(read)
        .usingRecursiveComparison()
        .ignoringFields("storageClass", "encryption")
        .isEqualTo(attributes);
    MultipartUpload upload =
        store.beginMultipart(key("multipart"), attributes, MultipartUpload.Parts.SENT);
    UploadedPart part = store.uploadPart(upload, 1, WriteBody.Buffered.of(new byte[] {1, 2}));
    store.completeMultipart(upload, List.of(part), WriteCondition.ALWAYS);
    ObjectAttributes ofMultipart = store.head(key("multipart"), Revision.CURRENT).attributes();
    if (keepsExpiresOfMultipart()) {
      assertThat(ofMultipart.expires()).isEqualTo(attributes.expires());
    }
    assertThat(ofMultipart)
        .usingRecursiveComparison()
        .ignoringFields("expires", "storageClass", "encryption")
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
}
