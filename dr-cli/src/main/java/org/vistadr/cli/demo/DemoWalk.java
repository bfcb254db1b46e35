package org.vistadr.cli.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.vistadr.api.Status;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.StatusText;
import org.vistadr.model.Sha256;
import org.vistadr.storage.ObjectStore;

/// The walk: protect, lose, bring back, compare. What it shows of the product it does through the
/// commands that people type; what it claims about bytes it reads past the product. Used by one
/// thread.
final class DemoWalk {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final DemoStory story;
  private final DemoSites sites;
  private final DemoConsole console;
  private final ApiClient api;
  private final DemoBucket primary;
  private final DemoScans scans;

  /// @param sites filled
  DemoWalk(DemoStory story, DemoSites sites, DemoConsole console, ApiClient api) {
    this.story = story;
    this.sites = sites;
    this.console = console;
    this.api = api;
    this.primary = new DemoBucket(sites.primary());
    this.scans = new DemoScans(api);
  }

  /// Waits until everything written so far is on both secondaries.
  void firstSync(int objects) throws Exception {
    story.step(
        "First sync to both secondaries",
        () -> {
          Instant now = primary.clock();
          Status status = synced(now, objects);
          return "%s objects, hashed; lag %s".formatted(Amounts.count(objects), lags(status));
        });
  }

  /// Overwrites and deletes objects, and remembers what they were.
  Accident accident(DemoContent content, List<DemoContent.Item> items) throws Exception {
    List<DemoContent.Item> photographs =
        items.stream().filter(item -> item.key().matches("projects/.*/image-0[12].jpg")).toList();
    List<DemoContent.Item> overwritten = photographs.subList(0, 6);
    List<DemoContent.Item> deleted = photographs.subList(6, 10);
    List<Accident> accidents = new ArrayList<>();
    story.step(
        "An accident at the primary",
        () -> {
          Instant before = primary.clock();
          primary.clockAfter(before);
          scans.pause();
          int number = 0;
          for (DemoContent.Item item : overwritten) {
            byte[] wrong = content.otherPhotograph(number++, "not what it was");
            primary.put(item.key(), item.contentType(), wrong);
          }
          for (DemoContent.Item item : deleted) {
            primary.delete(item.key());
          }
          scans.resume();
          accidents.add(
              new Accident(before, overwritten.getFirst(), deleted.getFirst(), primary.clock()));
          return "%s overwritten, %d deleted"
              .formatted(Amounts.count(overwritten.size(), "object"), deleted.size());
        });
    return accidents.getFirst();
  }

  /// Waits until the accident has reached the secondaries too.
  void secondSync(Accident accident, int objects) throws Exception {
    story.step(
        "Both secondaries follow, and keep what was there",
        () -> "lag " + lags(synced(primary.clockAfter(accident.ended()), objects)));
    story.quote(transcript(console.type("status")));
  }

  /// Brings the overwritten object back.
  void restore(Accident accident) throws Exception {
    String key = accident.overwritten().key();
    story.step(
        "Bring the overwritten object back as of before",
        () -> {
          scans.pause();
          DemoConsole.Answer answer =
              console
                  .type(
                      "restore",
                      key,
                      "--at",
                      accident.before().toString(),
                      "--confirm",
                      DemoSites.BUCKET)
                  .expectDone();
          scans.resume();
          String equal = compare(accident.overwritten());
          story.later(transcript(answer));
          return equal;
        });
  }

  /// Brings the deleted object back.
  void undelete(Accident accident) throws Exception {
    String key = accident.deleted().key();
    story.step(
        "Bring the deleted object back",
        () -> {
          expect(!primary.has(key), key + " is still there");
          scans.pause();
          DemoConsole.Answer answer =
              console.type("undelete", key, "--confirm", DemoSites.BUCKET).expectDone();
          scans.resume();
          String equal = compare(accident.deleted());
          story.later(transcript(answer));
          return equal;
        });
  }

