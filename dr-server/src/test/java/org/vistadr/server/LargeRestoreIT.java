package org.vistadr.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ListingPage;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// A whole bucket, all of it overwritten, comes back as of before on a real server, by a daemon
/// with a small heap that is killed three times on the way; and then back again.
@Tag("slow")
final class LargeRestoreIT {

  private static final int OBJECTS = Integer.getInteger("vistadr.objects", 100_000);
  private static final int WRITERS = 16;

  @TempDir Path directory;

  @Test
  void largeRestoreIsTheSameAfterThreeKills() throws Exception {
    Optional<S3Servers.Running> minio = S3Servers.minio();
    assumeThat(minio).as("a minio on the PATH").isPresent();
    SiteConfig site =
        S3Servers.site(minio.orElseThrow(), SiteName.PRIMARY, TestS3.freshName(), "minio");
    SiteConfig copies =
        S3Servers.site(minio.orElseThrow(), new SiteName("copies"), TestS3.freshName(), "minio");
    TestS3.admin(copies, BucketAdmin::createBucket);
    TestS3.admin(
        site,
        admin -> {
          admin.createBucket();
          admin.enableVersioning();
        });
    Path config = configuration(site, copies);
    Path store = directory.resolve("catalog");
    Path log = directory.resolve("daemon.log");
    try (ObjectStore bucket = TestS3.open(site)) {
      write(bucket, "one");
      Instant before = endOfSecond(bucket);
      write(bucket, "two");
      Instant after = endOfSecond(bucket);
      Map<String, String> once = tagsOf(bucket, 2);

      long peak = 0;
      Measured restored;
      try (Killed killed = new Killed(config, store, log)) {
        restored = restore(killed, site.bucket(), before, 3);
        peak = Math.max(peak, killed.peak());
        report("restore with 3 kills", restored, killed.peak());
        Map<String, String> now = tagsOf(bucket, 3);
        assertThat(now).hasSize(OBJECTS);
        assertThat(now).allSatisfy((key, tag) -> assertThat(tag).isNotEqualTo(once.get(key)));

        Measured back = restore(killed, site.bucket(), after, 0);
        report("and back again", back, killed.peak());
        assertThat(tagsOf(bucket, 4)).isEqualTo(once);
      }
    }
  }

  /// What a restore took.
  private record Measured(Duration planning, Duration applying, Duration down) {}

  private static void report(String what, Measured took, long peakKib) {
    double seconds = took.applying().minus(took.down()).toMillis() / 1000.0;
    System.out.printf(
        "large restore: %s: objects=%d planned in %.1f s, applied in %.1f s and %.1f s of restarts,"
            + " %.0f objects/s, peak RSS %d MiB%n",
        what,
        OBJECTS,
        took.planning().toMillis() / 1000.0,
        seconds,
        took.down().toMillis() / 1000.0,
        OBJECTS / seconds,
        peakKib >> 10);
  }

  private static Measured restore(Killed daemon, String bucket, Instant at, int kills)
      throws Exception {
    long begun = System.nanoTime();
    JsonNode plan =
        daemon
            .running()
            .post("/restore-plans", "{\"scope\": {\"all\": true}, \"at\": \"%s\"}".formatted(at));
    long planned = System.nanoTime();
    assertThat(plan.at("/counts/put-back/objects").asLong()).as(plan.toString()).isEqualTo(OBJECTS);
    JsonNode started =
        daemon
            .running()
            .post(
                "/restores",
                "{\"planId\": \"%s\", \"confirm\": \"%s\"}"
                    .formatted(plan.path("id").asText(), bucket));
    String path = "/restores/" + started.path("id").asText();
    Duration down = Duration.ZERO;
    for (int kill = 1; kill <= kills; kill++) {
      long due = (long) OBJECTS * kill / (kills + 1);
      while (daemon.running().get(path).at("/counts/done").asLong() < due) {
        Thread.sleep(50);
      }
      down = down.plus(daemon.killAndStart());
    }
    JsonNode end = daemon.running().get(path + "?wait=20s");
    while (end.path("state").asText().equals("running")
        || end.path("state").asText().equals("queued")) {
      end = daemon.running().get(path + "?wait=20s");
    }
    long ended = System.nanoTime();
    assertThat(end.path("state").asText()).as(end.toString()).isEqualTo("completed");
    assertThat(end.at("/counts/done").asLong()).isEqualTo(OBJECTS);
    return new Measured(Duration.ofNanos(planned - begun), Duration.ofNanos(ended - planned), down);
  }

