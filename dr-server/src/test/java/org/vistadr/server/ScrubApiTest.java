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

/// Copies that were touched behind our back, over HTTP: found, told, repaired and proved.
final class ScrubApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void aLostCopyIsFoundToldRepairedAndProved() throws Exception {
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
      await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0/durableObjects").asLong() == 3);
      assertThat(readBack(daemon).has("verifiedSince")).isFalse();
      copies.delete(new ObjectKey("p/1"), WriteCondition.ALWAYS);

      daemon.post("/tasks/scrub-copies/run", "");
      await().atMost(PATIENCE).until(() -> readBack(daemon).has("verifiedSince"));
      assertThat(readBack(daemon).path("coverage").asDouble()).isEqualTo(1);
      JsonNode finding = daemon.get("/findings").at("/items/0");
      assertThat(finding.path("key").asText()).isEqualTo("p/1");
      assertThat(finding.path("kind").asText()).isEqualTo("missing");
      assertThat(daemon.get("/status").path("protected").asBoolean()).isFalse();
      assertThat(daemon.get("/status").path("reasons").toString())
          .contains("copies: 1 copies are not what was written");
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_verify_corrupt_objects{secondary=\"copies\"} 1.0")
          .contains("vistadr_verify_coverage_ratio{level=\"readback\",secondary=\"copies\"} 1.0");

      String repair = "/findings/%d/repair".formatted(finding.path("id").asLong());
      assertThat(daemon.send("viewer", "POST", repair, "").statusCode()).isEqualTo(403);
      assertThat(daemon.post(repair, "").path("state").asText()).isEqualTo("being-repaired");
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/status").at("/secondaries/0/durableObjects").asLong() == 3);
      await()
          .atMost(PATIENCE)
          .until(() -> {
            daemon.post("/tasks/scrub-copies/run", "");
            return daemon.get("/findings?state=repaired").path("items").size() == 1;
          });
      await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
      assertThat(daemon.send("operator", "POST", repair, "").statusCode()).isEqualTo(409);
      assertThat(daemon.get("/audit?action=finding-repaired").path("items")).hasSize(1);
      assertThat(daemon.get("/findings?state=repaired").at("/items/0/copiedFrom").asText())
          .isEqualTo("primary");
      whatIsNoCopyIsAWarning(daemon, copies);
    }
  }

  private static void whatIsNoCopyIsAWarning(RunningDaemon daemon, ObjectStore copies)
      throws Exception {
    copies.put(
        new PutRequest(
            new ObjectKey("notes/of-somebody"),
            ObjectAttributes.NONE,
            WriteBody.Buffered.of("notes".getBytes(StandardCharsets.UTF_8)),
            WriteCondition.ALWAYS));
    await()
        .atMost(PATIENCE)
        .until(() -> {
          daemon.post("/tasks/scrub-copies/run", "");
          return daemon.get("/findings").path("items").size() == 1;
        });
    JsonNode extra = daemon.get("/findings").at("/items/0");
    assertThat(extra.path("kind").asText()).isEqualTo("extra");
    JsonNode status = daemon.get("/status");
    assertThat(status.path("protected").asBoolean()).isTrue();
    assertThat(status.path("reasons").toString())
        .contains("copies: 1 objects there are no copies of ours");
    assertThat(status.at("/secondaries/0/proof/extraObjects").asLong()).isEqualTo(1);
    assertThat(daemon.admin("/metrics").body())
        .contains("vistadr_verify_extra_objects{secondary=\"copies\"} 1.0")
        .contains("vistadr_verify_corrupt_objects{secondary=\"copies\"} 0.0")
        .contains("vistadr_verify_round_objects{level=\"listing\",secondary=\"copies\"} 3.0")
        .contains("vistadr_verify_compared_ratio{level=\"listing\",secondary=\"copies\"} 1.0");
    String finding = "/findings/%d".formatted(extra.path("id").asLong());
    assertThat(daemon.send("operator", "POST", finding + "/repair", "").statusCode())
        .isEqualTo(409);
    String acknowledge = finding + "/acknowledge";
    assertThat(daemon.send("viewer", "POST", acknowledge, "{\"reason\":\"r\"}").statusCode())
        .isEqualTo(403);
    assertThat(daemon.send("operator", "POST", acknowledge, "{}").statusCode()).isEqualTo(400);
    assertThat(daemon.post(acknowledge, "{\"reason\":\"ours\"}").path("state").asText())
        .isEqualTo("acknowledged");
    assertThat(daemon.get("/status").at("/secondaries/0/proof/extraObjects").asLong()).isZero();
    assertThat(daemon.get("/audit?action=finding-acknowledged").at("/items/0/reason").asText())
        .isEqualTo("ours");
  }

  private static JsonNode readBack(RunningDaemon daemon) {
    return daemon.get("/verifications").at("/items/2");
  }
}
