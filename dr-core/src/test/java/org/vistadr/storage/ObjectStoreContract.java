package org.vistadr.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.VersionId;
import org.vistadr.storage.WriteReceipt.Proof;

/// What every store must do, whatever server stands behind it. A server's oddity is an override of
/// a capability, with its reason, in the class that runs this contract against it.
abstract class ObjectStoreContract extends ListingContract {

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
    MultipartUpload upload =
        store.beginMultipart(key("big"), ObjectAttributes.NONE, MultipartUpload.Parts.SENT);
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
    MultipartUpload upload =
        store.beginMultipart(key("target"), ObjectAttributes.NONE, MultipartUpload.Parts.COPIED);
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
    MultipartUpload upload =
        store.beginMultipart(key("unfinished"), ObjectAttributes.NONE, MultipartUpload.Parts.SENT);
    store.uploadPart(upload, 1, WriteBody.Buffered.of(new byte[10]));
    if (listsUploads()) {
      assertThat(store.staleMultiparts(Instant.now().plusSeconds(3600)))
          .extracting(MultipartUpload::uploadId)
          .contains(upload.uploadId());
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
        .withMessageContaining("bucket " + site.bucket());
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
}
