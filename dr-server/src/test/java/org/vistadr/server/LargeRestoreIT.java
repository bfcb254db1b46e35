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
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.server.PlainListing.Held;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// A whole bucket, all of it overwritten, comes back as of before on a real server, by a daemon
/// with a small heap that is killed three times on the way; and the restore is undone.
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
    // Its bucket is never made, so that nothing is at work but the restore.
    SiteConfig copies =
        S3Servers.site(minio.orElseThrow(), new SiteName("copies"), TestS3.freshName(), "minio");
    TestS3.admin(
        site,
        admin -> {
          admin.createBucket();
          admin.enableVersioning();
        });
    Path config = configuration(site, copies);
    Path store = directory.resolve("catalog");
    Path log = directory.resolve("daemon.log");
    try (ObjectStore bucket = TestS3.open(site);
        PlainListing listing = new PlainListing(site)) {
      write(bucket, "one");
      Instant before = endOfSecond(bucket);
      Map<String, Held> wanted = listing.read();
      write(bucket, "two");
      endOfSecond(bucket);
      Map<String, Held> replaced = listing.read();
      assertThat(wanted).hasSize(OBJECTS);

      try (Killed killed = new Killed(config, store, log)) {
        awaitScan(killed.running());
        Measured restored = restore(killed, site.bucket(), before, 3);
        report("restore with 3 kills", restored, killed.peak());
        assertHeld(listing.read(), wanted, replaced, 1);

        Measured undone = undo(killed, site.bucket(), restored.restore(), 1);
        report("its undo with 1 kill", undone, killed.peak());
        assertHeld(listing.read(), replaced, replaced, 2);
      }
    }
  }

  /// Every object is as it was at a moment, and was written exactly once for each restore.
  private static void assertHeld(
      Map<String, Held> now, Map<String, Held> then, Map<String, Held> before, int restores) {
    assertThat(now).hasSize(OBJECTS);
    List<String> wrong = new ArrayList<>();
    now.forEach((key, held) -> {
      Held expected = new Held(then.get(key).etag(), before.get(key).versions() + restores);
      if (!held.equals(expected) && wrong.size() < 20) {
        wrong.add("%s: %s instead of %s".formatted(key, held, expected));
      }
    });
    assertThat(wrong).isEmpty();
  }

  /// What a restore took.
  private record Measured(String restore, Duration planning, Duration applying, Duration down) {}

  private static void report(String what, Measured took, long peakKib) {
    double seconds = took.applying().minus(took.down()).toMillis() / 1000.0;
    System.out.printf(
        "large restore: %s: objects=%d planned in %.1f s, applied in %.1f s and %.1f s of restarts,"
            + " %.0f objects/s, peak RSS %d MiB (heap at most %d MiB)%n",
        what,
        OBJECTS,
        took.planning().toMillis() / 1000.0,
        seconds,
        took.down().toMillis() / 1000.0,
        OBJECTS / seconds,
        peakKib >> 10,
        DaemonProcess.HEAP_MIB);
  }

  private static void awaitScan(DaemonProcess daemon) throws Exception {
    String result = "";
    while (!result.equals("succeeded")) {
      Thread.sleep(100);
      for (JsonNode task : daemon.get("/tasks").path("items")) {
        result = task.path("name").asText().equals("scan") ? lastResult(task) : result;
      }
      assertThat(result).isNotIn("failed", "partial", "interrupted");
    }
  }

  private static String lastResult(JsonNode task) {
    return task.at("/lastRun/result").asText();
  }

  private static Measured restore(Killed daemon, String bucket, Instant at, int kills)
      throws Exception {
    return run(
        daemon,
        bucket,
        kills,
        "/restore-plans",
        "{\"scope\": {\"all\": true}, \"at\": \"%s\"}".formatted(at));
  }

  private static Measured undo(Killed daemon, String bucket, String restore, int kills)
      throws Exception {
    return run(daemon, bucket, kills, "/restores/%s/undo".formatted(restore), "{\"dryRun\": true}");
  }

  /// Plans, applies the plan, and kills the daemon on the way.
  private static Measured run(
      Killed daemon, String bucket, int kills, String planner, String request) throws Exception {
    long begun = System.nanoTime();
    JsonNode plan = daemon.running().post(planner, request);
    long planned = System.nanoTime();
    assertThat(plan.at("/counts/put-back/objects").asLong()).as(plan.toString()).isEqualTo(OBJECTS);
    JsonNode started =
        daemon
            .running()
            .post(
                "/restores",
                "{\"planId\": \"%s\", \"confirm\": \"%s\"}"
                    .formatted(plan.path("id").asText(), bucket));
    String id = started.path("id").asText();
    String path = "/restores/" + id;
    Duration down = Duration.ZERO;
    for (int kill = 1; kill <= kills; kill++) {
      long due = (long) OBJECTS * kill / (kills + 1);
      long done = daemon.running().get(path).at("/counts/done").asLong();
      while (done < due) {
        Thread.sleep(50);
        done = daemon.running().get(path).at("/counts/done").asLong();
      }
      System.out.printf("large restore: %s: kill -9 after %d of %d%n", id, done, OBJECTS);
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
    return new Measured(
        id, Duration.ofNanos(planned - begun), Duration.ofNanos(ended - planned), down);
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
