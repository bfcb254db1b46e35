package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// The real daemon over real HTTP, with real S3 servers behind it.
final class DaemonTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void protectsABucketAndTellsSo() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    put(primary, "projects/a/1.txt", "one");
    put(primary, "projects/a/1.txt", "two");
    put(primary, "projects/b/2.txt", "three");
    put(primary, "temp/scratch", "not protected");
    try (RunningDaemon daemon =
        RunningDaemon.start(
            directory,
            primary,
            TestS3.unversioned(new SiteName("disk")),
            TestS3.versioned(new SiteName("copies")))) {
      await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
      JsonNode status = daemon.get("/status");
      assertThat(status.at("/secondaries/0/state").asText()).isEqualTo("in_sync");
      assertThat(status.at("/secondaries/0/lagSeconds").asLong(-1)).isBetween(0L, 30L);
      assertThat(status.at("/primary/objects").asLong()).isEqualTo(2);
      assertThat(status.at("/primary/regime").asText()).isEqualTo("versioned");
      Instant.parse(status.path("now").asText());

      JsonNode top = daemon.get("/objects?delimiter=/");
      assertThat(top.path("prefixes")).extracting(JsonNode::asText).containsExactly("projects/");
      JsonNode page = daemon.get("/objects?prefix=projects/&limit=1");
      assertThat(page.at("/items/0/key").asText()).isEqualTo("projects/a/1.txt");
      assertThat(page.at("/items/0/durableAt"))
          .extracting(JsonNode::asText)
          .containsExactly("copies", "disk");
      JsonNode rest =
          daemon.get("/objects?prefix=projects/&limit=1&cursor=" + page.path("next").asText());
      assertThat(rest.at("/items/0/key").asText()).isEqualTo("projects/b/2.txt");
      assertThat(rest.has("next")).isFalse();

      JsonNode versions = daemon.get("/objects/versions?key=projects/a/1.txt");
      assertThat(daemon.get("/objects/projects%2Fa%2F1.txt/versions")).isEqualTo(versions);
      assertThat(versions.path("versions")).hasSize(2);
      assertThat(versions.at("/versions/1/replicas/disk").asText()).isEqualTo("durable");
      assertThat(daemon.get("/objects/projects/a/1.txt/versions")).isEqualTo(versions);
      String older = versions.at("/versions/1/versionId").asText();
      assertThat(
              daemon
                  .send(
                      "operator",
                      "GET",
                      "/objects/content?key=projects/a/1.txt&version=" + older,
                      "")
                  .body())
          .isEqualTo("one");

      // Until a drill succeeded there is nothing to tell of one.
      daemon.post("/drills", "{}");
      await()
          .atMost(PATIENCE)
          .until(() ->
              daemon
                  .admin("/metrics")
                  .body()
                  .contains("vistadr_drill_last_success_timestamp_seconds{"));

      String metrics = daemon.admin("/metrics").body();
      assertThat(metrics)
          .contains("vistadr_replication_state{secondary=\"disk\",state=\"in_sync\"} 1")
          .contains("vistadr_replication_pending_objects{secondary=\"disk\"} 0")
          .contains("vistadr_replication_lag_seconds{secondary=\"copies\"}")
          .contains("vistadr_task_last_run_success{task=\"scan\"} 1")
          .contains("vistadr_site_reachable{site=\"primary\"} 1")
          .contains("vistadr_bucket_objects{kind=\"current\",site=\"primary\"} 2")
          .contains("vistadr_s3_requests_total{operation=\"PutObject\",outcome=\"success\"")
          .contains("vistadr_build_info{")
          .contains("vistadr_scrape_errors_total 0");
      assertThat(metricsOfTheAlertRules())
          .hasSizeGreaterThan(15)
          .allSatisfy(name -> assertThat(metrics).containsPattern("(?m)^" + name + "[{ ]"));
      assertThat(daemon.admin("/tasks/gc").statusCode()).isEqualTo(404);
      assertThat(status.at("/primary/events").asText()).isEqualTo("off");
      assertThat(Instant.parse(status.at("/window/from").asText()))
          .isBeforeOrEqualTo(Instant.parse(status.at("/window/to").asText()));
    }
  }

  @Test
  void startsAndIsReadyWhileEverySiteIsDownAndUnknownLagIsNotZero() throws Exception {
    SiteConfig up = TestS3.versioned(SiteName.PRIMARY);
    try (RunningDaemon daemon =
        RunningDaemon.start(
            directory, nowhere(up, SiteName.PRIMARY), nowhere(up, new SiteName("copies")))) {
      assertThat(daemon.admin("/health-check?type=ready").statusCode()).isEqualTo(200);
      assertThat(daemon.admin("/health-check?type=alive").statusCode()).isEqualTo(200);
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/primary/reachable").isBoolean());
      JsonNode status = daemon.get("/status");
      assertThat(status.path("protected").asBoolean(true)).isFalse();
      assertThat(status.at("/secondaries/0").has("lagSeconds")).isFalse();
      assertThat(status.path("reasons").toString()).contains("endpoint, port and useSsl");
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_replication_recovery_point_timestamp_seconds{secondary=\"copies\"} 0")
          .doesNotContain("vistadr_replication_lag_seconds{");
      assertThat(daemon.get("/objects").path("code").asText()).isEqualTo("scan-needed");
    }
  }

  @Test
  void aWrongSecretDoesNotStopTheDaemonAndIsNamed() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig wrong =
        new SiteConfig(
            primary.name(),
            primary.endpoint(),
            primary.region(),
            primary.bucket(),
            new SiteConfig.Credentials.Keys(
                ((SiteConfig.Credentials.Keys) primary.credentials()).accessKey(),
                new org.vistadr.storage.Secret("not-the-secret-at-all")),
            primary.profile(),
            primary.limits());
    try (RunningDaemon daemon =
        RunningDaemon.start(directory, wrong, TestS3.unversioned(new SiteName("disk")))) {
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").path("reasons").toString().contains("rotate-keys"));
      assertThat(daemon.get("/status").path("reasons").toString()).doesNotContain("HINT");
      JsonNode check = daemon.post("/sites/primary/check", "");
      assertThat(check.path("ok").asBoolean(true)).isFalse();
      assertThat(check.toString()).doesNotContain("not-the-secret-at-all");
      JsonNode good = daemon.post("/sites/disk/check", "");
      assertThat(good.path("ok").asBoolean()).as(good.toString()).isTrue();
    }
  }

  @Test
  void aPauseSurvivesARestart() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig copies = TestS3.versioned(new SiteName("copies"));
    try (RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
      assertThat(daemon.post("/secondaries/copies/pause", "").path("state").asText())
          .isEqualTo("paused");
    }
    try (RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
      assertThat(daemon.get("/secondaries/copies").path("state").asText()).isEqualTo("paused");
      HttpResponse<String> refused =
          daemon.send("operator", "POST", "/tasks/replicate-copies/run", "");
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(daemon.read(refused).path("code").asText()).isEqualTo("task-paused");
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_replication_state{secondary=\"copies\",state=\"paused\"} 1")
          .doesNotContain("vistadr_task_expected_interval_seconds{task=\"replicate-copies\"}");
      daemon.post("/secondaries/copies/resume", "");
      await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
    }
  }

  @Test
  void callersMayDoWhatTheirRoleCovers() throws Exception {
    try (RunningDaemon daemon =
        RunningDaemon.start(
            directory,
            TestS3.versioned(SiteName.PRIMARY),
            TestS3.versioned(new SiteName("copies")))) {
      String waive = "{\"key\": \"a\", \"reason\": \"lost for good\"}";
      record Try(String role, String method, String path, String body, int status) {}
      for (Try attempt :
          List.of(
              new Try("", "GET", "/status", "", 401),
              new Try("wrong-token-0123456789", "GET", "/status", "", 401),
              new Try("viewer", "GET", "/status", "", 200),
              new Try("viewer", "GET", "/openapi.json", "", 200),
              new Try("viewer", "POST", "/tasks/housekeeping/run", "", 403),
              new Try("operator", "POST", "/tasks/housekeeping/run", "", 202),
              new Try("viewer", "GET", "/objects/content?key=a", "", 403),
              new Try("operator", "POST", "/secondaries/copies/failed/waive", waive, 403),
              new Try("admin", "POST", "/secondaries/copies/failed/waive", waive, 404))) {
        assertThat(
                daemon
                    .send(attempt.role(), attempt.method(), attempt.path(), attempt.body())
                    .statusCode())
            .as(attempt.toString())
            .isEqualTo(attempt.status());
      }
      assertThat(daemon.send("", "GET", "/status", "").headers().firstValue("WWW-Authenticate"))
          .contains("Bearer");
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_auth_failures_total{role=\"none\"} 3")
          .contains("vistadr_auth_failures_total{role=\"viewer\"} 2");
    }
  }

  @Test
  void badRequestsAreProblemsThatSayWhatToDo() throws Exception {
    try (RunningDaemon daemon =
        RunningDaemon.start(
            directory,
            TestS3.versioned(SiteName.PRIMARY),
            TestS3.versioned(new SiteName("copies")))) {
      record Bad(String method, String path, String body, int status, String code) {}
      for (Bad bad :
          List.of(
              new Bad("GET", "/objects?prefx=a", "", 400, "unknown-parameter"),
              new Bad("GET", "/objects?at=2026-10-25T02:30:00", "", 400, "time-needs-zone"),
              new Bad("GET", "/objects?at=yesterday", "", 400, "time-invalid"),
              new Bad("GET", "/objects?limit=100000", "", 400, "limit-invalid"),
              new Bad("GET", "/objects?limit=many", "", 400, "parameter-invalid"),
              new Bad("GET", "/objects?cursor=%21", "", 400, "cursor-invalid"),
              new Bad("GET", "/objects/versions?key=never/seen", "", 404, "not-found"),
              new Bad("GET", "/sites/mars", "", 404, "not-found"),
              new Bad("GET", "/nothing/here", "", 404, "no-such-path"),
              new Bad("DELETE", "/status", "", 405, "method-not-allowed"),
              new Bad("POST", "/tasks/dance/run", "", 404, "not-found"),
              new Bad("POST", "/restore-plans", "{", 400, "malformed-json"),
              new Bad("POST", "/restore-plans", "{\"prefx\": \"a\"}", 400, "unknown-field"),
              new Bad(
                  "POST", "/restore-plans", "{\"scope\": {\"all\": true}}", 400, "time-missing"),
              new Bad("POST", "/restore-plans", "{\"undelete\": true}", 400, "scope-invalid"),
              new Bad("GET", "/restores/r-none", "", 404, "not-found"))) {
        HttpResponse<String> response = daemon.send("admin", bad.method(), bad.path(), bad.body());
        JsonNode problem = daemon.read(response);
        assertThat(response.statusCode()).as(bad + " " + response.body()).isEqualTo(bad.status());
        assertThat(response.headers().firstValue("Content-Type"))
            .as(bad.toString())
            .contains("application/problem+json");
        assertThat(problem.path("code").asText()).as(response.body()).isEqualTo(bad.code());
        assertThat(problem.path("hint").asText()).as(response.body()).isNotEmpty();
        assertThat(problem.path("requestId").asText())
            .isEqualTo(response.headers().firstValue("X-Request-Id").orElseThrow());
      }
    }
  }

  private static Set<String> metricsOfTheAlertRules() throws Exception {
    return Pattern.compile("\\bvistadr_[a-z0-9_]+")
        .matcher(Files.readString(Path.of("../monitoring/vistadr.rules.yml")))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  private static SiteConfig nowhere(SiteConfig site, SiteName name) {
    return new SiteConfig(
        name,
        // Nothing listens on the discard port.
        Optional.of(URI.create("http://127.0.0.1:9")),
        site.region(),
        name.value(),
        site.credentials(),
        site.profile(),
        site.limits());
  }

  private static void put(SiteConfig site, String key, String text) throws Exception {
    try (ObjectStore store = TestS3.open(site)) {
      store.put(
          new PutRequest(
              new ObjectKey(key),
              ObjectAttributes.ofContentType("text/plain"),
              WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
              WriteCondition.ALWAYS));
    }
  }
}
