package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.SiteName;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// A daemon whose copies are to be locked: it locks them, or writes nothing and says why.
final class ObjectLockApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Optional<ObjectLock> LOCK =
      Optional.of(new ObjectLock(ObjectLock.Mode.GOVERNANCE, Duration.ofDays(2), false));

  @TempDir Path directory;

  @Test
  void aBucketThatCannotLockGetsNothingAndTheReasonIsTold() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig copies = TestS3.versioned(new SiteName("copies")).withLock(LOCK);
    try (ObjectStore bucket = TestS3.open(primary);
        ObjectStore target = TestS3.open(copies);
        RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
      bucket.put(
          new PutRequest(
              new ObjectKey("a"),
              ObjectAttributes.NONE,
              WriteBody.Buffered.of(new byte[] {1}),
              WriteCondition.ALWAYS));
      await()
          .atMost(PATIENCE)
          .until(() ->
              daemon
                  .get("/status")
                  .path("reasons")
                  .toString()
                  .contains("nothing is written to copies"));
      JsonNode secondary = daemon.get("/status").at("/secondaries/0");
      assertThat(secondary.path("state").asText()).isEqualTo("failing");
      assertThat(secondary.path("reason").asText()).contains("object lock");
      assertThat(secondary.at("/lock/mode").asText()).isEqualTo("governance");
      assertThat(daemon.post("/sites/copies/check", "").path("ok").asBoolean()).isFalse();
      assertThat(daemon.post("/sites/copies/check", "").path("steps").toString())
          .contains("object-lock", "--object-lock-enabled-for-bucket");
      assertThat(target.listVersions(ListingRequest.ALL).entries()).noneMatch(this::isOurs);
    }
  }

  /// A new bucket of a MinIO that locks objects.
  private static SiteConfig lockingCopies(boolean legalHold) throws Exception {
    SiteConfig copies =
        S3Servers.site(
                S3Servers.minio().orElseThrow(),
                new SiteName("copies"),
                TestS3.freshName(),
                "minio")
            .withLock(
                Optional.of(
                    new ObjectLock(ObjectLock.Mode.GOVERNANCE, Duration.ofDays(2), legalHold)));
    TestS3.admin(copies, BucketAdmin::createLockingBucket);
    return copies;
  }

  @Test
  void copiesAndSegmentsAreLockedAndRenewed() throws Exception {
    assumeThat(S3Servers.minio()).as("a minio on the PATH").isPresent();
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig copies = lockingCopies(false);
    try (ObjectStore bucket = TestS3.open(primary);
        ObjectStore target = ObjectStores.open(copies, Clock.systemUTC());
        RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
      bucket.put(
          new PutRequest(
              new ObjectKey("a"),
              ObjectAttributes.NONE,
              WriteBody.Buffered.of(new byte[] {1}),
              WriteCondition.ALWAYS));
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0/durableObjects").asLong() == 1);
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0").has("segmentsAt"));
      assertThat(daemon.send("admin", "POST", "/tasks/locks-copies/run", "").statusCode())
          .isIn(202, 409);
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0/lock").has("renewedAt"));
      assertThat(daemon.post("/sites/copies/check", "").path("ok").asBoolean()).isTrue();
      int locked = 0;
      for (ListedVersion version : target.listVersions(ListingRequest.ALL).entries()) {
        if (isOurs(version)) {
          assertThat(target.lock(version.key(), version.versionId()).mode())
              .as(version.key().value())
              .contains(ObjectLock.Mode.GOVERNANCE);
          locked++;
        }
      }
      assertThat(locked).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void whatIsHeldGetsALegalHoldAndHistoryShowsIt() throws Exception {
    assumeThat(S3Servers.minio()).as("a minio on the PATH").isPresent();
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig copies = lockingCopies(true);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
      bucket.put(
          new PutRequest(
              new ObjectKey("case/a"),
              ObjectAttributes.NONE,
              WriteBody.Buffered.of(new byte[] {1}),
              WriteCondition.ALWAYS));
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0/durableObjects").asLong() == 1);
      JsonNode hold = daemon.post("/holds", "{\"prefix\": \"case/\", \"reason\": \"case 7\"}");
      assertThat(hold.at("/legalHoldAt/0").asText()).isEqualTo("copies");
      await().atMost(PATIENCE).until(() -> isHeld(daemon));
      assertThat(daemon.get("/status").at("/secondaries/0/lock/legallyHeld").asLong()).isEqualTo(1);
      assertThat(lock(daemon).path("mode").asText()).isEqualTo("governance");
      assertThat(lock(daemon).path("until").asText()).isNotEmpty();
      assertThat(daemon.get("/objects/versions?key=case/a").at("/versions/0/locks").isEmpty())
          .isTrue();
      JsonNode check = daemon.post("/sites/copies/check", "");
      assertThat(check.path("ok").asBoolean()).isTrue();
      assertThat(check.path("steps").toString()).contains("a legal hold was set and lifted again");
      assertThat(check.path("policies").toString()).contains("s3:PutObjectLegalHold");

      String id = hold.path("id").asText();
      assertThat(daemon.send("admin", "DELETE", "/holds/" + id + "?reason=closed", "").statusCode())
          .isEqualTo(200);
      await().atMost(PATIENCE).until(() -> !isHeld(daemon));
    }
  }

  private static boolean isHeld(RunningDaemon daemon) throws Exception {
    return lock(daemon).path("legalHold").asBoolean();
  }

  private static JsonNode lock(RunningDaemon daemon) throws Exception {
    return daemon.get("/objects/versions?key=case/a&locks=true").at("/versions/0/locks/copies");
  }

  /// A copy or a segment; what `check` wrote and removed is neither.
  private boolean isOurs(ListedVersion version) {
    return !version.key().value().startsWith(".vistadr/check/");
  }
}
