package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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

/// Rehearsals of restores over HTTP: begun, told, measured, and failing where a copy was touched.
final class DrillApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void aDrillIsToldMeasuredAndFailsOnceACopyIsGone() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig secondary = TestS3.unversioned(new SiteName("copies"));
    try (ObjectStore bucket = TestS3.open(primary);
        ObjectStore copies = TestS3.open(secondary);
        RunningDaemon daemon = RunningDaemon.start(directory, primary, secondary)) {
      for (int i = 0; i < 3; i++) {
        bucket.put(
            new PutRequest(
                new ObjectKey("p/" + i),
                ObjectAttributes.NONE,
                WriteBody.Buffered.of(("bytes " + i).getBytes(StandardCharsets.UTF_8)),
                WriteCondition.ALWAYS));
      }
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0/durableObjects").asLong() == 3);
      await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_drill_expected_interval_seconds{secondary=\"copies\"} 604800")
          .contains("vistadr_drill_objective_seconds{secondary=\"copies\"} 28800")
          .doesNotContain("vistadr_drill_last_success_timestamp_seconds{");
      assertThat(daemon.get("/tasks").toString()).contains("drill-copies");

      JsonNode good = ended(daemon, daemon.post("/drills", "{}"));
      assertThat(good.path("state").asText()).isEqualTo("succeeded");
      assertThat(good.path("restored").asLong()).isEqualTo(3);
      assertThat(good.path("secondary").asText()).isEqualTo("copies");
      assertThat(good.path("who").asText()).isNotEmpty();
      assertThat(good.path("projectedHighSeconds").asLong()).isPositive();
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_drill_last_success_timestamp_seconds{secondary=\"copies\"}")
          .contains("vistadr_drill_projected_full_restore_seconds{secondary=\"copies\"}")
          .contains("vistadr_drill_last_failed{secondary=\"copies\"} 0");
      assertThat(daemon.get("/audit?action=drill-started").at("/items/0/subject").asText())
          .isEqualTo(good.path("id").asText());

      copies.delete(new ObjectKey("p/1"), WriteCondition.ALWAYS);
      JsonNode bad =
          ended(daemon, daemon.post("/drills", "{\"secondary\":\"copies\",\"sample\":50}"));
      assertThat(bad.path("state").asText()).isEqualTo("failed");
      assertThat(bad.at("/items/0/key").asText()).isEqualTo("p/1");
      assertThat(bad.at("/items/0/detail").asText()).isEqualTo("nothing is at p/1");
      assertThat(daemon.get("/status").path("protected").asBoolean()).isFalse();
      assertThat(daemon.get("/status").path("reasons").toString())
          .contains("copies: the last drill failed: 1 of 3 objects did not come back");
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_drill_last_failed{secondary=\"copies\"} 1");

      JsonNode first = daemon.get("/drills?limit=1");
      assertThat(first.at("/items/0/id").asLong()).isEqualTo(bad.path("id").asLong());
      assertThat(
              daemon
                  .get("/drills?limit=1&cursor=" + first.path("next").asText())
                  .at("/items/0/id")
                  .asLong())
          .isEqualTo(good.path("id").asLong());
    }
  }

  @Test
  void whatCannotBeDrilledIsSaidPrecisely() throws Exception {
    try (RunningDaemon daemon =
        RunningDaemon.start(
            directory,
            TestS3.versioned(SiteName.PRIMARY),
            TestS3.unversioned(new SiteName("copies")))) {
      await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
      assertThat(refused(daemon, "{\"secondary\":\"copy\"}"))
          .contains("404", "there is no secondary 'copy'", "vistadr sync list");
      assertThat(refused(daemon, "{\"sample\":0}")).contains("400", "sample=0 is out of bounds");
      assertThat(refused(daemon, "{\"prefix\":\"none/\"}"))
          .contains("404", "nothing was below 'none/'");
      assertThat(daemon.send("viewer", "POST", "/drills", "{}").statusCode()).isEqualTo(403);
      assertThat(daemon.send("viewer", "GET", "/drills/x", "").body())
          .contains("there is no drill 'x'");
    }
  }

  private static String refused(RunningDaemon daemon, String body) {
    var answer = daemon.send("operator", "POST", "/drills", body);
    return answer.statusCode() + " " + answer.body();
  }

  private static JsonNode ended(RunningDaemon daemon, JsonNode started) {
    String path = "/drills/" + started.path("id").asText();
    await()
        .atMost(PATIENCE)
        .until(() -> !daemon.get(path).path("state").asText().equals("running"));
    return daemon.get(path);
  }
}
