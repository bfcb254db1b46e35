package org.vistadr.truth;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.Sha256;

/// Does random things to a bucket, one after the other, and keeps the [Truth] about it.
final class RandomHistory {

  /// What can be done.
  enum Step {
    PUT(30),
    DELETE(12),
    UNDELETE(6),
    BURST(8),
    BEGIN_MULTIPART(4),
    COMPLETE_MULTIPART(5),
    PURGE(4),
    SWITCH_VERSIONING(1);

    final int weight;

    Step(int weight) {
      this.weight = weight;
    }
  }

  private record Pending(RawBucket.Upload upload, byte[] bytes, ObjectAttributes attributes) {}

  private static final int PART = 5 << 20;

  private final RawBucket bucket;
  private final Truth truth;
  private final RandomGenerator random;
  private final TruthSites.Server server;
  private final List<String> keys = new ArrayList<>();
  private final List<Pending> uploads = new ArrayList<>();
  private final Map<Step, Integer> counts = new EnumMap<>(Step.class);
  private int operations;
  private int keptByTheServer;
  private int larges;
  private boolean versioned = true;

  RandomHistory(
      RawBucket bucket, Truth truth, RandomGenerator random, TruthSites.Server server, int plain) {
    this.bucket = bucket;
    this.truth = truth;
    this.random = random;
    this.server = server;
    keys.addAll(server.oddKeys());
    for (int i = 0; i < plain; i++) {
      keys.add("images/%d/photo-%03d.jpg".formatted(i % 3, i));
    }
  }

  /// Deletions that the server acknowledged and did not carry out.
  int keptByTheServer() {
    return keptByTheServer;
  }

  int operations() {
    return operations;
  }

  Map<Step, Integer> counts() {
    return counts;
  }

  /// One step, which is one change or a few.
  void step() {
    int dice = random.nextInt(List.of(Step.values()).stream().mapToInt(step -> step.weight).sum());
    for (Step step : Step.values()) {
      dice -= step.weight;
      if (dice < 0) {
        counts.merge(step, 1, Integer::sum);
        run(step);
        return;
      }
    }
  }

  private void run(Step step) {
    switch (step) {
      case PUT -> put(anyKey());
      case DELETE -> delete(anyKey());
      case UNDELETE -> undelete();
      case BURST -> burst();
      case BEGIN_MULTIPART -> begin();
      case COMPLETE_MULTIPART -> complete();
      case PURGE -> purge();
      case SWITCH_VERSIONING -> switchVersioning();
    }
  }

  /// Ends what is open: uploads, and a suspension.
  void end() {
    while (!uploads.isEmpty()) {
      complete();
    }
    if (!versioned) {
      switchVersioning();
    }
  }

  private void put(String key) {
    byte[] bytes = bytes();
    ObjectAttributes attributes = attributes();
    Instant from = now();
    var answer = bucket.put(key, bytes, attributes);
    pushed(key, answer, bytes, attributes, from);
  }

  private void delete(String key) {
    if (truth.versions(key).isEmpty() && random.nextInt(4) > 0) {
      return;
    }
    Instant from = now();
    Optional<String> marker = bucket.delete(key);
    operations++;
    // MinIO does not name the null marker that takes the place of null content, and it keeps no
    // versions of keys that end in a slash.
    boolean known =
        marker.filter(id -> !id.equals("null")).stream()
            .anyMatch(id -> truth.versions(key).stream().anyMatch(old -> old.versionId.equals(id)));
    if (known) {
      // MinIO puts no marker upon a marker but names the one that is there.
      return;
    }
    // Nor does it name the null marker that takes the place of null content.
    if (marker.isPresent() || bucket.hasNullMarker(key)) {
      truth.pushed(new Written(key, marker.orElse("null"), Optional.empty(), now()), from);
      return;
    }
    Optional<Written> top = truth.versions(key).stream().findFirst();
    if (top.filter(version -> bucket.lists(key, version.versionId)).isPresent()) {
      // Where a null marker stands below content, a deletion in a suspended bucket changes nothing.
      keptByTheServer++;
      return;
    }
    // It keeps no versions of keys that end in a slash, and no marker of what never was.
    top.ifPresent(version -> truth.purged(version, from, now()));
  }

  /// Removes the delete markers that hide a key.
  private void undelete() {
    List<String> deleted =
        keys.stream()
            .filter(key ->
                truth.versions(key).stream()
                    .findFirst()
                    .filter(this::isRemovableMarker)
                    .isPresent())
            .toList();
    if (deleted.isEmpty()) {
      return;
    }
    String key = deleted.get(random.nextInt(deleted.size()));
    while (truth.versions(key).stream().findFirst().filter(this::isRemovableMarker).isPresent()) {
      purge(truth.versions(key).getFirst());
    }
  }

  /// Several changes of one or two keys in a row, all within a moment.
  private void burst() {
    String one = anyKey();
    String other = anyKey();
    for (int i = 2 + random.nextInt(5); i > 0; i--) {
      String key = random.nextInt(3) == 0 ? other : one;
      if (random.nextInt(3) == 0) {
        delete(key);
      } else {
        put(key);
      }
    }
  }

