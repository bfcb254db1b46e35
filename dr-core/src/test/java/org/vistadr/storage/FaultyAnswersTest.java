package org.vistadr.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vistadr.embedded.FaultyS3;
import org.vistadr.embedded.FaultyS3.Fault;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.storage.RequestObserver.Attempt;
import org.vistadr.storage.RequestObserver.Outcome;

/// Real requests to a real server whose answers are broken on the way.
class FaultyAnswersTest {

  private static final ObjectKey KEY = new ObjectKey("k");
  private static final int MANY = 1000;

  private final ArrayList<Attempt> attempts = new ArrayList<>();
  private final ArrayList<String> retries = new ArrayList<>();
  private FaultyS3 faulty;
  private ObjectStore store;

  @BeforeEach
  void openThroughTheProxy() throws IOException {
    SiteConfig site = TestS3.versioned(SiteName.PRIMARY);
    faulty = FaultyS3.before(site);
    store =
        ObjectStores.open(
            faulty.through(site), Clock.systemUTC(), new Recorder(), new Random(1), _ -> {});
  }

  private final class Recorder implements RequestObserver {
    @Override
    public void observed(Attempt attempt) {
      attempts.add(attempt);
    }

    @Override
    public void retried(SiteName site, String operation) {
      retries.add(site + " " + operation);
    }
  }

  @AfterEach
  void close() {
    store.close();
    faulty.close();
  }

  private WriteReceipt put(WriteBody body) throws StorageException {
    return store.put(new PutRequest(KEY, ObjectAttributes.NONE, body, WriteCondition.ALWAYS));
  }

  private static WriteBody.Streamed streamed(byte[] data) {
    return new WriteBody.Streamed(new ByteArrayInputStream(data), data.length, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5000, 9999})
  void aCutBodyIsAnError(int at) throws Exception {
    put(WriteBody.Buffered.of(new byte[10_000]));
    faulty.add(call -> call.isGet("/k"), MANY, new Fault.CutBody(at));
    try (ObjectBody body = store.open(KEY, Revision.CURRENT, ByteRange.ALL)) {
      assertThatIOException().isThrownBy(() -> body.stream().readAllBytes());
    }
  }

  @Test
  void aWebPageIsNoEmptyBucket() {
    faulty.add(FaultyS3.Call::isListing, MANY, new Fault.Html());
    assertThatExceptionOfType(StorageException.Unproved.class)
        .isThrownBy(() -> store.listVersions(ListingRequest.ALL));
    assertThatExceptionOfType(StorageException.Unproved.class)
        .isThrownBy(() -> store.listObjects(ListingRequest.ALL));
  }

  @Test
  void aWebPageIsNoUnversionedBucket() {
    faulty.add(call -> call.query().contains("versioning"), MANY, new Fault.Html());
    assertThatExceptionOfType(StorageException.Unproved.class)
        .isThrownBy(() -> store.bucketState());
  }

  @Test
  void aCutListingIsAnError() throws Exception {
    put(WriteBody.Buffered.of(new byte[1]));
    faulty.add(
        FaultyS3.Call::isListing,
        MANY,
        new Fault.Rewrite(xml -> xml.substring(0, xml.length() * 2 / 3)));
    assertThatExceptionOfType(StorageException.Unproved.class)
        .isThrownBy(() -> store.listVersions(ListingRequest.ALL));
  }

