package org.vistadr.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.SiteName;

/// What archive classes do at a server that has them: moto, the only one that implements
/// RestoreObject.
class ArchiveContractTest {

  private static final ObjectKey KEY = new ObjectKey("archived");

  private static Optional<S3Servers.Running> server = Optional.empty();
  private ObjectStore store;

  @BeforeAll
  static void startIfPresent() {
    server = S3Servers.moto();
    assumeThat(server).as("a moto_server on the PATH").isPresent();
  }

  @BeforeEach
  void openFreshBucket() throws StorageException {
    SiteConfig site = S3Servers.archives(server.orElseThrow(), SiteName.PRIMARY);
    TestS3.admin(site, BucketAdmin::createBucket);
    store = TestS3.open(site);
    put(KEY, "GLACIER");
  }

  @AfterEach
  void close() throws IOException {
    progress("{\"progression\":\"immediate\"}");
    store.close();
  }

  @Test
  void whatLiesInAnArchiveIsSeenAndCannotBeRead() throws Exception {
    ObjectHead head = store.head(KEY, Revision.CURRENT);
    assertThat(head.attributes().storageClass()).contains("GLACIER");
    assertThat(head.thaw()).isEqualTo(ThawState.NOT_THAWED);
    assertThatExceptionOfType(StorageException.Archived.class)
        .isThrownBy(() -> store.open(KEY, Revision.CURRENT, ByteRange.ALL))
        .matches(e -> !e.retryable());
    assertThatExceptionOfType(StorageException.Archived.class)
        .isThrownBy(() ->
            store.copy(
                new CopySource(store.bucket(), KEY, new Revision.Matching(head.etag())),
                new ObjectKey("copy"),
                Optional.empty(),
                WriteCondition.ALWAYS));
  }

  @Test
  void itThawsWhenAskedAndStaysReadableForTheDays() throws Exception {
    assertThat(store.thaw(KEY, Revision.CURRENT, ThawTier.STANDARD, 3)).isEqualTo(ThawAnswer.ASKED);
    assertThat(store.head(KEY, Revision.CURRENT).thaw())
        .isInstanceOfSatisfying(
            ThawState.Thawed.class,
            thawed ->
                assertThat(thawed.until())
                    .isBetween(
                        Instant.now().plus(Duration.ofDays(2)),
                        Instant.now().plus(Duration.ofDays(4))));
    try (ObjectBody body = store.open(KEY, Revision.CURRENT, ByteRange.ALL)) {
      assertThat(body.stream().readAllBytes()).isEqualTo("bytes".getBytes(UTF_8));
    }
    assertThat(store.thaw(KEY, Revision.CURRENT, ThawTier.BULK, 5)).isEqualTo(ThawAnswer.READABLE);
  }

  @Test
  void whileItThawsItIsOnItsWay() throws Exception {
    progress("{\"progression\":\"manual\",\"times\":1}");
    store.thaw(KEY, Revision.CURRENT, ThawTier.EXPEDITED, 1);
    assertThat(store.head(KEY, Revision.CURRENT).thaw()).isEqualTo(ThawState.ONGOING);
    assertThat(store.head(KEY, Revision.CURRENT).thaw()).isInstanceOf(ThawState.Thawed.class);
  }

  @Test
  void whatIsInNoArchiveNeedsNoThaw() throws Exception {
    ObjectKey plain = new ObjectKey("plain");
    put(plain, "STANDARD_IA");
    assertThat(store.thaw(plain, Revision.CURRENT, ThawTier.STANDARD, 1))
        .isEqualTo(ThawAnswer.NOT_ARCHIVED);
  }

  private void put(ObjectKey key, String storageClass) throws StorageException {
    store.put(
        new PutRequest(
            key,
            ObjectAttributes.NONE.withStorageClass(Optional.of(storageClass)),
            WriteBody.Buffered.of("bytes".getBytes(UTF_8)),
            WriteCondition.ALWAYS));
  }

  /// How moto's thaws go on.
  private static void progress(String transition) throws IOException {
    HttpURLConnection call =
        (HttpURLConnection)
            URI.create(server.orElseThrow().endpoint() + "/moto-api/state-manager/set-transition")
                .toURL()
                .openConnection();
    call.setRequestMethod("POST");
    call.setDoOutput(true);
    call.getOutputStream()
        .write(
            "{\"model_name\":\"s3::keyrestore\",\"transition\":%s}"
                .formatted(transition)
                .getBytes(UTF_8));
    assertThat(call.getResponseCode()).isBetween(200, 299);
  }
}
