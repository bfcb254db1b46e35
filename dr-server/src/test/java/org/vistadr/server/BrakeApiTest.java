package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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

/// The brake over HTTP: what is told while it is engaged, who may decide, and what is audited.
final class BrakeApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int KEYS = 30;

  @TempDir Path directory;

  @Test
  void aMassDeletionIsHeldToldDecidedAndAudited() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig secondary = TestS3.versioned(new SiteName("copies"));
    try (ObjectStore bucket = TestS3.open(primary);
        ObjectStore copies = TestS3.open(secondary)) {
      try (RunningDaemon daemon = RunningDaemon.start(directory, primary, secondary)) {
        for (int i = 0; i < KEYS; i++) {
          TestS3.put(bucket, key(i), key(i));
        }
        await()
            .atMost(PATIENCE)
            .until(
                () -> daemon.get("/status").at("/secondaries/0/durableObjects").asLong() == KEYS);
        await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
        assertThat(daemon.get("/brake").path("engaged").asBoolean()).isFalse();
        assertThat(decide(daemon, "admin", "release", "{\"reason\": \"no\"}")).isEqualTo(409);

        daemon.post("/tasks/scan/pause", "");
        await()
            .atMost(PATIENCE)
            .until(() -> !daemon.get("/status").at("/primary/scanRunning").asBoolean());
        for (int i = 0; i < 20; i++) {
          bucket.delete(new ObjectKey(key(i)), WriteCondition.ALWAYS);
        }
        daemon.post("/tasks/scan/resume", "");
        await().atMost(PATIENCE).until(() -> daemon.get("/brake").path("engaged").asBoolean());
        assertThat(daemon.get("/brake").at("/reasons/0/suspicion").asText()).isEqualTo("deletions");
        assertThat(daemon.get("/brake").path("bucketKnownBy").asText()).isEqualTo("mark");
        JsonNode status = daemon.get("/status");
        assertThat(status.path("protected").asBoolean()).isFalse();
        assertThat(status.path("reasons").toString())
            .contains("the brake is engaged: 20 of 30 objects were deleted")
            .contains("copies: 20 deletions are held");
        assertThat(daemon.admin("/metrics").body())
            .contains("vistadr_brake_engaged 1.0")
            .contains("vistadr_brake_suspicion{suspicion=\"deletions\"} 1.0")
            .contains("vistadr_replication_deletes_held{secondary=\"copies\"} 20.0");
        assertThat(daemon.get("/held?secondary=copies&limit=3").path("items"))
            .extracting(item -> item.path("key").asText())
            .containsExactly(key(0), key(1), key(2));
        assertThat(daemon.get("/held?secondary=copies&limit=3").has("next")).isTrue();
      }
      // A restart forgets nothing.
      try (RunningDaemon daemon = RunningDaemon.start(directory, primary, secondary)) {
        await()
            .atMost(PATIENCE)
            .until(() -> daemon.get("/status").at("/primary/lastScan/number").asLong() > 0);
        assertThat(daemon.get("/brake").path("engaged").asBoolean()).isTrue();
        assertThat(TestS3.isThere(copies, key(0))).isTrue();

        assertThat(decide(daemon, "operator", "release", "{\"reason\": \"x\"}")).isEqualTo(403);
        assertThat(decide(daemon, "admin", "release", "{\"reason\": \" \"}")).isEqualTo(400);
        JsonNode decided =
            daemon.post("/held/discard", "{\"prefix\": \"p/0\", \"reason\": \"wrong prefix\"}");
        assertThat(decided.path("changes").asLong()).isEqualTo(10);
        assertThat(decided.at("/brake/engaged").asBoolean()).isTrue();
        decided = daemon.post("/held/release", "{\"reason\": \"was meant\"}");
        assertThat(decided.path("changes").asLong()).isEqualTo(10);
        assertThat(decided.at("/brake/engaged").asBoolean()).isFalse();
        await().atMost(PATIENCE).until(() -> !TestS3.isThere(copies, key(19)));
        await().atMost(PATIENCE).until(() -> !TestS3.isThere(copies, key(10)));
        assertThat(TestS3.isThere(copies, key(9))).isTrue();
        await().atMost(PATIENCE).until(() -> daemon.get("/status").path("protected").asBoolean());
        // What a person decided is a stated difference, and no warning for ever.
        JsonNode status = daemon.get("/status");
        assertThat(status.path("reasons").toString()).doesNotContain("waived");
        assertThat(status.at("/secondaries/0/waivedObjects").asLong()).isEqualTo(10);
        JsonNode differs = daemon.get("/held?secondary=copies&discarded=true&limit=3");
        assertThat(differs.path("items"))
            .extracting(item -> item.path("key").asText())
            .containsExactly(key(0), key(1), key(2));
        assertThat(differs.at("/items/0/decision").asText()).isEqualTo("discarded: wrong prefix");
        assertThat(differs.at("/items/0/deletion").asBoolean()).isTrue();
        assertThat(daemon.get("/held?secondary=copies").path("items")).isEmpty();

        JsonNode audit = daemon.get("/audit").path("items");
        assertThat(audit)
            .extracting(entry -> entry.path("action").asText())
            .containsExactlyInAnyOrder(
                "held-released",
                "held-discarded",
                "config-loaded",
                "task-resumed",
                "brake-engaged",
                "task-paused",
                "config-loaded");
        JsonNode released = audit.get(0);
        assertThat(released.path("who").asText()).matches("admin [0-9a-f]{8}");
        assertThat(released.path("reason").asText()).isEqualTo("was meant");
        assertThat(daemon.get("/audit?action=task-resumed").at("/items/0/subject").asText())
            .isEqualTo("scan");
        assertThat(daemon.get("/audit?action=config-loaded").at("/items/0/subject").asText())
            .contains("config.yml sha256:");
        assertThat(daemon.get("/audit?action=brake-engaged&who=scan").path("items")).hasSize(1);
        assertThat(daemon.get("/audit/seals").path("intact").asBoolean()).isTrue();
        assertThat(daemon.send("operator", "GET", "/audit", "").statusCode()).isEqualTo(403);
      }
    }
  }

  private static int decide(RunningDaemon daemon, String role, String what, String body) {
    return daemon.send(role, "POST", "/held/" + what, body).statusCode();
  }

  private static String key(int number) {
    return "p/%02d".formatted(number);
  }
}
