package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vistadr.catalog.CatalogFixture.B2;
import static org.vistadr.catalog.CatalogFixture.R2;
import static org.vistadr.catalog.CatalogFixture.START;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.ReplicationQueue.Outcome;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.Regime;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// Random lives of a catalog against a naive model: a list of versions, and per secondary a map
/// from version to state. After each step recovery points, sums and states must be equal; the model
/// counts everything anew each time.
final class CatalogModelTest {

  private static final SiteName LATE = new SiteName("late");

  @TempDir Path temp;

  @Test
  void recoveryPointsAndSumsAreThoseOfTheModel() {
    long seed = Long.getLong("vistadr.seed", System.nanoTime());
    for (int life = 0; life < 4; life++) {
      live(seed + life, 120);
    }
  }

  @Test
  @Tag("slow")
  void recoveryPointsAndSumsAreThoseOfTheModelForLong() {
    long seed = Long.getLong("vistadr.seed", System.nanoTime());
    for (int life = 0; life < 60; life++) {
      live(seed + life, 400);
    }
  }

  private void live(long seed, int steps) {
    try (Life life = new Life(temp.resolve("seed" + seed), seed)) {
      for (int step = 0; step < steps; step++) {
        String done = life.step();
        life.compare("seed %d, step %d: %s".formatted(seed, step, done));
      }
    }
  }

  private static final class Life extends CatalogModel implements AutoCloseable {
    private final Path directory;
    private final SplittableRandom random;
    private Catalog catalog;
    private long lastScan;
    private Instant now = START;

    Life(Path directory, long seed) {
      this.directory = directory;
      random = new SplittableRandom(seed);
      catalog = CatalogFixture.open(directory, B2, R2);
      sites.put(B2, new Site());
      sites.put(R2, new Site());
    }

    String step() {
      now = now.plusSeconds(1);
      return switch (random.nextInt(14)) {
        case 0, 1 -> beginOrEndScan();
        case 2, 3, 4 -> append();
        case 5, 6 -> purge();
        case 7, 8, 9, 10 -> settle();
        case 11 -> decide();
        case 12 -> refuteOrRedeclare();
        default -> backfillOrReopen();
      };
    }

    private String beginOrEndScan() {
      if (running == 0) {
        // The primary's clock is set back now and then.
        Instant start = random.nextInt(8) == 0 ? now.minusSeconds(30) : now;
        running = ++lastScan;
        assertThat(catalog.scans().begin(start, Regime.VERSIONED).number()).isEqualTo(running);
        complete.put(running, start);
        return "begin " + running;
      }
      long number = running;
      running = 0;
      if (random.nextInt(4) == 0) {
        complete.remove(number);
        catalog.scans().abandon(number, now, "by chance");
        return "abandon " + number;
      }
      catalog.scans().complete(number, now, 1, 1);
      return "complete " + number;
    }

    private long scanForRecord() {
      long number = running == 0 ? lastScan + 1 : running;
      assertThat(catalog.scans().numberForHint()).isEqualTo(number);
      return number;
    }

    private String append() {
      long scan = scanForRecord();
      List<KeyChange> changes = new ArrayList<>();
      for (String key : KEYS) {
        if (random.nextInt(3) != 0) {
          continue;
        }
        List<KeyChange.NewEntry> entries = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          long rank = rank(key);
          Optional<Long> size =
              random.nextInt(3) == 0 ? Optional.empty() : Optional.of((long) random.nextInt(100));
          boolean listed = random.nextInt(5) != 0;
          Instant changed = now.minusSeconds(random.nextInt(100));
          Version version =
              new Version(versions.size() + 1L, key, rank, listed, size, scan, changed);
          versions.add(version);
          for (Site site : sites.values()) {
            if (site.declared) {
              site.states.put(version.id, ReplicaState.PENDING);
            }
          }
          entries.add(
              new KeyChange.NewEntry(
                  rank,
                  listed ? Origin.LISTED : Origin.INFERRED,
                  new VersionId("v" + rank),
                  changed,
                  size.<Entry>map(s -> new Entry.Content("e", s, "STANDARD"))
                      .orElseGet(Entry.DeleteMarker::new)));
        }
        changes.add(new KeyChange(new ObjectKey(key), entries, List.of()));
      }
      catalog.versions().record(scan, Optional.empty(), changes, Long.MAX_VALUE);
      if (random.nextBoolean()) {
        catalog.versions().record(scan + 1, Optional.empty(), changes, Long.MAX_VALUE);
      }
      return "append " + changes;
    }

