package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteCondition;

/// The report of a restore proves what came back, and the undo gives back what was there.
final class RestoreReportApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NASTY = "p/<script>alert('1')</script>&\u0001.txt";

  @TempDir Path directory;

  @Test
  void aReportProvesWhatCameBackAndAnUndoGivesItBack() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      // So that no secondary has what the primary is going to lose.
      daemon.post("/secondaries/copies/pause", "{}");
      List<String> keys = List.of("p/a", "p/b", "p/ü");
      for (String key : keys) {
        TestS3.put(bucket, key, "good " + key);
      }
      TestS3.put(bucket, NASTY, "lost for ever");
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/objects?prefix=p/").path("items").size() == 4);
      String before = bucket.bucketState().serverTime().plusSeconds(1).toString();
      await()
          .atMost(PATIENCE)
          .until(() -> bucket.bucketState().serverTime().toString().compareTo(before) > 0);
      bucket.delete(new ObjectKey("p/a"), WriteCondition.ALWAYS);
      TestS3.put(bucket, "p/b", "bad");
      bucket.delete(new ObjectKey("p/ü"), WriteCondition.ALWAYS);
      for (ListedVersion version : bucket.listVersions(ListingRequest.ALL).entries()) {
        if (version.key().value().equals(NASTY)) {
          bucket.deleteVersion(version.key(), version.versionId());
        }
      }
      String history = "/objects/versions?key=" + URLEncoder.encode(NASTY, StandardCharsets.UTF_8);
      await()
          .atMost(PATIENCE)
          .until(() ->
              !daemon.get(history).at("/versions/0/atPrimary").asBoolean(true)
                  || daemon.get(history).path("versions").size() == 2);

      JsonNode plan =
          daemon.post(
              "/restore-plans",
              "{\"scope\": {\"prefixes\": [\"p/\"]}, \"at\": \"%s\"}".formatted(before));
      assertThat(plan.at("/counts/put-back/objects").asLong()).as(plan.toString()).isEqualTo(1);
      assertThat(plan.at("/counts/cannot/objects").asLong()).as(plan.toString()).isEqualTo(1);
      JsonNode started =
          daemon.post(
              "/restores",
              "{\"planId\": \"%s\", \"confirm\": \"%s\"}"
                  .formatted(plan.path("id").asText(), primary.bucket()));
      String path = "/restores/" + started.path("id").asText();
      JsonNode ended = daemon.get(path + "?wait=20s");
      assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("partial");

      JsonNode report = daemon.get(path + "/report?zone=Europe/Paris");
      assertThat(report.path("complete").asBoolean()).isTrue();
      assertThat(report.path("askedBy").asText()).isEqualTo("admin");
      assertThat(report.at("/moment/local").asText()).endsWith("Europe/Paris");
      assertThat(report.at("/asked/prefixes/0").asText()).isEqualTo("p/");
      assertThat(report.at("/results/bring-back/done/objects").asLong()).isEqualTo(2);
      assertThat(report.at("/results/cannot/failed/objects").asLong()).isEqualTo(1);
      assertThat(report.at("/sources/primary/objects").asLong()).isEqualTo(3);
      assertThat(report.at("/newest/secondsBeforeMoment").asDouble()).isNotNegative();
      assertThat(report.at("/problems/0/key").asText()).isEqualTo(NASTY);
      assertThat(report.at("/undo/state").asText()).isEqualTo("not-undone");
      assertThat(report.at("/list/objects").asLong()).isEqualTo(3);
      assertThat(report.at("/list/sha256").asText()).isEqualTo(hashOf(daemon, path));
      listIsWhatIsInTheBucket(daemon, path, bucket);
      pageIsWellFormedAndHarmless(daemon, path);

      JsonNode dry = daemon.post(path + "/undo", "{\"dryRun\": true}");
      assertThat(dry.path("undoes").asText())
          .as(dry.toString())
          .isEqualTo(ended.path("id").asText());
      assertThat(dry.at("/counts/delete/objects").asLong()).isEqualTo(2);
      JsonNode undo =
          daemon.post(path + "/undo", "{\"confirm\": \"%s\"}".formatted(primary.bucket()));
      assertThat(
              daemon
                  .get("/restores/" + undo.path("id").asText() + "?wait=20s")
                  .path("state")
                  .asText())
          .isEqualTo("completed");
      assertThat(daemon.send("operator", "GET", "/objects/content?key=p/b", "").body())
          .isEqualTo("bad");
      assertThat(daemon.get(path + "/report").at("/undo/state").asText()).isEqualTo("undone");

      HttpResponse<String> again = daemon.send("operator", "POST", path + "/undo", "{}");
      assertThat(again.statusCode()).isEqualTo(409);
      assertThat(daemon.read(again).path("code").asText()).isEqualTo("already-undone");
      assertThat(daemon.read(again).path("restore").asText()).isEqualTo(undo.path("id").asText());
      assertThat(daemon.send("operator", "POST", "/restores/r-none/undo", "{}").statusCode())
          .isEqualTo(404);
      assertThat(daemon.send("viewer", "POST", path + "/undo", "{}").statusCode()).isEqualTo(403);
    }
  }

  /// As the report's own rule says, from the items.
  private static String hashOf(RunningDaemon daemon, String path) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (JsonNode item : daemon.get(path + "/items?result=done").path("items")) {
      String hash =
          item.hasNonNull("sha256") ? item.path("sha256").asText() : item.path("etag").asText();
      String line =
          item.path("key").asText()
              + "\0"
              + hash
              + "\0"
              + item.path("size").asLong()
              + "\0"
              + item.path("writtenVersion").asText()
              + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void listIsWhatIsInTheBucket(RunningDaemon daemon, String path, ObjectStore bucket)
      throws Exception {
    for (JsonNode item : daemon.get(path + "/items?result=done").path("items")) {
      ObjectHead head = bucket.head(new ObjectKey(item.path("key").asText()), Revision.CURRENT);
      assertThat(item.path("etag").asText()).isEqualTo(head.etag());
      assertThat(item.path("size").asLong()).isEqualTo(head.size());
      assertThat(item.path("writtenVersion").asText())
          .isEqualTo(head.versionId().orElseThrow().value());
    }
  }

  private static void pageIsWellFormedAndHarmless(RunningDaemon daemon, String path)
      throws Exception {
    HttpResponse<String> page = daemon.send("viewer", "GET", path + "/report?format=html", "");
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body()).doesNotContain("<script").contains("&lt;script&gt;");
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new ByteArrayInputStream(
                    page.body().replace("<!DOCTYPE html>", "").getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getElementsByTagName("code").item(0).getTextContent())
        .isEqualTo("p/<script>alert('1')</script>&\\u0001.txt");
  }
}
