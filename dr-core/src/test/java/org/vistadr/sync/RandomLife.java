package org.vistadr.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ScanSpan;
import org.vistadr.model.VersionId;

/// One key of a primary, the scans of it, and what is recorded.
final class RandomLife {

  private static final ObjectKey KEY = new ObjectKey("k");

  private final SplittableRandom random;
  private final boolean calm;
  private final List<ListedVersion> listed = new ArrayList<>();
  private final List<RecordedVersion> recorded = new ArrayList<>();
  private final TreeMap<Long, String> truth = new TreeMap<>();
  private final TreeMap<Long, String> events = new TreeMap<>();
  private final Set<VersionId> seen = new HashSet<>();
  private final Set<String> seenTags = new HashSet<>();
  private final Map<Long, ScanSpan> spans = new HashMap<>();
  private final List<long[]> complete = new ArrayList<>();
  private Optional<Instant> lastComplete = Optional.empty();
  private long now = 10_000;
  private long newestScan;
  private long scanStart = -1;
  private boolean suspended;
  private boolean scanned;
  private boolean removed;
  private int tags;

  /// @param calm whether versions are kept, none is removed or late, and none shares its second
  RandomLife(SplittableRandom random, boolean calm) {
    this.random = random;
    this.calm = calm;
  }

  void live() {
    suspended = !calm && random.nextInt(3) == 0;
    truth.put(0L, "");
    scanWhole();
    for (int i = 0; i < 40; i++) {
      boolean soon = !calm && random.nextInt(5) == 0;
      now += soon ? 1 + random.nextLong(300) : 1_000 + random.nextLong(6_000);
      step(random.nextInt(calm ? 10 : 13));
    }
    if (scanStart >= 0) {
      endScan(true);
    }
    now += 2_000;
    scanWhole();
  }

  private void scanWhole() {
    beginScan();
    now += random.nextLong(2_000);
    look(scanStart, newestScan);
    now += random.nextLong(2_000);
    endScan(true);
  }

  private void step(int what) {
    switch (what) {
      case 0, 1, 2 -> put(seconds(now));
      case 3, 4 -> delete();
      case 5, 6 -> look(now / 1000 * 1000, scanStart >= 0 ? newestScan : newestScan + 1);
      case 7, 8, 9 -> advanceScan();
      case 10 -> removeNewest();
      case 11 -> putLate();
      default -> suspended = random.nextBoolean();
    }
  }

  /// A scan begins, reads the key and ends, with other things between.
  private void advanceScan() {
    if (scanStart < 0) {
      beginScan();
      scanned = false;
    } else if (!scanned) {
      look(scanStart, newestScan);
      scanned = true;
    } else {
      endScan(random.nextInt(8) > 0);
    }
  }

  private void beginScan() {
    newestScan++;
    scanStart = now / 1000 * 1000;
    spans.put(newestScan, new ScanSpan(Instant.ofEpochMilli(scanStart), Optional.empty()));
  }

  private void endScan(boolean whole) {
    var started = Instant.ofEpochMilli(scanStart);
    spans.put(newestScan, new ScanSpan(started, Optional.of(Instant.ofEpochMilli(now))));
    if (whole) {
      if (!scanned) {
        look(scanStart, newestScan);
      }
      lastComplete = Optional.of(started);
      complete.add(new long[] {scanStart, now});
    }
    scanStart = -1;
  }

  private void put(Instant lastModified) {
    var tag = "e" + tags++;
    add(lastModified, new Entry.Content(tag, 1, "STANDARD"));
  }

  private void delete() {
    add(seconds(now), new Entry.DeleteMarker());
  }

  /// An upload that was begun before the last complete scan and ends now.
  private void putLate() {
    if (lastComplete.isPresent() && !suspended) {
      put(lastComplete.get().minusSeconds(1 + random.nextInt(5)));
    }
  }

  private void add(Instant lastModified, Entry entry) {
    var id = suspended ? VersionId.NULL : new VersionId("v" + tags++);
    if (suspended) {
      listed.removeIf(version -> version.versionId().isNull());
    }
    listed.addFirst(new ListedVersion(KEY, id, lastModified, true, entry));
    happened(entry.getClass().getSimpleName() + " " + id);
  }

