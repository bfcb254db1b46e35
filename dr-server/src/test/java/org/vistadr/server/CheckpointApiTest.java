package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteCondition;

/// Named checkpoints over HTTP, against a real daemon.
final class CheckpointApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void aNameStandsForItsMomentEverywhereAndSurvivesARestart() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig copies = TestS3.versioned(new SiteName("copies"));
    try (ObjectStore bucket = TestS3.open(primary)) {
      String at;
      try (RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
        TestS3.put(bucket, "p/changed.txt", "before");
        TestS3.put(bucket, "p/removed.txt", "0123456789");
        await()
            .atMost(PATIENCE)
            .until(() -> daemon.get("/objects?prefix=p/").path("items").size() == 2);
        Instant written = bucket.bucketState().serverTime();
        await().atMost(PATIENCE).until(() -> bucket.bucketState().serverTime().isAfter(written));
        JsonNode made =
            daemon.post(
                "/checkpoints",
                "{\"name\": \"pre-release\", \"hold\": true, \"note\": \"before 1.0\"}");
        at = made.path("at").asText();
        assertThat(made.path("madeBy").asText()).startsWith("admin ");
        assertThat(made.path("held").asBoolean()).isTrue();
        Instant then = bucket.bucketState().serverTime();
        await().atMost(PATIENCE).until(() -> bucket.bucketState().serverTime().isAfter(then));
        TestS3.put(bucket, "p/changed.txt", "after!!");
        TestS3.put(bucket, "p/added.txt", "new");
        bucket.delete(new ObjectKey("p/removed.txt"), WriteCondition.ALWAYS);
        await()
            .atMost(PATIENCE)
            .until(() ->
                keys(daemon.get("/objects?prefix=p/"), "items").size() == 2
                    && keys(daemon.get("/objects?prefix=p/"), "items").contains("p/added.txt"));
      }
      try (RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
        JsonNode listed = daemon.get("/checkpoints");
        assertThat(listed.at("/items/0/at").asText()).isEqualTo(at);
        assertThat(listed.at("/items/0/note").asText()).isEqualTo("before 1.0");

        String named = "checkpoint:pre-release";
        JsonNode listing = daemon.get("/objects?prefix=p/&at=" + named);
        assertThat(keys(listing, "items")).containsExactly("p/changed.txt", "p/removed.txt");
        assertThat(listing.at("/moment/at").asText()).isEqualTo(at);
        assertThat(keys(daemon.get("/diff?prefix=p/&from=" + named), "items")).hasSize(3);
        assertThat(keys(daemon.get("/diff?prefix=p/&from=" + named + "&to=" + named), "items"))
            .isEmpty();
        assertThat(keys(daemon.get("/find?glob=p/*&deletedSince=" + named), "items"))
            .containsExactly("p/removed.txt");
        assertThat(keys(daemon.get("/find?glob=p/*&at=" + named), "items")).hasSize(2);
        assertThat(
                daemon
                    .send("admin", "GET", "/objects/content?key=p/removed.txt&at=" + named, "")
                    .body())
            .isEqualTo("0123456789");
        // In bodies, too.
        JsonNode plan =
            daemon.post(
                "/restore-plans",
                "{\"at\": \"%s\", \"scope\": {\"prefixes\": [\"p/\"]}}".formatted(named));
        assertThat(plan.path("at").asText()).as(plan.toString()).isEqualTo(at);

        await()
            .atMost(PATIENCE)
            .until(() ->
                daemon
                        .get("/checkpoints/pre-release/contents")
                        .at("/secondaries/0/versions")
                        .asInt()
                    == 0);
        JsonNode contents = daemon.get("/checkpoints/pre-release/contents");
        assertThat(contents.path("objects").asInt()).isEqualTo(2);
        assertThat(contents.path("bytes").asInt()).isEqualTo(16);
        assertThat(contents.at("/moment/nextScanAt").isTextual()).isTrue();
        assertThat(contents.has("next")).isFalse();
      }
    }
  }

  @Test
  void refusalsSayWhatIsWrongAndWhatToDo() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      TestS3.put(bucket, "a", "1");
      await().atMost(PATIENCE).until(() -> daemon.get("/objects").path("items").size() == 1);

      for (String at : List.of("2000-01-01T00:00:00Z", "2999-01-01T00:00:00Z")) {
        HttpResponse<String> refused =
            create(daemon, "{\"name\": \"x\", \"at\": \"%s\"}".formatted(at));
        HttpResponse<String> listing = daemon.send("admin", "GET", "/objects?at=" + at, "");
        assertThat(refused.statusCode()).isEqualTo(listing.statusCode());
        assertThat(daemon.read(refused).path("code")).isEqualTo(daemon.read(listing).path("code"));
        assertThat(daemon.read(refused).path("hint")).isEqualTo(daemon.read(listing).path("hint"));
      }
      problem(daemon, create(daemon, "{\"name\": \"2h\"}"), 400, "name-invalid");
      problem(daemon, create(daemon, "{\"name\": \"A b\"}"), 400, "name-invalid");
      problem(daemon, create(daemon, "{}"), 400, "name-missing");
      problem(
          daemon,
          create(daemon, "{\"name\": \"x\", \"note\": \"%s\"}".formatted("n".repeat(501))),
          400,
          "note-invalid");
      assertThat(daemon.get("/checkpoints").path("items")).isEmpty();
      assertThat(daemon.get("/objects?at=checkpoint:x").path("hint").asText())
          .isEqualTo("there is none at all yet");

      // The same request again is the same checkpoint; another one of that name is refused.
      String body = "{\"name\": \"pre-release\", \"hold\": true}";
      Map<String, String> once = Map.of("Idempotency-Key", "k1");
      for (int i = 0; i < 2; i++) {
        assertThat(daemon.send("operator", "POST", "/checkpoints", body, once).statusCode())
            .isEqualTo(201);
      }
      problem(daemon, create(daemon, body), 409, "checkpoint-exists");
      assertThat(daemon.send("viewer", "POST", "/checkpoints", body).statusCode()).isEqualTo(403);

      JsonNode unknown = daemon.get("/objects?at=checkpoint:pre-relase");
      assertThat(unknown.path("code").asText()).isEqualTo("not-found");
      assertThat(unknown.path("hint").asText()).isEqualTo("the nearest are pre-release");
      problem(
          daemon,
          daemon.send(
              "admin",
              "POST",
              "/restore-plans",
              "{\"at\": \"checkpoint:gone\", \"scope\": {\"all\": true}}"),
          404,
          "not-found");

      String path = "/checkpoints/pre-release";
      problem(daemon, daemon.send("admin", "DELETE", path, ""), 400, "reason-missing");
      assertThat(daemon.send("operator", "DELETE", path + "?reason=x", "").statusCode())
          .isEqualTo(403);
      problem(
          daemon, daemon.send("admin", "DELETE", path + "?reason=x", ""), 409, "checkpoint-held");
      problem(daemon, daemon.send("admin", "POST", path + "/unhold", "{}"), 400, "reason-missing");
      assertThat(
              daemon
                  .post(path + "/unhold", "{\"reason\": \"it is over\"}")
                  .path("held")
                  .asBoolean())
          .isFalse();
      assertThat(daemon.send("operator", "POST", path + "/hold", "").statusCode()).isEqualTo(200);
      daemon.post(path + "/unhold", "{\"reason\": \"it is over\"}");
      assertThat(daemon.send("admin", "DELETE", path + "?reason=old", "").statusCode())
          .isEqualTo(200);
      problem(daemon, daemon.send("admin", "DELETE", path + "?reason=old", ""), 404, "not-found");

      JsonNode last = daemon.get("/audit?action=checkpoint-deleted").path("items");
      assertThat(last).hasSize(1);
      assertThat(last.at("/0/subject").asText()).isEqualTo("pre-release");
      assertThat(last.at("/0/reason").asText()).isEqualTo("old");
    }
  }

  @Test
  void ofAPrimaryWithoutVersionsTheMomentIsThatOfAScan() throws Exception {
    SiteConfig primary = TestS3.unversioned(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      TestS3.put(bucket, "a", "1");
      await().atMost(PATIENCE).until(() -> daemon.get("/objects").path("items").size() == 1);
      daemon.post("/checkpoints", "{\"name\": \"x\"}");
      JsonNode listing = daemon.get("/objects?at=checkpoint:x");
      assertThat(listing.path("items").size()).as(listing.toString()).isEqualTo(1);
      assertThat(listing.at("/moment/scanAt")).isEqualTo(listing.at("/moment/at"));
    }
  }

  private static HttpResponse<String> create(RunningDaemon daemon, String body) {
    return daemon.send("operator", "POST", "/checkpoints", body);
  }

  private static void problem(
      RunningDaemon daemon, HttpResponse<String> answer, int status, String code) {
    assertThat(daemon.read(answer).path("code").asText()).as(answer.body()).isEqualTo(code);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(daemon.read(answer).path("hint").asText()).isNotEmpty();
  }

  private static List<String> keys(JsonNode page, String field) {
    List<String> keys = new ArrayList<>();
    page.path(field).forEach(item -> keys.add(item.path("key").asText()));
    return keys;
  }
}
