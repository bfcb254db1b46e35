package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/// Retention over HTTP: shown, refused precisely, approved, carried out and told.
final class PruneApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final SiteName COPIES = new SiteName("copies");
  private static final SiteName OTHER = new SiteName("other");

  @TempDir Path directory;

  @Test
  void aPlanIsShownRefusedApprovedAndTold() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig copies = TestS3.versioned(COPIES);
    try (ObjectStore bucket = TestS3.open(primary);
        ObjectStore there = TestS3.open(copies);
        RunningDaemon daemon =
            RunningDaemon.start(
                directory,
                Map.of(
                    COPIES,
                    List.of(
                        "retention: {keepAll: 1s}",
                        "prune: {accessKey: '%s', secretKeyEnv: PRUNE_SECRET}"
                            .formatted(key(copies)))),
                primary,
                TestS3.unversioned(OTHER),
                copies)) {
      twoVersions(daemon, bucket, "p/a");
      twoVersions(daemon, bucket, "p/b");
      JsonNode hold = daemon.post("/holds", "{\"prefix\":\"p/b\",\"reason\":\"a case\"}");
      assertThat(daemon.get("/holds").at("/items/0/prefix").asText()).isEqualTo("p/b");

      JsonNode plan = planned(daemon, "to-go", "stays");
      String path = "/prune-plans/" + plan.path("id").asText();
      assertThat(plan.path("confirm").asText()).isEqualTo("copies");
      assertThat(plan.path("reliesOn").toString()).isEqualTo("[\"other\"]");
      assertThat(daemon.get(path + "/items?state=to-go").at("/items/0/key").asText())
          .isEqualTo("p/a");
      assertThat(daemon.get(path + "/items?state=stays").at("/items/0/detail").asText())
          .isEqualTo("hold %d of everything below p/b: a case".formatted(hold.path("id").asInt()));

      assertThat(run(daemon, "admin", path, "{\"confirm\":\"copies\"}")).contains("400", "reason");
      assertThat(run(daemon, "admin", path, "{\"confirm\":\"vista\",\"reason\":\"space\"}"))
          .contains("412", "is gone for good", "--confirm copies");
      String approval = "{\"confirm\":\"copies\",\"reason\":\"space\"}";
      assertThat(run(daemon, "operator", path, approval)).contains("403");
      assertThat(run(daemon, "admin", path, approval))
          .contains("409", "not-verified", "vistadr verify run other");
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_prune_refusals_total{reason=\"not-verified\"} 1");
      assertThat(versions(there, "p/a")).isEqualTo(2);

      daemon.post("/tasks/scrub-other/run", "{}");
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/verifications").toString().contains("verifiedSince"));
      assertThat(run(daemon, "admin", path, approval)).contains("202");
      await().atMost(PATIENCE).until(() -> daemon.get(path).path("state").asText().equals("done"));
      assertThat(versions(there, "p/a")).isEqualTo(1);
      assertThat(versions(there, "p/b")).isEqualTo(2);
      JsonNode old = daemon.get("/objects/versions?key=p/a").at("/versions/1");
      assertThat(old.at("/replicas/copies").asText()).isEqualTo("pruned");
      assertThat(old.at("/replicas/other").asText()).isEqualTo("durable");
      assertThat(old.at("/notes/copies").asText())
          .startsWith("pruned 20")
          .endsWith("by plan " + plan.path("id").asText());
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_pruned_versions{secondary=\"copies\"} 1")
          .contains("vistadr_pruned_versions{secondary=\"other\"} 0")
          .contains("vistadr_prune_last_success_timestamp_seconds");
      assertThat(daemon.get("/status").path("protected").asBoolean()).isTrue();
      assertThat(daemon.get("/status").toString()).contains("\"kind\":\"pruned\"");
      assertThat(daemon.get("/audit?action=prune-done").at("/items/0/reason").asText())
          .isEqualTo("space");
      assertThat(run(daemon, "admin", path, approval)).contains("409", "wrong-state");

      String holdPath = "/holds/" + hold.path("id").asText();
      assertThat(daemon.send("admin", "DELETE", holdPath, "").body()).contains("reason-missing");
      assertThat(daemon.send("admin", "DELETE", holdPath + "?reason=closed", "").statusCode())
          .isEqualTo(200);
      assertThat(daemon.get("/audit?action=hold-removed").at("/items/0/reason").asText())
          .isEqualTo("closed");
    }
  }

  @Test
  void withoutPolicyOrKeyNothingGoesAndItIsSaidWhatToAdd() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(
                directory,
                Map.of(COPIES, List.of("retention: {keepAll: 1s}")),
                primary,
                TestS3.versioned(COPIES),
                TestS3.unversioned(OTHER))) {
      twoVersions(daemon, bucket, "a");
      assertThat(text(daemon.send("operator", "POST", "/prune-plans", "{\"secondary\":\"other\"}")))
          .contains("409", "no-policy", "other has no retention policy", "vistadr runbook prune");
      assertThat(text(daemon.send("operator", "POST", "/prune-plans", "{\"secondary\":\"othr\"}")))
          .contains("404", "there is no secondary");
      assertThat(text(daemon.send("viewer", "POST", "/prune-plans", "{}"))).contains("403");
      String path = "/prune-plans/" + planned(daemon, "to-go").path("id").asText();
      assertThat(run(daemon, "admin", path, "{\"confirm\":\"copies\",\"reason\":\"space\"}"))
          .contains("409", "no-prune-key", "has no key that may remove versions", "prune: {");
      assertThat(run(daemon, "admin", "/prune-plans/g-none", "{}"))
          .contains("404", "there is no prune plan 'g-none'");
      assertThat(text(daemon.send("admin", "POST", "/holds", "{\"reason\":\"x\"}")))
          .contains("400", "a hold is of a key or of a prefix");
      assertThat(text(daemon.send("admin", "POST", "/holds", "{\"key\":\"a\"}")))
          .contains("400", "a hold needs a reason");
      JsonNode check = daemon.post("/sites/copies/check", "{}");
      assertThat(check.toString())
          .contains("\"name\":\"prune\",\"result\":\"warning\"")
          .contains("s3:DeleteObjectVersion");
      assertThat(check.at("/policies/0/use").asText()).isEqualTo("daily");
      assertThat(check.at("/policies/0/json").asText()).doesNotContain("DeleteObjectVersion");
      assertThat(daemon.post("/sites/other/check", "{}").at("/policies/1/json").asText())
          .contains("/.vistadr/history/*")
          .doesNotContain("DeleteObjectVersion");
    }
  }

  /// A plan with sums of exactly these states: what was superseded leaves the window with time.
  private static JsonNode planned(RunningDaemon daemon, String... states) {
    JsonNode[] plan = new JsonNode[1];
    await()
        .atMost(PATIENCE)
        .until(() -> {
          plan[0] = daemon.post("/prune-plans", "{}");
          return plan[0].path("sums").findValuesAsText("state").equals(List.of(states));
        });
    return plan[0];
  }

  private static String run(RunningDaemon daemon, String role, String path, String approval) {
    return text(daemon.send(role, "POST", path + "/run", approval));
  }

  private static String text(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.body();
  }

  private static void twoVersions(RunningDaemon daemon, ObjectStore bucket, String key)
      throws Exception {
    for (String text : List.of("one", "two")) {
      bucket.put(
          new PutRequest(
              new ObjectKey(key),
              ObjectAttributes.NONE,
              WriteBody.Buffered.of(text.getBytes(StandardCharsets.UTF_8)),
              WriteCondition.ALWAYS));
      int versions = text.equals("one") ? 1 : 2;
      await()
          .atMost(PATIENCE)
          .until(() -> {
            String known = daemon.get("/objects/versions?key=" + key).toString();
            return known.split("\"copies\":\"durable\"", -1).length == versions + 1
                && known.split("\"other\":\"durable\"", -1).length == versions + 1;
          });
    }
  }

  private static long versions(ObjectStore store, String key) throws Exception {
    return store
        .listVersions(new ListingRequest(key, ListingRequest.Position.BEGINNING, 100))
        .entries()
        .size();
  }

  private static String key(SiteConfig site) {
    return ((SiteConfig.Credentials.Keys) site.credentials()).accessKey();
  }
}
