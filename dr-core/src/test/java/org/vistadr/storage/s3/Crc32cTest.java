package org.vistadr.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vistadr.embedded.FaultyS3;
import org.vistadr.embedded.FaultyS3.Call;
import org.vistadr.embedded.FaultyS3.Fault;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.MultipartUpload;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.RequestObserver;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.UploadedPart;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.storage.WriteReceipt.Proof;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.StoreSource;
import org.vistadr.storage.transfer.TransferLimits;

/// Writes that the site proves by their CRC32C, where it really checks it, and by MD5 elsewhere.
/// Whichever it is, bytes that change on the way are never taken for good.
final class Crc32cTest {

  private static final ObjectKey KEY = new ObjectKey("k");
  private static final byte[] DATA = random(300 << 10);

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private FaultyS3 faulty;
  private ObjectStore store;

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
      faulty.close();
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /// @param server `minio` checks, `moto` tells what it was told, `s3proxy` does neither
  private void open(String server) throws Exception {
    SiteConfig site =
        switch (server) {
          case "s3proxy" -> checking(TestS3.versioned(SiteName.PRIMARY));
          case "moto" -> madeAt(S3Servers.moto(), server, "aws");
          default -> madeAt(S3Servers.minio(), server, "minio");
        };
    faulty = FaultyS3.before(site);
    store =
        ObjectStores.open(
            faulty.through(site),
            () -> Instant.now().plus(ahead.get()),
            RequestObserver.NONE,
            new Random(1),
            _ -> {});
  }

  private static SiteConfig madeAt(
      Optional<S3Servers.Running> running, String server, String profile) {
    assumeThat(running).as("a server " + server).isPresent();
    SiteConfig site =
        checking(S3Servers.site(running.get(), SiteName.PRIMARY, TestS3.freshName(), profile));
    TestS3.admin(site, BucketAdmin::createBucket);
    return site;
  }

  private static SiteConfig checking(SiteConfig site) {
    return new SiteConfig(
        site.name(),
        site.endpoint(),
        site.region(),
        site.bucket(),
        site.credentials(),
        S3Servers.withCrc32c(site.profile()),
        site.limits());
  }

  private static WriteBody.Streamed stream(byte[] data) {
    return new WriteBody.Streamed(new ByteArrayInputStream(data), data.length, Optional.empty());
  }

  private WriteReceipt put(WriteBody body) throws StorageException {
    return put(body, ObjectAttributes.NONE);
  }

  private WriteReceipt put(WriteBody body, ObjectAttributes attributes) throws StorageException {
    return store.put(new PutRequest(KEY, attributes, body, WriteCondition.ALWAYS));
  }

  private MultipartUpload begin() throws StorageException {
    return store.beginMultipart(KEY, ObjectAttributes.NONE, MultipartUpload.Parts.SENT);
  }

  private static boolean isPart(Call call) {
    return call.isPut("/k") && call.query().contains("partNumber=");
  }

  private List<Call> questions() {
    return faulty.calls(call -> call.path().endsWith("/.vistadr/check/crc32c"));
  }

  private void requireNothingThere() {
    assertThatExceptionOfType(StorageException.NotFound.class)
        .isThrownBy(() -> store.head(KEY, Revision.CURRENT));
  }