  private void begin() {
    if (uploads.size() >= 6) {
      return;
    }
    ObjectAttributes attributes = attributes();
    boolean large = larges < 4 && random.nextInt(10) == 0;
    larges += large ? 1 : 0;
    byte[] bytes = large ? bytes(PART + 1 + random.nextInt(2 << 20)) : bytes();
    String key = anyKey();
    // MinIO takes the content of such a key in one request only.
    var upload = bucket.begin(key.endsWith("/") ? keys.getFirst() : key, attributes);
    operations++;
    for (int at = 0; at == 0 || at < bytes.length; at += PART) {
      bucket.part(
          upload, java.util.Arrays.copyOfRange(bytes, at, Math.min(at + PART, bytes.length)));
    }
    uploads.add(new Pending(upload, bytes, attributes));
  }

  private void complete() {
    if (uploads.isEmpty()) {
      return;
    }
    Pending pending = uploads.remove(random.nextInt(uploads.size()));
    if (random.nextInt(8) == 0) {
      bucket.abort(pending.upload());
      operations++;
      return;
    }
    Instant from = now();
    var answer = bucket.complete(pending.upload());
    pushed(pending.upload().key(), answer, pending.bytes(), pending.attributes(), from);
  }

  /// Removes one version for good, the current one or one below it.
  private void purge() {
    List<Written> versions = truth.versions(anyKey()).stream().filter(this::isPurgeable).toList();
    if (!versions.isEmpty()) {
      purge(versions.get(random.nextInt(versions.size())));
    }
  }

  private boolean isPurgeable(Written version) {
    // While versions are kept, MinIO puts a new null marker in the place of one that is removed.
    return !(versioned && version.isNull() && version.content.isEmpty());
  }

  private void purge(Written version) {
    Instant from = now();
    boolean gone = bucket.deleteVersion(version.key, version.versionId);
    operations++;
    if (gone) {
      truth.purged(version, from, now());
    } else {
      keptByTheServer++;
    }
  }

  private void switchVersioning() {
    versioned = !versioned;
    bucket.versioning(versioned);
    operations++;
  }

  private void pushed(
      String key,
      RawBucket.Answer answer,
      byte[] bytes,
      ObjectAttributes attributes,
      Instant from) {
    operations++;
    Instant by = now();
    truth.pushed(
        new Written(
            key,
            answer.versionId(),
            Optional.of(
                new Written.Content(
                    Sha256.digest(bytes, 0, bytes.length),
                    bytes.length,
                    answer.etag(),
                    attributes)),
            by),
        from);
  }

  private boolean isRemovableMarker(Written version) {
    return version.content.isEmpty() && isPurgeable(version);
  }

  private String anyKey() {
    // Some keys change more often than others, as in life.
    int bound = random.nextInt(3) == 0 ? Math.max(1, keys.size() / 6) : keys.size();
    return keys.get(random.nextInt(bound));
  }

  private byte[] bytes() {
    return switch (random.nextInt(12)) {
      case 0 -> new byte[0];
      case 1 -> bytes(3000 + random.nextInt(60_000));
      default -> bytes(1 + random.nextInt(900));
    };
  }

  private byte[] bytes(int length) {
    byte[] result = new byte[length];
    random.nextBytes(result);
    return result;
  }

  private ObjectAttributes attributes() {
    var meta = new TreeMap<String, String>();
    for (int i = random.nextInt(3); i > 0; i--) {
      meta.put("note-" + i, "value %d = 100%%".formatted(random.nextInt(1000)));
    }
    var tags = new TreeMap<String, String>();
    if (server.tags() && random.nextInt(3) == 0) {
      tags.put("kind", "tag %d".formatted(random.nextInt(100)));
      tags.put("a+b", "c/d");
    }
    return new ObjectAttributes(
        Optional.of("image/x-%d".formatted(random.nextInt(50))),
        some("gzip"),
        some("attachment; filename=\"a b.jpg\""),
        some("de-DE"),
        some("max-age=" + random.nextInt(1000)),
        Optional.empty(),
        server.tags() ? some("REDUCED_REDUNDANCY") : Optional.empty(),
        meta,
        tags);
  }

  private Optional<String> some(String value) {
    return random.nextInt(4) == 0 ? Optional.of(value) : Optional.empty();
  }

  private static Instant now() {
    return Instant.now();
  }

  /// A moment in the midst: no change is made around it, so that it is clear what the bucket held.
  Instant betweenChanges() {
    Instant moment = now().truncatedTo(ChronoUnit.MILLIS).plusMillis(1);
    awaitTime(moment.plusMillis(1));
    return moment;
  }

  /// The second that is running, after which nothing is changed until the next begins.
  Instant endOfSecond() {
    Instant second = now().truncatedTo(ChronoUnit.SECONDS);
    awaitTime(second.plusSeconds(1));
    return second;
  }

  /// The second that is running, in which more may happen.
  static Instant amidSecond() {
    return now().truncatedTo(ChronoUnit.SECONDS);
  }

  private static void awaitTime(Instant time) {
    for (Instant now = now(); now.isBefore(time); now = now()) {
      try {
        Thread.sleep(Duration.between(now, time).plusNanos(50_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