    private String purge() {
      if (versions.isEmpty()) {
        return "nothing";
      }
      long scan = scanForRecord();
      Version version = versions.get(random.nextInt(versions.size()));
      catalog
          .versions()
          .record(
              scan,
              Optional.empty(),
              List.of(new KeyChange(new ObjectKey(version.key), List.of(), List.of(version.id))),
              Long.MAX_VALUE);
      if (version.purged == 0) {
        version.purged = scan;
        for (Site site : sites.values()) {
          site.states.computeIfPresent(
              version.id,
              (_, state) ->
                  switch (state) {
                    case PENDING, GIVEN_UP, HELD -> ReplicaState.MISSED;
                    case DURABLE, MISSED, WAIVED, PRUNED -> state;
                  });
        }
      }
      return "purge " + version.id;
    }

    private String settle() {
      SiteName name = site();
      Site site = sites.get(name);
      List<Outcome> outcomes = new ArrayList<>();
      site.states.forEach((id, state) -> {
        int what = random.nextInt(6);
        boolean once = state != ReplicaState.PENDING;
        if (what == 0 || (once && what < 5)) {
          return;
        }
        switch (what) {
          case 1 -> outcomes.add(new Outcome.Retry(id, now, "503"));
          case 2 -> outcomes.add(new Outcome.GivenUp(id, "403"));
          default -> outcomes.add(CatalogFixture.durable(id));
        }
      });
      catalog.queue().settle(name, outcomes);
      for (Outcome outcome : outcomes) {
        switch (outcome) {
          case Outcome.Durable durable ->
              site.states.put(durable.versionId(), ReplicaState.DURABLE);
          case Outcome.GivenUp given -> site.states.put(given.versionId(), ReplicaState.GIVEN_UP);
          case Outcome.Retry _ -> {}
        }
      }
      return "settle %s %s".formatted(name, outcomes);
    }

    private String decide() {
      SiteName name = site();
      Site site = sites.get(name);
      if (random.nextBoolean()) {
        int moved = catalog.queue().retryGivenUp(name, Optional.empty());
        assertThat(moved).isEqualTo(move(site, Optional.empty(), ReplicaState.PENDING));
        return "retry at " + name;
      }
      String key = KEYS.get(random.nextInt(KEYS.size()));
      int moved = catalog.queue().waive(name, new ObjectKey(key), "so it is");
      assertThat(moved).isEqualTo(move(site, Optional.of(key), ReplicaState.WAIVED));
      return "waive %s at %s".formatted(key, name);
    }

    private String refuteOrRedeclare() {
      SiteName name = site();
      Site site = sites.get(name);
      if (random.nextBoolean()) {
        List<Long> durable =
            site.states.keySet().stream()
                .filter(id -> site.states.get(id) == ReplicaState.DURABLE)
                .toList();
        if (durable.isEmpty()) {
          return "nothing";
        }
        long id = durable.get(random.nextInt(durable.size()));
        catalog.replicas().refute(name, id, "gone");
        site.states.put(id, ReplicaState.PENDING);
        return "refute %d at %s".formatted(id, name);
      }
      List<SiteName> declared = new ArrayList<>();
      for (SiteName candidate : List.of(B2, R2, LATE)) {
        if (random.nextInt(4) != 0) {
          declared.add(candidate);
        }
      }
      catalog.declareSecondaries(declared);
      long newest = versions.size();
      for (SiteName candidate : declared) {
        Site known = sites.computeIfAbsent(candidate, _ -> undeclared());
        if (!known.declared) {
          known.declared = true;
          known.until = newest;
        }
      }
      sites.forEach((known, state) -> {
        if (!declared.contains(known) && state.declared) {
          state.declared = false;
          if (state.through >= state.until) {
            state.through = newest;
          }
        }
      });
      return "declare " + declared;
    }