  /// Only what was seen, and one between two looks: versions that came and went unseen, or went one
  /// after the other until the state was as before, are beyond every rule.
  private void removeNewest() {
    if (!listed.isEmpty()
        && !removed
        && !listed.getFirst().versionId().isNull()
        && seen.contains(listed.getFirst().versionId())) {
      removed = true;
      happened("remove " + listed.removeFirst().versionId());
    }
  }

  private void happened(String what) {
    events.put(now, what);
    truth.put(
        now,
        listed.isEmpty() || !(listed.getFirst().entry() instanceof Entry.Content content)
            ? ""
            : content.etag());
  }

  private void look(long observedAt, long scan) {
    removed = false;
    var known = new KeyHistory(KEY, newestFirst());
    KeyChange change = KeyDiff.of(listed, known, Instant.ofEpochMilli(observedAt));
    for (var version : listed) {
      seen.add(version.versionId());
      if (version.entry() instanceof Entry.Content content) {
        seenTags.add(content.etag());
      }
    }
    recorded.replaceAll(
        version -> change.purged().contains(version.id()) ? purged(version, scan) : version);
    for (var entry : change.appended()) {
      recorded.add(
          new RecordedVersion(
              recorded.size() + 1L,
              KEY,
              entry.rank(),
              entry.origin(),
              entry.versionId(),
              entry.lastModified(),
              entry.entry(),
              scan,
              lastComplete,
              OptionalLong.empty(),
              Optional.empty()));
    }
    events.merge(now, "look " + scan, (a, b) -> a + ", " + b);
  }

  List<RecordedVersion> newestFirst() {
    return recorded.stream()
        .sorted(Comparator.comparingLong(RecordedVersion::rank).reversed())
        .toList();
  }

  Optional<ScanSpan> span(long number) {
    return Optional.ofNullable(spans.get(number));
  }

  long firstSecond() {
    return complete.getFirst()[1] / 1000 + 1;
  }

  long lastSecond() {
    return complete.getLast()[0] / 1000;
  }

  /// Whether the content is that of the end of the second; content that nobody ever saw counts as
  /// none.
  boolean agrees(Optional<RecordedVersion> content, long second) {
    var then = truth.floorEntry(second * 1000 + 999).getValue();
    return content.map(RandomLife::tag).orElse("").equals(seenTags.contains(then) ? then : "");
  }

  /// Whether something happened in the gap around a second: from the start of the last complete
  /// scan that had ended by then to the end of the first one that began after the second.
  boolean maybeInDoubt(long second) {
    long from =
        complete.stream()
            .filter(scan -> scan[1] <= second * 1000)
            .mapToLong(scan -> scan[0])
            .max()
            .orElse(0);
    long to =
        complete.stream()
            .filter(scan -> scan[0] > second * 1000)
            .mapToLong(scan -> scan[1])
            .min()
            .orElse(now);
    return events.subMap(from, true, to + 1_000, true).values().stream()
        .anyMatch(what -> !what.startsWith("look"));
  }

  private static String tag(RecordedVersion version) {
    return version.entry() instanceof Entry.Content content ? content.etag() : "";
  }

  private static RecordedVersion purged(RecordedVersion v, long scan) {
    return new RecordedVersion(
        v.id(),
        v.key(),
        v.rank(),
        v.origin(),
        v.versionId(),
        v.lastModified(),
        v.entry(),
        v.seenInScan(),
        v.visibleAfter(),
        OptionalLong.of(scan),
        v.sha256());
  }

  private static Instant seconds(long millis) {
    return Instant.ofEpochSecond(millis / 1000);
  }

  @Override
  public String toString() {
    var text = new StringBuilder("events " + events + "\ntruth " + truth + "\n");
    complete.forEach(scan -> text.append("complete ").append(scan[0]).append('-').append(scan[1]));
    spans.forEach((number, span) -> text.append("\nscan ").append(number).append(' ').append(span));
    newestFirst().forEach(version -> text.append('\n').append(version));
    return text.toString();
  }
}