  @Test
  void aSiteThatChecksIsAskedOnceAndLeftAsItWas() throws Exception {
    open("minio");
    for (int i = 0; i < 3; i++) {
      assertThat(put(stream(DATA)).proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
      MultipartUpload upload = begin();
      assertThat(upload.crc32c()).isTrue();
      store.abortMultipart(upload);
    }
    assertThat(questions())
        .extracting(Call::method)
        .containsExactly("POST", "PUT", "PUT", "DELETE");
    assertThat(store.staleMultiparts(Instant.now().plusSeconds(3600))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"minio", "moto", "s3proxy"})
  void whateverTheSiteChecksWritesAreProved(String server) throws Exception {
    open(server);
    Sha256 wanted = Sha256.digest(DATA, 0, DATA.length);
    for (WriteBody body : List.of(stream(DATA), WriteBody.Buffered.of(DATA))) {
      WriteReceipt receipt = put(body);
      assertThat(receipt.proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
      assertThat(ObjectTransfer.hash(store, KEY, receipt.written())).isEqualTo(wanted);
      assertThat(store.head(KEY, receipt.written()).attributes().contentEncoding()).isEmpty();
    }
    MultipartUpload upload = begin();
    assertThat(upload.crc32c()).isEqualTo(server.equals("minio"));
    byte[] first = random(5 << 20);
    List<UploadedPart> parts =
        List.of(
            store.uploadPart(upload, 1, stream(first)),
            store.uploadPart(upload, 2, WriteBody.Buffered.of(DATA)));
    assertThat(parts).extracting(UploadedPart::proof).containsOnly(Proof.CHECKSUM_MATCHED);
    assertThat(parts)
        .allSatisfy(part -> assertThat(part.crc32c().isPresent()).isEqualTo(upload.crc32c()));
    WriteReceipt whole = store.completeMultipart(upload, parts, WriteCondition.ALWAYS);
    assertThat(whole.proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
    assertThat(whole.etag()).endsWith("-2");
    byte[] all = new byte[first.length + DATA.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(DATA, 0, all, first.length, DATA.length);
    assertThat(ObjectTransfer.hash(store, KEY, whole.written()))
        .isEqualTo(Sha256.digest(all, 0, all.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"minio", "moto", "s3proxy"})
  void aPartThatChangesOnTheWayIsRefused(String server) throws Exception {
    open(server);
    MultipartUpload upload = begin();
    faulty.add(Crc32cTest::isPart, 1, new Fault.FlipSentByte(1000));
    assertThatExceptionOfType(StorageException.CorruptBody.class)
        .isThrownBy(() -> store.uploadPart(upload, 1, stream(DATA)));
    // One from memory is sent again at once.
    faulty.add(Crc32cTest::isPart, 1, new Fault.FlipSentByte(1000));
    UploadedPart part = store.uploadPart(upload, 1, WriteBody.Buffered.of(DATA));
    assertThat(part.proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
    assertThat(faulty.calls(Crc32cTest::isPart)).hasSize(3);
    WriteReceipt whole = store.completeMultipart(upload, List.of(part), WriteCondition.ALWAYS);
    assertThat(ObjectTransfer.hash(store, KEY, whole.written()))
        .isEqualTo(Sha256.digest(DATA, 0, DATA.length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"minio", "s3proxy"})
  void aStreamThatChangesOnTheWayIsRefused(String server) throws Exception {
    open(server);
    faulty.add(call -> call.isPut("/k"), 1, new Fault.FlipSentByte(1000));
    assertThatExceptionOfType(StorageException.CorruptBody.class)
        .isThrownBy(() -> put(stream(DATA)));
    if (server.equals("minio")) {
      requireNothingThere();
    }
  }

  @Test
  void aPartThatWasRefusedIsSentAgain() throws Exception {
    open("minio");
    byte[] large = random((16 << 20) + 12345);
    SiteConfig site = TestS3.versioned(new SiteName("other"));
    try (ObjectStore source = ObjectStores.open(site, Clock.systemUTC())) {
      source.put(
          new PutRequest(
              KEY, ObjectAttributes.NONE, WriteBody.Buffered.of(large), WriteCondition.ALWAYS));
      faulty.add(Crc32cTest::isPart, 1, new Fault.FlipSentByte(5 << 20));
      var moved =
          new ObjectTransfer(new TransferLimits(1 << 10, 1 << 20))
              .move(
                  new StoreSource(source, KEY, Revision.CURRENT, Optional.empty()),
                  large.length,
                  store,
                  KEY,
                  attributes -> attributes,
                  WriteCondition.ALWAYS,
                  Optional.empty());
      assertThat(faulty.calls(Crc32cTest::isPart)).hasSize(3);
      assertThat(moved.receipt().proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
      assertThat(moved.sha256()).isEqualTo(Sha256.digest(large, 0, large.length));
      assertThat(ObjectTransfer.hash(store, KEY, moved.receipt().written()))
          .isEqualTo(moved.sha256());
    }
  }

  @Test
  void anAnswerWithAnotherChecksumIsNotBelieved() throws Exception {
    open("minio");
    MultipartUpload upload = begin();
    faulty.add(Crc32cTest::isPart, 1, new Fault.Header(Crc32c.HEADER, "AAAAAA=="));
    assertThatExceptionOfType(StorageException.CorruptBody.class)
        .isThrownBy(() -> store.uploadPart(upload, 1, stream(DATA)))
        .withMessageContaining("CRC32C");
  }

  @Test
  void anObjectOfOtherPartsIsNotBelieved() throws Exception {
    open("minio");
    MultipartUpload upload = begin();
    UploadedPart part = store.uploadPart(upload, 1, stream(DATA));
    faulty.add(
        call -> call.method().equals("POST"),
        1,
        new Fault.Rewrite(text ->
            text.replaceAll(
                "<ChecksumCRC32C>.*</Checksum", "<ChecksumCRC32C>AAAAAA==-1</Checksum")));
    assertThatExceptionOfType(StorageException.CorruptBody.class)
        .isThrownBy(() -> store.completeMultipart(upload, List.of(part), WriteCondition.ALWAYS));
  }

  @Test
  void whatIsAnsweredWithoutChecksumIsReadBackAndMd5TakesOver() throws Exception {
    open("minio");
    MultipartUpload upload = begin();
    faulty.add(Crc32cTest::isPart, 1, new Fault.Header(Crc32c.HEADER, ""));
    UploadedPart part = store.uploadPart(upload, 1, stream(DATA));
    assertThat(part.proof()).isEqualTo(Proof.READ_BACK_NEEDED);
    assertThat(store.completeMultipart(upload, List.of(part), WriteCondition.ALWAYS).proof())
        .isEqualTo(Proof.READ_BACK_NEEDED);
    MultipartUpload next = begin();
    assertThat(next.crc32c()).isFalse();
    assertThat(store.uploadPart(next, 1, stream(DATA)).proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
  }

  @Test
  void aSiteThatRefusesTheQuestionIsProvedByMd5() throws Exception {
    open("minio");
    faulty.add(
        call -> call.path().endsWith("/.vistadr/check/crc32c"),
        1,
        new Fault.Status(501, "NotImplemented"));
    assertThat(begin().crc32c()).isFalse();
    assertThat(put(stream(DATA)).proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
    assertThat(questions()).hasSize(1);
  }

  @Test
  void aTryThatFailsForAnotherReasonIsMadeAgainAMinuteLater() throws Exception {
    open("minio");
    faulty.add(
        call -> call.path().endsWith("/.vistadr/check/crc32c"),
        1,
        new Fault.Status(503, "SlowDown"));
    for (int i = 0; i < 2; i++) {
      assertThat(put(stream(DATA)).proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
      assertThat(begin().crc32c()).isFalse();
    }
    assertThat(questions()).hasSize(1);
    ahead.set(Duration.ofSeconds(61));
    assertThat(begin().crc32c()).isTrue();
  }

  @Test
  void anEncodingOfTheContentStays() throws Exception {
    open("minio");
    Optional<String> none = Optional.empty();
    ObjectAttributes gzip =
        new ObjectAttributes(
            none,
            Optional.of("gzip"),
            none,
            none,
            none,
            none,
            none,
            new TreeMap<>(),
            new TreeMap<>());
    WriteReceipt receipt = put(stream(DATA), gzip);
    assertThat(store.head(KEY, receipt.written()).attributes().contentEncoding()).contains("gzip");
    assertThat(ObjectTransfer.hash(store, KEY, receipt.written()))
        .isEqualTo(Sha256.digest(DATA, 0, DATA.length));
  }

  @Test
  void aSmallWriteAsksNothing() throws Exception {
    open("minio");
    assertThat(put(WriteBody.Buffered.of(random(1000))).proof()).isEqualTo(Proof.CHECKSUM_MATCHED);
    assertThat(questions()).isEmpty();
  }

  @Test
  void partsThatAreCopiedNeedNoChecksum() throws Exception {
    open("minio");
    put(stream(DATA));
    assertThat(
            store.beginMultipart(KEY, ObjectAttributes.NONE, MultipartUpload.Parts.COPIED).crc32c())
        .isFalse();
  }
}