    private String backfillOrReopen() {
      if (random.nextInt(3) == 0) {
        catalog.close();
        catalog = Catalog.open(directory, CatalogFixture.CLOCK);
        return "reopen";
      }
      SiteName name = site();
      Site site = sites.get(name);
      while (catalog.queue().backfill(name, 3)) {
        assertThat(catalog.queue().backlog(name).backfillLeft()).isPresent();
      }
      for (long id = site.through + 1; id <= site.until; id++) {
        site.states.putIfAbsent(
            id, version(id).purged > 0 ? ReplicaState.MISSED : ReplicaState.PENDING);
      }
      site.through = Math.max(site.through, site.until);
      return "backfill " + name;
    }

    private SiteName site() {
      List<SiteName> names = List.copyOf(sites.keySet());
      return names.get(random.nextInt(names.size()));
    }

    void compare(String step) {
      sites.forEach((name, site) -> {
        Optional<Instant> expected = advance(site);
        if (random.nextBoolean()) {
          assertThat(catalog.queue().advanceRecoveryPoint(name))
              .as("recovery point of %s after %s", name, step)
              .isEqualTo(expected);
        } else {
          // Not asked each time, so that it also has to jump over several scans.
          site.point = before.point;
          site.pointScan = before.pointScan;
        }
        compareRows(step, name, site);
      });
      assertThat(catalog.versions().totals()).as(step).isEqualTo(totals());
    }

    private void compareRows(String step, SiteName name, Site site) {
      ReplicationQueue.Backlog backlog = catalog.queue().backlog(name);
      assertThat(backlog.pendingObjects()).as(step).isEqualTo(count(site, ReplicaState.PENDING));
      assertThat(backlog.pendingBytes())
          .as(step)
          .isEqualTo(
              site.states.entrySet().stream()
                  .filter(row -> row.getValue() == ReplicaState.PENDING)
                  .mapToLong(row -> version(row.getKey()).size.orElse(0L))
                  .sum());
      assertThat(backlog.givenUp()).as(step).isEqualTo(count(site, ReplicaState.GIVEN_UP));
      assertThat(backlog.missed()).as(step).isEqualTo(count(site, ReplicaState.MISSED));
      assertThat(backlog.waived()).as(step).isEqualTo(count(site, ReplicaState.WAIVED));
      assertThat(backlog.backfillLeft().orElse(0))
          .as(step)
          .isEqualTo(Math.max(0, site.until - site.through));
      assertThat(backlog.oldestPending())
          .as(step)
          .isEqualTo(
              site.states.entrySet().stream()
                  .filter(row ->
                      row.getValue() == ReplicaState.PENDING
                          || row.getValue() == ReplicaState.GIVEN_UP)
                  .map(row -> version(row.getKey()).changed)
                  .min(Instant::compareTo));
      assertThat(
              catalog.queue().due(name, 0, now, 10_000).stream()
                  .map(row -> row.version().id())
                  .toList())
          .as(step)
          .isEqualTo(
              site.states.keySet().stream()
                  .filter(id -> site.states.get(id) == ReplicaState.PENDING)
                  .toList());
      List<Version> durable =
          site.states.keySet().stream()
              .filter(id -> site.states.get(id) == ReplicaState.DURABLE)
              .map(this::version)
              .filter(version -> version.size.isPresent())
              .toList();
      assertThat(catalog.replicas().count(name))
          .as(step)
          .isEqualTo(
              new ReplicaLog.Count(
                  durable.size(),
                  durable.stream().mapToLong(version -> version.size.orElse(0L)).sum()));
    }

    @Override
    public void close() {
      catalog.close();
    }
  }
}
