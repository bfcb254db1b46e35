package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteCondition;

/// Objects that were overwritten and deleted come back over HTTP: plan, apply, wait, look.
final class RestoreApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void whatWasLostComesBackAsOfBefore() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      TestS3.put(bucket, "projects/a.txt", "good");
      TestS3.put(bucket, "projects/b.txt", "kept");
      TestS3.put(bucket, "other/c.txt", "untouched");
      String before = bucket.bucketState().serverTime().plusSeconds(1).toString();
      // S3 times are whole seconds: the accident has to fall into a later one.
      await()
          .atMost(PATIENCE)
          .until(() -> bucket.bucketState().serverTime().toString().compareTo(before) > 0);
      TestS3.put(bucket, "projects/a.txt", "bad");
      bucket.delete(new ObjectKey("projects/b.txt"), WriteCondition.ALWAYS);
      await()
          .atMost(PATIENCE)
          .until(() ->
              daemon.get("/objects/versions?key=projects/b.txt").path("versions").size() == 2
                  && daemon.get("/objects/versions?key=projects/a.txt").path("versions").size()
                      == 2);
      assertThat(daemon.get("/objects?prefix=projects/&deleted=true").at("/items/0/key").asText())
          .isEqualTo("projects/b.txt");
      assertThat(daemon.get("/objects?prefix=projects/&at=" + before).path("items")).hasSize(2);

      HttpResponse<String> made =
          daemon.send(
              "operator",
              "POST",
              "/restore-plans",
              "{\"scope\": {\"prefixes\": [\"projects/\"]}, \"at\": \"%s\"}".formatted(before));
      JsonNode plan = daemon.read(made);
      assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
      assertThat(plan.at("/counts/put-back/objects").asLong()).isEqualTo(1);
      assertThat(plan.at("/counts/bring-back/objects").asLong()).isEqualTo(1);
      assertThat(daemon.get("/restore-plans/" + plan.path("id").asText() + "/items").path("items"))
          .hasSize(2);
      assertThat(plan.path("source").asText()).isEqualTo("primary versions");
      assertThat(plan.at("/outlook/sources/0/onServer").asBoolean()).isTrue();
      assertThat(plan.at("/outlook/egress/objects").asLong()).isZero();
      assertThat(plan.at("/outlook/cost/unknown/0").asText()).isEqualTo("requests at primary");
      assertThat(plan.at("/outlook/cost/amounts")).isEmpty();
      String items = "/restore-plans/" + plan.path("id").asText();
      assertThat(daemon.get(items + "/items?newer=true").path("items"))
          .singleElement()
          .satisfies(item -> assertThat(item.path("key").asText()).isEqualTo("projects/a.txt"));
      assertThat(daemon.get(items + "/lost").path("items")).isEmpty();

      String unconfirmed = "{\"planId\": \"%s\"}".formatted(plan.path("id").asText());
      HttpResponse<String> refused = daemon.send("operator", "POST", "/restores", unconfirmed);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(412);
      assertThat(daemon.read(refused).path("confirm").asText())
          .isEqualTo(plan.path("confirm").asText());

      String confirmed =
          "{\"planId\": \"%s\", \"confirm\": \"%s\"}"
              .formatted(plan.path("id").asText(), primary.bucket());
      HttpResponse<String> accepted = daemon.send("operator", "POST", "/restores", confirmed);
      assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
      String path =
          URI.create(accepted.headers().firstValue("Location").orElseThrow())
              .getPath()
              .substring("/api/v1".length());
      JsonNode done = daemon.get(path + "?wait=20s");
      assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("completed");
      assertThat(done.at("/counts/done").asLong()).isEqualTo(2);
      assertThat(daemon.get(path + "/items?result=done").path("items")).hasSize(2);
      assertThat(daemon.send("operator", "GET", "/objects/content?key=projects/a.txt", "").body())
          .isEqualTo("good");
      assertThat(
              daemon
                  .send("operator", "GET", "/objects/projects/b.txt/content?at=" + before, "")
                  .body())
          .isEqualTo("kept");

      HttpResponse<String> again = daemon.send("operator", "POST", "/restores", confirmed);
      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(daemon.read(again).path("code").asText()).isEqualTo("plan-used");
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_restore_jobs_finished_total{result=\"completed\"} 1")
          .contains("vistadr_restore_objects_total{result=\"done\"} 2")
          .contains("vistadr_restore_jobs{state=\"running\"} 0");
    }
  }

  @Test
  void anUndeleteRemovesOnlyDeleteMarkers() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      TestS3.put(bucket, "a.txt", "here");
      bucket.delete(new ObjectKey("a.txt"), WriteCondition.ALWAYS);
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/objects/versions?key=a.txt").path("versions").size() == 2);
      JsonNode dry = daemon.post("/undeletes", "{\"keys\": [\"a.txt\"], \"dryRun\": true}");
      assertThat(dry.at("/counts/bring-back/objects").asLong()).as(dry.toString()).isEqualTo(1);
      JsonNode started = daemon.post("/undeletes", "{\"keys\": [\"a.txt\"], \"confirm\": \"yes\"}");
      JsonNode done = daemon.get("/restores/" + started.path("id").asText() + "?wait=20s");
      assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("completed");
      assertThat(bucket.head(new ObjectKey("a.txt"), org.vistadr.storage.Revision.CURRENT).size())
          .isEqualTo(4);
    }
  }
}