  /// A daemon that is killed now and then.
  private static final class Killed implements AutoCloseable {
    private final Path config;
    private final Path store;
    private final Path log;
    private DaemonProcess running;
    private long peak;

    Killed(Path config, Path store, Path log) throws Exception {
      this.config = config;
      this.store = store;
      this.log = log;
      this.running = DaemonProcess.start(config, store, log);
    }

    DaemonProcess running() {
      return running;
    }

    Duration killAndStart() throws Exception {
      peak();
      long begun = System.nanoTime();
      running.kill();
      running = DaemonProcess.start(config, store, log);
      return Duration.ofNanos(System.nanoTime() - begun);
    }

    long peak() throws Exception {
      peak = Math.max(peak, running.peakKib());
      return peak;
    }

    @Override
    public void close() {
      running.close();
    }
  }

  /// The current entity tags.
  ///
  /// @param versions how many versions each key must have: nothing was written twice
  private static Map<String, String> tagsOf(ObjectStore bucket, int versions) throws Exception {
    Map<String, String> current = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    Optional<ListingRequest.Position> next = Optional.of(ListingRequest.Position.BEGINNING);
    while (next.isPresent()) {
      ListingPage page = bucket.listVersions(ListingRequest.ALL.from(next.get()));
      for (ListedVersion version : page.entries()) {
        if (version.entry() instanceof Entry.Content(var etag, _, _)) {
          current.putIfAbsent(version.key().value(), etag);
          counts.merge(version.key().value(), 1, Integer::sum);
        }
      }
      next = page.next();
    }
    assertThat(counts.values()).as("versions of each key").containsOnly(versions);
    return current;
  }

  private static void write(ObjectStore bucket, String what) throws Exception {
    try (var writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int first = writer;
        running.add(
            writers.submit(() -> {
              for (int i = first; i < OBJECTS; i += WRITERS) {
                bucket.put(
                    new PutRequest(
                        key(i),
                        ObjectAttributes.ofContentType("text/plain"),
                        WriteBody.Buffered.of("%s %d".formatted(what, i).getBytes(UTF_8)),
                        WriteCondition.ALWAYS));
              }
              return null;
            }));
      }
      for (Future<?> writer : running) {
        writer.get();
      }
    }
  }

  private static ObjectKey key(int number) {
    return new ObjectKey("projects/%03d/image-%06d.jpg".formatted(number % 200, number));
  }

  private static Instant endOfSecond(ObjectStore bucket) throws Exception {
    Instant second = bucket.bucketState().serverTime();
    while (!bucket.bucketState().serverTime().isAfter(second)) {
      Thread.sleep(20);
    }
    return second;
  }

  private Path configuration(SiteConfig site, SiteConfig copies) throws Exception {
    StringBuilder yaml = new StringBuilder("primary:\n").append(site(site, "  "));
    yaml.append("  scanInterval: 12h\n  events: off\nsecondaries:\n  - name: copies\n");
    yaml.append(site(copies, "    ")).append("    objective: 24h\n");
    yaml.append("replicateInterval: 12h\nstore: {path: ").append(directory.resolve("catalog"));
    yaml.append(
        """
        }
        server:
          applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
          adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
        """);
    return Files.writeString(directory.resolve("config.yml"), yaml);
  }

  private String site(SiteConfig site, String indent) throws Exception {
    var keys = (SiteConfig.Credentials.Keys) site.credentials();
    Path secret = directory.resolve(site.name() + "-secret");
    Files.writeString(secret, keys.secretKey().reveal());
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    return Map.of(
            "provider", site.profile().name(),
            "endpoint", site.endpoint().orElseThrow().toString(),
            "region", site.region(),
            "bucket", site.bucket(),
            "accessKey", keys.accessKey(),
            "secretKeyFile", secret.toString())
        .entrySet()
        .stream()
        .map(entry -> "%s%s: \"%s\"%n".formatted(indent, entry.getKey(), entry.getValue()))
        .sorted()
        .reduce("", String::concat);
  }
}
