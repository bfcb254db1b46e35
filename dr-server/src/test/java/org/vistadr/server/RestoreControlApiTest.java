package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// What people do with restores over HTTP: steer them, repeat requests, apply plans too late.
final class RestoreControlApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private final SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
  private final SiteConfig copies = TestS3.versioned(new SiteName("copies"));
  private ObjectStore bucket;
  private RunningDaemon daemon;

  @BeforeEach
  void open() throws Exception {
    bucket = TestS3.open(primary);
    daemon = RunningDaemon.start(directory, primary, copies);
  }

  @AfterEach
  void close() {
    daemon.close();
    bucket.close();
  }

  private void restart() throws Exception {
    daemon.close();
    daemon = RunningDaemon.start(directory, primary, copies);
  }

  @Test
  void aRequestThatIsRepeatedStartsNothingTwiceAlsoAfterARestart() throws Exception {
    var before = deleted("p/a");
    var asked = "{\"scope\": {\"prefixes\": [\"p/\"]}, \"at\": \"%s\"}".formatted(before);
    var plan = once("plan-1", "/restore-plans", asked, 201).path("id").asText();
    assertThat(once("plan-1", "/restore-plans", asked, 201).path("id").asText()).isEqualTo(plan);

    var apply = "{\"planId\": \"%s\", \"confirm\": \"%s\"}".formatted(plan, primary.bucket());
    var restore = once("apply-1", "/restores", apply, 202).path("id").asText();
    restart();
    assertThat(once("apply-1", "/restores", apply, 202).path("id").asText()).isEqualTo(restore);
    assertThat(daemon.get("/restores").path("items")).hasSize(1);

    var reused = once("apply-1", "/restore-plans", asked, 422);
    assertThat(reused.path("code").asText()).isEqualTo("idempotency-key-reused");
    var used = once("apply-2", "/restores", apply, 409);
    assertThat(used.path("code").asText()).isEqualTo("plan-used");
    assertThat(used.path("restore").asText()).isEqualTo(restore);
    assertThat(used.at("/try/0").asText()).isEqualTo("vistadr restore show " + restore);
    assertThat(once(" ", "/restores", apply, 400).path("code").asText())
        .isEqualTo("idempotency-key-invalid");
  }

  @Test
  void aPausedRestoreIsResumedFasterAfterARestart() throws Exception {
    int objects = 30;
    for (int i = 0; i < objects; i++) {
      put("p/" + i, "x".repeat(10_000));
    }
    await()
        .atMost(PATIENCE)
        .until(() -> daemon.get("/status").at("/secondaries/0/durableObjects").asLong() >= objects);
    var before = moment();
    for (int i = 0; i < objects; i++) {
      for (var version :
          bucket
              .listVersions(new ListingRequest("p/" + i, ListingRequest.Position.BEGINNING, 100))
              .entries()) {
        bucket.deleteVersion(version.key(), version.versionId());
      }
    }
    moment();
    var plan =
        daemon.post(
            "/restore-plans",
            """
            {"scope": {"prefixes": ["p/"]}, "at": "%s", "from": "copies", "bandwidth": "20 kB/s"}\
            """
                .formatted(before));
    assertThat(plan.at("/counts/bring-back/objects").asLong())
        .as(plan.toString())
        .isEqualTo(objects);
    var id =
        daemon
            .post(
                "/restores",
                "{\"planId\": \"%s\", \"confirm\": \"%s\"}"
                    .formatted(plan.path("id").asText(), primary.bucket()))
            .path("id")
            .asText();
    var path = "/restores/" + id;
    assertThat(steer(path + "/resume", "{}", 409).path("code").asText()).isEqualTo("wrong-state");
    await().atMost(PATIENCE).until(() -> daemon.get(path).at("/counts/done").asLong() > 0);
    assertThat(daemon.get(path).path("maxBytesPerSecond").asLong()).isEqualTo(20_000);
    assertThat(steer(path + "/pause", "", 202).path("state").asText()).isEqualTo("paused");
    var twice = steer(path + "/pause", "", 409);
    assertThat(twice.path("state").asText()).isEqualTo("paused");
    assertThat(twice.path("detail").asText()).isEqualTo("restore %s is paused".formatted(id));

    restart();
    var still = daemon.get(path);
    assertThat(still.path("state").asText()).isEqualTo("paused");
    assertThat(still.at("/counts/done").asLong()).isBetween(1L, objects - 1L);
    assertThat(steer(path + "/resume", "{\"bandwidth\": \"fast\"}", 400).path("code").asText())
        .isEqualTo("bandwidth-invalid");
    assertThat(
            steer(path + "/resume", "{\"bandwidth\": \"400Mbit\"}", 202)
                .path("maxBytesPerSecond")
                .asLong())
        .isEqualTo(50_000_000);
    // Also while it runs, or when it is just over.
    var unlimited =
        daemon.send("operator", "POST", path + "/resume", "{\"bandwidth\": \"unlimited\"}");
    assertThat(unlimited.statusCode()).as(unlimited.body()).isIn(202, 409);
    var ended = daemon.get(path + "?wait=25s");
    assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("completed");
    assertThat(steer(path + "/cancel", "", 409).path("state").asText()).isEqualTo("completed");
    assertThat(steer(path + "/retry", "{\"failedOnly\": true}", 409).path("code").asText())
        .isEqualTo("wrong-state");
    assertThat(steer("/restores/r-nothing/pause", "", 404).path("code").asText())
        .isEqualTo("not-found");
  }

  @Test
  void aPlanIsRefusedWhenTheBucketWentOn() throws Exception {
    var before = deleted("p/a");
    var plan =
        daemon.post(
            "/restore-plans",
            "{\"scope\": {\"keys\": [\"p/a\"]}, \"at\": \"%s\"}".formatted(before));
    put("p/a", "of a user");
    var refused =
        steer(
            "/restores",
            "{\"planId\": \"%s\", \"confirm\": \"%s\"}"
                .formatted(plan.path("id").asText(), primary.bucket()),
            409);
    assertThat(refused.path("code").asText()).isEqualTo("plan-changed");
    assertThat(refused.path("keys").asText()).isEqualTo("p/a");
    assertThat(refused.at("/try/0").asText()).isEqualTo("vistadr restore p/a --at " + before);
  }

  @Test
  void globsChooseAmongKeysAndPrefixes() throws Exception {
    put("p/a.jpg", "one");
    put("p/a.tmp", "one");
    put("p/sub/b.jpg", "one");
    put("q.jpg", "one");
    var before = moment();
    for (var key : new String[] {"p/a.jpg", "p/a.tmp", "p/sub/b.jpg", "q.jpg"}) {
      bucket.delete(new ObjectKey(key), WriteCondition.ALWAYS);
    }
    moment();
    var plan =
        daemon.post(
            "/restore-plans",
            """
            {"scope": {"prefixes": ["p/"], "keys": ["q.jpg"], "include": ["**.jpg"], "exclude": ["p/sub/**"]},
             "at": "%s"}\
            """
                .formatted(before));
    var items = daemon.get("/restore-plans/" + plan.path("id").asText() + "/items").path("items");
    assertThat(items.findValuesAsText("key"))
        .as(plan.toString())
        .containsExactly("p/a.jpg", "q.jpg");

    var tooMany =
        steer(
            "/restore-plans",
            "{\"scope\": {\"keys\": [%s]}, \"at\": \"%s\"}"
                .formatted(String.join(",", Collections.nCopies(100_001, "\"k\"")), before),
            400);
    assertThat(tooMany.path("code").asText()).isEqualTo("keys-too-many");
    assertThat(tooMany.path("detail").asText())
        .isEqualTo("100001 keys are given; one plan takes 100000");
  }

  private JsonNode steer(String path, String body, int status) {
    return answer(daemon.send("operator", "POST", path, body), status);
  }

  private JsonNode once(String key, String path, String body, int status) {
    return answer(
        daemon.send("operator", "POST", path, body, Map.of("Idempotency-Key", key)), status);
  }

  private JsonNode answer(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return daemon.read(response);
  }

  /// A moment at which the key was there; it is not any more.
  private String deleted(String key) throws Exception {
    put(key, "one");
    var before = moment();
    bucket.delete(new ObjectKey(key), WriteCondition.ALWAYS);
    moment();
    return before;
  }

  /// A moment after everything before and before everything after; S3 times are whole seconds. The
  /// daemon has seen everything before.
  private String moment() throws Exception {
    var at = bucket.bucketState().serverTime();
    await().atMost(PATIENCE).until(() -> bucket.bucketState().serverTime().isAfter(at));
    await()
        .atMost(PATIENCE)
        .until(() -> daemon.get("/status").at("/window/to").asText().compareTo(at.toString()) > 0);
    return at.toString();
  }

  private void put(String key, String text) throws Exception {
    bucket.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.ofContentType("text/plain"),
            WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
  }
}