  /// Lists all three buckets past the product.
  void compareBuckets() throws Exception {
    story.step(
        "Compare the three buckets key by key",
        () -> {
          synced(primary.clockAfter(primary.clock()), 0);
          Map<String, Long> expected = primary.sizes();
          for (ObjectStore copy : sites.stores()) {
            Map<String, Long> sizes = new DemoBucket(copy).sizes();
            expect(
                sizes.equals(expected),
                "%s differs from the primary: %s"
                    .formatted(copy.site(), difference(expected, sizes)));
          }
          return "%s and their sizes equal".formatted(Amounts.count(expected.size(), "key"));
        });
  }

  private String compare(DemoContent.Item item) throws Exception {
    byte[] original = item.bytes().get();
    Sha256 expected = Sha256.digest(original, 0, original.length);
    Sha256 actual = primary.sha256(item.key());
    expect(
        actual.equals(expected),
        "%s is not what it was: SHA-256 %s instead of %s"
            .formatted(item.key(), actual.hex(), expected.hex()));
    return "SHA-256 %s… as before".formatted(actual.hex().substring(0, 12));
  }

  /// Waits until the recovery point of every secondary has passed the moment.
  private Status synced(Instant moment, int objects) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      Status status = api.status();
      if (all(status, secondary -> passed(secondary, moment))) {
        return status;
      }
      for (Status.Secondary secondary : status.secondaries()) {
        expect(
            secondary.givenUpObjects() == 0, secondary.name() + " gave up " + givenUp(secondary));
      }
      expect(Instant.now().isBefore(end), "the secondaries do not follow: " + status.reasons());
      story.progress(
          status.secondaries().stream()
              .map(secondary ->
                  "%s %s%s, lag %s"
                      .formatted(
                          secondary.name(),
                          Amounts.count(secondary.durableObjects()),
                          objects == 0 ? "" : "/" + Amounts.count(objects),
                          secondary
                              .lagSeconds()
                              .map(lag -> Amounts.duration(Duration.ofSeconds(lag)))
                              .orElse("unknown")))
              .collect(Collectors.joining("   ")));
      Thread.sleep(LOOK);
    }
  }

  private String givenUp(Status.Secondary secondary) {
    return api.failed(secondary.name(), Optional.empty()).items().stream()
        .map(change -> change.key() + ": " + change.error())
        .collect(Collectors.joining("; "));
  }

  private static boolean passed(Status.Secondary secondary, Instant moment) {
    return secondary.pending().objects() == 0
        && secondary.recoveryPoint().filter(point -> !point.isBefore(moment)).isPresent();
  }

  private static boolean all(Status status, Predicate<Status.Secondary> test) {
    return status.secondaries().stream().allMatch(test);
  }

  private static String lags(Status status) {
    return status.secondaries().stream()
        .map(StatusText::lag)
        .map(text -> text.substring(0, text.indexOf(" /")))
        .collect(Collectors.joining(" and "));
  }

  private static List<String> transcript(DemoConsole.Answer answer) {
    List<String> lines = new ArrayList<>(List.of("$ " + answer.command()));
    lines.addAll(answer.lines());
    return lines;
  }

  private static Optional<String> difference(Map<String, Long> expected, Map<String, Long> actual) {
    return java.util.stream.Stream.concat(expected.keySet().stream(), actual.keySet().stream())
        .filter(key -> !java.util.Objects.equals(expected.get(key), actual.get(key)))
        .findFirst();
  }

  private static void expect(boolean holds, String message) {
    if (!holds) {
      throw new IllegalStateException(message);
    }
  }

  /// @param before a moment of the primary's clock before anything happened
  /// @param overwritten an object that has wrong bytes now
  /// @param deleted an object that is gone now
  /// @param ended a moment after everything happened
  record Accident(
      Instant before, DemoContent.Item overwritten, DemoContent.Item deleted, Instant ended) {}
}
