package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.BucketSetting;
import org.vistadr.model.ConfigNode;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SettingValue;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteCondition;

/// The settings of the primary's bucket over HTTP: saved, compared, accepted, restored, and what
/// the brake does about them. The primary is a MinIO from the PATH, which has some of them.
final class BucketConfigApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void aChangeIsSavedToldHeldAcceptedAndUndone() throws Exception {
    assumeThat(S3Servers.minio()).as("a minio on the PATH").isPresent();
    SiteConfig primary = minio(SiteName.PRIMARY);
    SiteConfig secondary = TestS3.versioned(new SiteName("copies"));
    try (ObjectStore bucket = TestS3.open(primary);
        ObjectStore copies = TestS3.open(secondary);
        RunningDaemon daemon = RunningDaemon.start(directory, primary, secondary)) {
      set(bucket, BucketSetting.LIFECYCLE, expiry(90));
      TestS3.put(bucket, "kept", "kept");
      TestS3.put(bucket, "deleted", "deleted");
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0/durableObjects").asLong() == 2);
      // The scans may have read it before it was set.
      daemon.post("/bucket-config/read", "");
      daemon.post("/held/release", "{\"reason\": \"set up\"}");
      long first = daemon.get("/bucket-config").path("newest").asLong();
      assertThat(accept(daemon, "admin", first, "set up").statusCode()).isEqualTo(200);
      assertThat(daemon.get("/bucket-config").path("drift")).isEmpty();
      assertThat(daemon.get("/brake").path("engaged").asBoolean()).isFalse();

      // Nothing changed: nothing is saved.
      assertThat(daemon.post("/bucket-config/read", "").has("saved")).isFalse();

      set(bucket, BucketSetting.LIFECYCLE, expiry(7));
      JsonNode reading = daemon.post("/bucket-config/read", "");
      assertThat(reading.path("saved").asLong()).isEqualTo(first + 1);
      assertThat(reading.path("changed").toString()).isEqualTo("[\"lifecycle\"]");
      assertThat(reading.path("brake").toString()).contains("expire after 7 days");

      // Deletions are held, content is copied.
      assertThat(daemon.get("/brake").at("/reasons/0/suspicion").asText()).isEqualTo("expiry");
      bucket.delete(new ObjectKey("deleted"), WriteCondition.ALWAYS);
      TestS3.put(bucket, "new", "new");
      await().atMost(PATIENCE).until(() -> TestS3.isThere(copies, "new"));
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0/heldObjects").asLong() == 1);
      assertThat(TestS3.isThere(copies, "deleted")).isTrue();

      assertThat(daemon.get("/status").path("reasons").toString())
          .contains("bucket configuration changed: lifecycle", "expire after 7 days");
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_bucket_config_drift{setting=\"lifecycle\"} 1.0")
          .contains("vistadr_bucket_config_drift{setting=\"policy\"} 0.0")
          .contains("vistadr_bucket_config_risks{kind=\"expiry\",level=\"warning\"} 1.0")
          .contains("vistadr_bucket_config_version " + (first + 1) + ".0");
      assertThat(daemon.post("/sites/primary/check", "").path("steps").toString())
          .contains("expire after 7 days");

      JsonNode diff = daemon.get("/bucket-config/diff");
      assertThat(diff.path("from").asLong()).isEqualTo(first);
      assertThat(diff.at("/settings/0/lines").toString())
          .contains("-     Days: 90", "+     Days: 7");
      JsonNode history = daemon.get("/bucket-config/history?limit=1");
      assertThat(history.at("/items/0/changed").toString()).isEqualTo("[\"lifecycle\"]");
      assertThat(history.has("next")).isTrue();

      // Back to what was.
      String path = "/bucket-config/restore-plan?to=primary&version=" + first;
      JsonNode plan = daemon.get(path);
      assertThat(plan.path("bucket").asText()).isEqualTo(primary.bucket());
      assertThat(step(plan, "lifecycle").path("action").asText()).isEqualTo("write");
      assertThat(step(plan, "versioning").path("action").asText()).isEqualTo("same");
      String body = restore(first, plan, primary.bucket(), "undo");
      problem(daemon, restores(daemon, "operator", body), 403, "role-missing");
      problem(
          daemon,
          restores(daemon, "admin", restore(first, plan, "another", "undo")),
          412,
          "confirmation-required");
      problem(
          daemon,
          restores(daemon, "admin", restore(first, plan, primary.bucket(), "")),
          400,
          "reason-missing");
      set(bucket, BucketSetting.LIFECYCLE, expiry(8));
      problem(daemon, restores(daemon, "admin", body), 409, "plan-changed");
      JsonNode done =
          daemon.read(
              restores(
                  daemon, "admin", restore(first, daemon.get(path), primary.bucket(), "undo")));
      assertThat(done.at("/done/0/proved").asBoolean()).as(done.toString()).isTrue();
      assertThat(((SettingValue.Configured) bucket.setting(BucketSetting.LIFECYCLE)).root().lines())
          .contains("    Days: 90");
      daemon.post("/bucket-config/read", "");
      assertThat(daemon.get("/bucket-config").path("drift")).isEmpty();
      assertThat(daemon.get("/audit?action=bucket-config-restored").at("/items/0/detail").asText())
          .isEqualTo("lifecycle proved");
      assertThat(daemon.get("/audit?action=bucket-config-restore").at("/items/0/reason").asText())
          .isEqualTo("undo");
    }
  }

  @Test
  void refusalsSayWhatIsWrong() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    try (RunningDaemon daemon =
        RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.send("admin", "GET", "/bucket-config", "").statusCode() == 200);
      // S3Proxy has hardly any setting, which is no reason to warn of anything.
      await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
      assertThat(daemon.get("/status").path("reasons")).isEmpty();
      assertThat(daemon.get("/bucket-config").path("drift")).isEmpty();
      problem(daemon, get(daemon, "?at=2000-01-01T00:00:00Z"), 404, "not-found");
      problem(daemon, get(daemon, "?version=7"), 404, "not-found");
      problem(daemon, get(daemon, "/restore-plan"), 400, "site-missing");
      problem(daemon, get(daemon, "/restore-plan?to=copie"), 404, "not-found");
      problem(daemon, get(daemon, "/restore-plan?to=copies&only=polcy"), 400, "setting-unknown");
      problem(daemon, accept(daemon, "admin", 9, "x"), 409, "version-not-newest");
      problem(daemon, accept(daemon, "admin", 1, " "), 400, "reason-missing");
      assertThat(accept(daemon, "operator", 1, "x").statusCode()).isEqualTo(403);
    }
  }

  private static SiteConfig minio(SiteName name) {
    SiteConfig site =
        S3Servers.site(S3Servers.minio().orElseThrow(), name, TestS3.freshName(), "minio");
    TestS3.admin(
        site,
        admin -> {
          admin.createBucket();
          admin.enableVersioning();
        });
    return site;
  }

  private static void set(ObjectStore bucket, BucketSetting setting, String lines)
      throws StorageException {
    bucket.changeSetting(
        setting, Optional.of(ConfigNode.parse(setting.element(), lines.lines().toList())));
  }

  private static String expiry(int days) {
    return "Rule\n  ID: tidy\n  Status: Enabled\n  Filter\n    Prefix: temp/\n  Expiration\n    Days: "
        + days;
  }

  private static JsonNode step(JsonNode plan, String setting) {
    for (JsonNode step : plan.path("steps")) {
      if (step.path("setting").asText().equals(setting)) {
        return step;
      }
    }
    throw new AssertionError(plan.toString());
  }

  private static String restore(long version, JsonNode plan, String confirm, String reason) {
    return """
    {"version": %d, "to": "primary", "only": [], "plan": "%s", "confirm": "%s", "reason": "%s"}\
    """
        .formatted(version, plan.path("plan").asText(), confirm, reason);
  }

  private static HttpResponse<String> restores(RunningDaemon daemon, String role, String body) {
    return daemon.send(role, "POST", "/bucket-config/restores", body);
  }

  private static HttpResponse<String> accept(
      RunningDaemon daemon, String role, long version, String reason) {
    return daemon.send(
        role,
        "POST",
        "/bucket-config/accept",
        "{\"version\": %d, \"reason\": \"%s\"}".formatted(version, reason));
  }

  private static HttpResponse<String> get(RunningDaemon daemon, String path) {
    return daemon.send("admin", "GET", "/bucket-config" + path, "");
  }

  private static void problem(
      RunningDaemon daemon, HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(daemon.read(answer).path("code").asText()).as(answer.body()).isEqualTo(code);
    assertThat(daemon.read(answer).path("hint").asText()).isNotEmpty();
  }
}
