package org.vistadr.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.SiteName;

/// A primary with a random history on a real server, scanned and replicated now and then, with
/// crashes: at random moments of it, views and restores give what the bucket really held, from the
/// primary's own versions and from each secondary alone.
///
/// What cannot be known by nature (a state between two looks that left no version behind) is
/// counted and not compared.
final class RandomHistoryIT {

  @TempDir Path directory;

  /// The same each time, so that a build fails for what was changed.
  @Test
  void everyMomentComesBackAsItWas() throws Exception {
    live(Long.getLong("vistadr.seed", 9_411_549_204_624L), 200, 4);
  }

  @Test
  @Tag("slow")
  void everyMomentOfALongHistoryComesBackAsItWas() throws Exception {
    live(Long.getLong("vistadr.seed", System.nanoTime()), 5000, 50);
  }

  private void live(long seed, int operations, int howMany) throws Exception {
    var random = new Random(seed);
    var truth = new Truth();
    try (var sites = new TruthSites(directory, random, random.nextBoolean())) {
      System.out.printf(
          "random history seed=%d server=%s operations=%d moments=%d%n",
          seed, sites.server.name(), operations, howMany);
      var history = new RandomHistory(sites.bucket, truth, random, sites.server, 20);
      var moments = moments(sites, truth, history, random, operations, howMany);
      history.end();
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> assertThat(sync(sites, truth)).isEmpty());

      var checks = new TruthChecks(sites, truth);
      for (Instant moment : moments) {
        checks.view(moment);
      }
      var restores = new ArrayList<Runs>();
      for (Instant moment : moments) {
        restores.add(new Runs(moment, Optional.of(SiteName.PRIMARY)));
        restores.add(new Runs(moment, Optional.of(TruthSites.VERSIONED)));
        restores.add(new Runs(moment, Optional.of(TruthSites.UNVERSIONED)));
        restores.add(new Runs(moment, Optional.empty()));
      }
      Collections.shuffle(restores, random);
      for (Runs restore : restores) {
        checks.restore(restore.moment(), restore.from());
      }
      checks.nothingIsLost();
      System.out.printf(
          "random history seed=%d server=%s operations=%d kept=%d steps=%s moments=%d restores=%d"
              + " compared=%s wrong=%d%n",
          seed,
          sites.server.name(),
          history.operations(),
          history.keptByTheServer(),
          history.counts(),
          moments.size(),
          restores.size(),
          new TreeMap<>(checks.counts()),
          checks.wrong().size());
      assertThat(checks.wrong().stream().limit(20)).as("seed " + seed).isEmpty();
      assertThat(checks.counts().get("exact"))
          .as("most of it is known exactly")
          .isGreaterThan(restores.size() * truth.keys().size() / 2);
    }
  }

  private record Runs(Instant moment, Optional<SiteName> from) {}

  private static List<Instant> moments(
      TruthSites sites,
      Truth truth,
      RandomHistory history,
      Random random,
      int operations,
      int howMany)
      throws Exception {
    List<Instant> moments = new ArrayList<>();
    sync(sites, truth);
    while (history.operations() < operations) {
      history.step();
      switch (random.nextInt(60)) {
        case 0, 1 -> truth.scanned(sites.scan());
        case 2 -> sync(sites, truth);
        case 3 -> {
          Thread sync = sites.syncInBackground();
          steps(history, random.nextInt(12));
          sync.join();
        }
        case 4 -> {
          Thread sync = sites.syncInBackground();
          steps(history, random.nextInt(12));
          sites.restart();
          sync.join();
        }
        default -> {}
      }
      if (history.operations() > (moments.size() + 1) * operations / (howMany + 1)
          && moments.size() < howMany) {
        moments.add(moment(sites, history, random));
      }
    }
    return moments;
  }

  private static Instant moment(TruthSites sites, RandomHistory history, Random random) {
    int dice = random.nextInt(20);
    if (dice < 3) {
      return RandomHistory.amidSecond();
    }
    return dice < 9 && sites.server.milliseconds()
        ? history.betweenChanges()
        : history.endOfSecond();
  }

  private static void steps(RandomHistory history, int howMany) {
    for (int i = 0; i < howMany; i++) {
      history.step();
    }
  }

  /// Scans and replicates.
  ///
  /// @return what the secondaries lack of the scan
  private static List<String> sync(TruthSites sites, Truth truth) throws Exception {
    truth.scanned(sites.scan());
    List<String> lacking = new ArrayList<>();
    for (SiteName secondary : List.of(TruthSites.VERSIONED, TruthSites.UNVERSIONED)) {
      Optional<Truth.Run> run = sites.replicate(secondary);
      run.ifPresentOrElse(
          whole -> truth.replicated(secondary, whole),
          () -> {
            lacking.add(secondary + " does not say that it has all");
            lacking.addAll(sites.lacking(secondary));
          });
    }
    return lacking;
  }
}