  @Test
  void anErrorWithStatus200IsAnError() {
    faulty.add(
        FaultyS3.Call::isListing,
        1,
        new Fault.Rewrite(_ -> "<Error><Code>AccessDenied</Code></Error>"));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> store.listObjects(ListingRequest.ALL))
        .withMessageContaining("AccessDenied");
  }

  @Test
  void aBodyThatChangedOnTheWayToTheSiteIsFoundByItsTag() throws Exception {
    faulty.add(call -> call.isPut("/k"), MANY, new Fault.FlipSentByte(3));
    assertThatExceptionOfType(StorageException.CorruptBody.class)
        .isThrownBy(() -> put(streamed("0123456789".getBytes(UTF_8))));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> put(WriteBody.Buffered.of("0123456789".getBytes(UTF_8))));
  }

  @Test
  void anMd5ThatSomebodyToldIsCheckedByTheSite() throws Exception {
    byte[] data = "0123456789".getBytes(UTF_8);
    put(
        WriteBody.Buffered.of(data)
            .withContentMd5(Optional.of("781e5e245d69b566979b86e28d23f2c7")));
    assertThat(faulty.calls(call -> call.isPut("/k"))).hasSize(1);
    faulty.add(call -> call.isPut("/k"), MANY, new Fault.FlipSentByte(3));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() ->
            put(
                WriteBody.Buffered.of(data)
                    .withContentMd5(Optional.of("781e5e245d69b566979b86e28d23f2c7"))));
  }

  @Test
  void bytesThatDifferFromTheMd5ToldOfThemAreRefused() throws Exception {
    byte[] data = "0123456789".getBytes(UTF_8);
    assertThatExceptionOfType(StorageException.CorruptBody.class)
        .isThrownBy(
            () -> put(WriteBody.Buffered.of(data).withContentMd5(Optional.of("0".repeat(32)))));
    assertThatExceptionOfType(StorageException.NotFound.class)
        .isThrownBy(() -> store.head(KEY, Revision.CURRENT));
  }

  @Test
  void readsAreRepeatedUntilTheSiteRecovers() throws Exception {
    put(WriteBody.Buffered.of(new byte[7]));
    faulty.add(call -> call.isGet("/k"), 3, new Fault.Status(503, "SlowDown"));
    try (ObjectBody body = store.open(KEY, Revision.CURRENT, ByteRange.ALL)) {
      assertThat(body.length()).isEqualTo(7);
    }
    assertThat(attempts)
        .filteredOn(attempt -> attempt.operation().equals("GetObject"))
        .extracting(Attempt::outcome)
        .containsExactly(Outcome.THROTTLED, Outcome.THROTTLED, Outcome.THROTTLED, Outcome.SUCCESS);
  }

  @Test
  void aFullSiteIsToldFromABrokenOneAndNotAskedAgain() {
    for (var fault :
        List.of(
            new Fault.Status(507, "XMinioStorageFull"),
            new Fault.Status(400, "XMinioAdminBucketQuotaExceeded"),
            new Fault.Status(403, "QuotaExceeded"))) {
      faulty.add(call -> call.isPut("/k"), 1, fault);
      assertThatExceptionOfType(StorageException.NoRoom.class)
          .isThrownBy(() -> put(WriteBody.Buffered.of(new byte[7])))
          .withMessageContaining(fault.code());
    }
    assertThat(faulty.calls(call -> call.isPut("/k"))).hasSize(3);
  }

  @Test
  void fourAttemptsAreAll() {
    faulty.add(FaultyS3.Call::isListing, MANY, new Fault.Status(500, "InternalError"));
    assertThatExceptionOfType(StorageException.Unavailable.class)
        .isThrownBy(() -> store.listObjects(ListingRequest.ALL));
    assertThat(faulty.calls(FaultyS3.Call::isListing)).hasSize(4);
    assertThat(retries)
        .containsExactly("primary ListObjectsV2", "primary ListObjectsV2", "primary ListObjectsV2");
  }

  @Test
  void aStreamedWriteIsNeverRepeated() {
    faulty.add(call -> call.isPut("/k"), MANY, new Fault.Status(500, "InternalError"));
    assertThatExceptionOfType(StorageException.Unavailable.class)
        .isThrownBy(() -> put(streamed(new byte[10])));
    assertThat(faulty.calls(call -> call.isPut("/k"))).hasSize(1);
  }

  @Test
  void aConditionalWriteWhoseAnswerWasLostIsNotRepeated() {
    faulty.add(call -> call.isPut("/k"), 1, new Fault.LoseAnswer());
    assertThatExceptionOfType(StorageException.Unavailable.class)
        .isThrownBy(() ->
            store.put(
                new PutRequest(
                    KEY,
                    ObjectAttributes.NONE,
                    WriteBody.Buffered.of(new byte[1]),
                    WriteCondition.ABSENT)));
    assertThat(faulty.calls(call -> call.isPut("/k"))).hasSize(1);
    assertThat(attempts).last().extracting(Attempt::outcome).isEqualTo(Outcome.CONNECT);
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    put(WriteBody.Buffered.of(new byte[1]));
    faulty.add(call -> call.isGet("/k"), MANY, new Fault.Redirect("http://127.0.0.1:1/elsewhere"));
    assertThatExceptionOfType(StorageException.Rejected.class)
        .isThrownBy(() -> store.open(KEY, Revision.CURRENT, ByteRange.ALL))
        .withMessageContaining("redirect");
  }

  @Test
  void a404WithoutAnS3ErrorIsNoAbsence() throws Exception {
    put(WriteBody.Buffered.of(new byte[1]));
    faulty.add(call -> call.isGet("/k"), MANY, new Fault.Status(404, ""));
    assertThatExceptionOfType(StorageException.Unproved.class)
        .isThrownBy(() -> store.open(KEY, Revision.CURRENT, ByteRange.ALL));
  }

  @Test
  void aForbiddenReadIsNoAbsence() throws Exception {
    put(WriteBody.Buffered.of(new byte[1]));
    faulty.add(_ -> true, MANY, new Fault.Status(403, "AccessDenied"));
    assertThatExceptionOfType(StorageException.AccessDenied.class)
        .isThrownBy(() -> store.open(KEY, Revision.CURRENT, ByteRange.ALL));
    assertThatExceptionOfType(StorageException.AccessDenied.class)
        .isThrownBy(() -> store.head(KEY, Revision.CURRENT));
  }

  @Test
  void aCompletionThatFailsWithStatus200IsAFailure() throws Exception {
    MultipartUpload upload =
        store.beginMultipart(KEY, ObjectAttributes.NONE, MultipartUpload.Parts.SENT);
    UploadedPart part = store.uploadPart(upload, 1, WriteBody.Buffered.of(new byte[10]));
    faulty.add(
        call -> call.method().equals("POST") && call.query().startsWith("uploadId"),
        1,
        new Fault.Rewrite(_ -> "<Error><Code>InternalError</Code><Message>no</Message></Error>"));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(
            () -> store.completeMultipart(upload, java.util.List.of(part), WriteCondition.ALWAYS));
  }

  @Test
  void anAnswerOfAnotherVersionIsAnError() throws Exception {
    VersionId first = put(WriteBody.Buffered.of(new byte[1])).versionId().orElseThrow();
    faulty.add(_ -> true, MANY, new Fault.Header("x-amz-version-id", "another"));
    assertThatExceptionOfType(StorageException.Unproved.class)
        .isThrownBy(() -> store.open(KEY, new Revision.Version(first), ByteRange.ALL))
        .withMessageContaining("another");
  }

  @Test
  void anAnswerWithAnotherTagIsNotTheOneAskedFor() throws Exception {
    String etag = put(WriteBody.Buffered.of(new byte[1])).etag();
    faulty.add(_ -> true, MANY, new Fault.Header("etag", "\"other\""));
    assertThatExceptionOfType(StorageException.PreconditionFailed.class)
        .isThrownBy(() -> store.open(KEY, new Revision.Matching(etag), ByteRange.ALL));
  }
}
