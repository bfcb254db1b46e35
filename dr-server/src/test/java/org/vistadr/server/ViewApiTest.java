package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteCondition;

/// Views at a moment over HTTP: what is certain, what is not, and what is refused.
final class ViewApiTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void differencesSearchesRangesAndLinksAreThoseOfTheMoment() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      TestS3.put(bucket, "p/changed.txt", "before");
      TestS3.put(bucket, "p/removed.txt", "0123456789");
      TestS3.put(bucket, "p/same.txt", "same");
      Instant then = bucket.bucketState().serverTime();
      await().atMost(PATIENCE).until(() -> bucket.bucketState().serverTime().isAfter(then));
      TestS3.put(bucket, "p/changed.txt", "after!!");
      TestS3.put(bucket, "p/added.txt", "new");
      bucket.delete(new ObjectKey("p/removed.txt"), WriteCondition.ALWAYS);
      await()
          .atMost(PATIENCE)
          .until(() ->
              daemon.get("/objects/versions?key=p/removed.txt").path("versions").size() == 2
                  && daemon.get("/objects/versions?key=p/changed.txt").path("versions").size() == 2
                  && daemon.get("/objects?prefix=p/added").path("items").size() == 1);

      JsonNode diff = daemon.get("/diff?prefix=p/&from=" + then);
      assertThat(changes(diff))
          .containsExactly("added p/added.txt", "changed p/changed.txt", "removed p/removed.txt");
      assertThat(diff.at("/items/1/before/size").asLong()).isEqualTo(6);
      assertThat(diff.at("/items/1/after/size").asLong()).isEqualTo(7);
      assertThat(diff.at("/from/regime").asText()).isEqualTo("versioned");
      List<String> paged = new ArrayList<>();
      String cursor = "";
      do {
        JsonNode page = daemon.get("/diff?limit=1&prefix=p/&from=" + then + cursor);
        paged.addAll(changes(page));
        cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
      } while (!cursor.isEmpty());
      assertThat(paged).isEqualTo(changes(diff));
      assertThat(changes(daemon.get("/diff?prefix=p/&from=%s&to=%s".formatted(then, then))))
          .isEmpty();

      assertThat(keys(daemon.get("/find?glob=*.txt")))
          .containsExactly("p/added.txt", "p/changed.txt", "p/same.txt");
      assertThat(keys(daemon.get("/find?glob=p/re*&deletedSince=" + then)))
          .containsExactly("p/removed.txt");
      assertThat(keys(daemon.get("/find?glob=p/*&changedSince=" + then.plusSeconds(1))))
          .containsExactly("p/added.txt", "p/changed.txt");
      assertThat(daemon.get("/objects?prefix=q/").path("nearest").get(0).asText()).isEqualTo("p/");
      assertThat(daemon.get("/diff?prefix=q/&from=" + then).path("nearest").get(0).asText())
          .isEqualTo("p/");
      assertThat(daemon.get("/find?glob=q/*").path("nearest").get(0).asText()).isEqualTo("p/");

      HttpResponse<String> unnamed = daemon.send("viewer", "GET", "/diff?prefix=p/", "");
      assertThat(unnamed.statusCode()).isEqualTo(400);
      assertThat(daemon.read(unnamed).path("code").asText()).isEqualTo("time-missing");

      String body =
          "{\"key\": \"p/removed.txt\", \"at\": \"%s\", \"validSeconds\": 60}".formatted(then);
      assertThat(daemon.send("viewer", "POST", "/objects/links", body).statusCode()).isEqualTo(403);
      JsonNode link = daemon.read(daemon.send("operator", "POST", "/objects/links", body));
      assertThat(link.path("site").asText()).as(link.toString()).isEqualTo("primary");
      assertThat(get(link.path("url").asText())).isEqualTo("0123456789");
      assertThat(Instant.parse(link.path("expiresAt").asText()))
          .isBetween(Instant.now().plusSeconds(20), Instant.now().plusSeconds(61));
      HttpResponse<String> tooLong =
          daemon.send(
              "operator",
              "POST",
              "/objects/links",
              "{\"key\": \"p/same.txt\", \"validSeconds\": 604801}");
      assertThat(tooLong.statusCode()).isEqualTo(400);
      assertThat(daemon.read(tooLong).path("code").asText()).isEqualTo("validity-invalid");

      JsonNode window = daemon.get("/status").path("window");
      assertThat(window.at("/intervals/0/basis").asText()).isEqualTo("versions");
      assertThat(window.at("/sites/0/site").asText()).isEqualTo("primary");
      assertThat(window.at("/sites/1/site").asText()).isEqualTo("copies");
      assertThat(window.at("/sites/0/holes")).isEmpty();
    }
  }

  @Test
  void keysOfOneSecondAreAmbiguousAndStrictRefusesThem() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      TestS3.put(bucket, "t/sure.txt", "sure");
      Instant start = bucket.bucketState().serverTime();
      await().atMost(PATIENCE).until(() -> bucket.bucketState().serverTime().isAfter(start));
      // Two writes that the server dates to the same second.
      int tried = 0;
      String twice;
      do {
        twice = "t/twice-%d.txt".formatted(tried++);
        TestS3.put(bucket, twice, "first");
        TestS3.put(bucket, twice, "second");
      } while (times(bucket, twice).stream().distinct().count() > 1);
      String key = twice;
      Instant second = times(bucket, key).getFirst();
      await()
          .atMost(PATIENCE)
          .until(() -> daemon.get("/objects/versions?key=" + key).path("versions").size() == 2);

      JsonNode listing = daemon.get("/objects?prefix=t/&at=" + second);
      assertThat(listing.path("ambiguous").get(0).path("key").asText())
          .as(listing.toString())
          .isEqualTo(key);
      JsonNode outcomes = listing.path("ambiguous").get(0).path("outcomes");
      assertThat(outcomes.get(0).path("size").asLong()).isEqualTo(6);
      assertThat(outcomes.get(1).path("size").asLong()).isEqualTo(5);
      assertThat(listing.path("ambiguous").get(0).path("doubt").asText()).isEqualTo("same-second");
      HttpResponse<String> strict =
          daemon.send("viewer", "GET", "/objects?prefix=t/&strict=true&at=" + second, "");
      assertThat(strict.statusCode()).isEqualTo(409);
      assertThat(daemon.read(strict).path("code").asText()).isEqualTo("time-ambiguous-keys");
      assertThat(daemon.read(strict).path("keys").asText()).isEqualTo(key);
      assertThat(daemon.get("/objects?prefix=t/&at=" + second.plusSeconds(1)).path("ambiguous"))
          .isEmpty();

      HttpResponse<String> bytes =
          daemon.send(
              "operator", "GET", "/objects/content?key=%s&at=%s".formatted(key, second), "");
      assertThat(bytes.body()).isEqualTo("second");
      assertThat(bytes.headers().firstValue("X-Vistadr-Ambiguous")).contains("same-second");

      String plan = "{\"scope\": {\"prefixes\": [\"t/\"]}, \"at\": \"%s\"%s}";
      JsonNode made = daemon.post("/restore-plans", plan.formatted(second, ""));
      assertThat(made.path("ambiguous").asLong()).as(made.toString()).isEqualTo(1);
      assertThat(made.at("/ambiguousItems/0/key").asText()).isEqualTo(key);
      assertThat(made.at("/ambiguousItems/0/reason").asText())
          .contains("ambiguous: it changed more than once");
      String id = made.path("id").asText();
      assertThat(daemon.get("/restore-plans/" + id + "/items?ambiguous=true").path("items"))
          .hasSize(1);
      HttpResponse<String> refused =
          daemon.send(
              "operator", "POST", "/restore-plans", plan.formatted(second, ", \"strict\": true"));
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
      assertThat(daemon.read(refused).path("code").asText()).isEqualTo("time-ambiguous-keys");
    }
  }

  @Test
  void betweenTwoScansOfAnUnversionedPrimaryBothAreOffered() throws Exception {
    SiteConfig primary = TestS3.unversionedInMemory(SiteName.PRIMARY);
    try (ObjectStore bucket = TestS3.open(primary);
        RunningDaemon daemon =
            RunningDaemon.start(directory, primary, TestS3.versioned(new SiteName("copies")))) {
      TestS3.put(bucket, "a.txt", "one");
      await().atMost(PATIENCE).until(() -> daemon.get("/objects").path("items").size() == 1);
      daemon.post("/tasks/scan/pause", "");
      await()
          .atMost(PATIENCE)
          .until(() -> !daemon.get("/status").at("/primary/scanRunning").asBoolean());
      Instant scan = Instant.parse(daemon.get("/status").at("/window/to").asText());
      Instant between = scan.plusSeconds(2);
      await().atMost(PATIENCE).until(() -> Instant.now().isAfter(between.plusSeconds(2)));

      JsonNode exact = daemon.get("/objects?at=" + scan);
      assertThat(exact.path("basis").asText()).as(exact.toString()).isEqualTo("scan");
      HttpResponse<String> refused = daemon.send("viewer", "GET", "/objects?at=" + between, "");
      assertThat(refused.statusCode()).isEqualTo(409);
      JsonNode problem = daemon.read(refused);
      assertThat(problem.path("code").asText()).isEqualTo("time-between-scans");
      assertThat(problem.path("scanBefore").asText()).isEqualTo(scan.toString());
      assertThat(problem.path("asked").asText()).isEqualTo(between.toString());
      JsonNode nearest = daemon.get("/objects?nearest=true&at=" + between);
      assertThat(nearest.path("basisAt").asText()).isEqualTo(scan.toString());
      assertThat(nearest.at("/moment/regime").asText()).isEqualTo("unversioned");

      daemon.post("/tasks/scan/resume", "");
      await()
          .atMost(PATIENCE)
          .until(() ->
              daemon
                  .read(daemon.send("viewer", "GET", "/objects?at=" + between, ""))
                  .has("scanAfter"));
      assertThat(
              daemon.get("/objects?nearest=true&at=" + between).at("/moment/nextScanAt").asText())
          .isNotEmpty();
      String plan = "{\"scope\": {\"keys\": [\"a.txt\"]}, \"at\": \"%s\", \"nearest\": %s}";
      assertThat(
              daemon
                  .send("operator", "POST", "/restore-plans", plan.formatted(between, "false"))
                  .statusCode())
          .isEqualTo(409);
      JsonNode made = daemon.post("/restore-plans", plan.formatted(between, "true"));
      assertThat(made.path("basisAt").asText()).as(made.toString()).isEqualTo(scan.toString());

      HttpResponse<String> unpinned =
          daemon.send("operator", "POST", "/objects/links", "{\"key\": \"a.txt\"}");
      JsonNode link = daemon.read(unpinned);
      assertThat(link.path("site").asText())
          .as("the secondary has it under an id")
          .isEqualTo("copies");
      assertThat(get(link.path("url").asText())).isEqualTo("one");
      JsonNode window = daemon.get("/status").path("window");
      assertThat(window.path("basis").asText()).isEqualTo("scans");
      assertThat(window.at("/sites/0/holes/0/kind").asText()).isEqualTo("unversioned");
    }
  }

  private static List<String> changes(JsonNode diff) {
    List<String> lines = new ArrayList<>();
    diff.path("items")
        .forEach(item -> lines.add(item.path("change").asText() + " " + item.path("key").asText()));
    return lines;
  }

  private static List<String> keys(JsonNode listing) {
    List<String> keys = new ArrayList<>();
    listing.path("items").forEach(item -> keys.add(item.path("key").asText()));
    return keys;
  }

  private static List<Instant> times(ObjectStore bucket, String key) throws Exception {
    return bucket
        .listVersions(
            new org.vistadr.storage.ListingRequest(
                key, org.vistadr.storage.ListingRequest.Position.BEGINNING, 10))
        .entries()
        .stream()
        .map(org.vistadr.model.ListedVersion::lastModified)
        .toList();
  }

  private static String get(String url) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
