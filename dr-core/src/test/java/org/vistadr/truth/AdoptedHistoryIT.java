package org.vistadr.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.SiteName;
import org.vistadr.segments.Adopted;

/// A random history, told to the secondaries now and then; then the catalog is lost and rebuilt
/// from one of them: it is the lost one, views are the same at every moment, and restores from that
/// secondary alone give what the bucket held.
final class AdoptedHistoryIT {

  @TempDir Path directory;

  @Test
  void catalogComesBackFromAVersionedSecondary() throws Exception {
    live(TruthSites.VERSIONED);
  }

  @Test
  void catalogComesBackFromAnUnversionedSecondary() throws Exception {
    live(TruthSites.UNVERSIONED);
  }

  private void live(SiteName from) throws Exception {
    long seed = Long.getLong("vistadr.seed", System.nanoTime());
    var random = new Random(seed);
    var truth = new Truth();
    try (var sites = new TruthSites(directory, random, random.nextBoolean())) {
      System.out.printf("adopted history seed=%d server=%s%n", seed, sites.server.name());
      var history = new RandomHistory(sites.bucket, truth, random, sites.server, 20);
      List<Instant> moments = new ArrayList<>();
      while (history.operations() < 160) {
        history.step();
        switch (random.nextInt(12)) {
          case 0, 1 -> {
            truth.scanned(sites.scan());
            sites.replicate(TruthSites.VERSIONED);
            sites.replicate(TruthSites.UNVERSIONED);
          }
          case 2 -> sites.tell();
          case 3 -> {
            Thread sync = sites.syncInBackground();
            history.step();
            sites.tell();
            sync.join();
            moments.add(Instant.now());
          }
          case 4 -> sites.restart();
          default -> {}
        }
      }
      history.end();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> {
            truth.scanned(sites.scan());
            return sites.replicate(TruthSites.VERSIONED).isPresent()
                && sites.replicate(TruthSites.UNVERSIONED).isPresent();
          });
      sites.tell();
      var digest = sites.catalog().segments().digest().orElseThrow().sha256();
      moments.add(Instant.now());
      List<Map<String, String>> views = views(sites, moments);
      var lag = sites.catalog().queue().backlog(from);

      Adopted adopted = sites.adopt(from);

      assertThat(adopted.uncertain()).as("seed " + seed).isEmpty();
      assertThat(adopted.digest()).as("seed " + seed).contains(digest);
      assertThat(adopted.proved()).isTrue();
      assertThat(views(sites, moments)).as("seed " + seed).isEqualTo(views);
      assertThat(sites.catalog().queue().backlog(from)).isEqualTo(lag);

      var checks = new TruthChecks(sites, truth);
      checks.restore(moments.getLast(), Optional.of(from));
      checks.nothingIsLost();
      assertThat(checks.wrong().stream().limit(20)).as("seed " + seed).isEmpty();
      assertThat(checks.counts().getOrDefault("exact", 0)).isGreaterThan(truth.keys().size() / 2);

      // The adopted catalog goes on: nothing is copied again, and its segments are taken.
      sites.scan();
      sites.tell();
    }
  }

  private static List<Map<String, String>> views(TruthSites sites, List<Instant> moments)
      throws Exception {
    List<Map<String, String>> views = new ArrayList<>();
    for (Instant moment : moments) {
      Map<String, String> shown = new LinkedHashMap<>();
      var view = sites.restores().view("", Optional.of(moment), Optional.empty(), false);
      for (var step = view.step(); step.isPresent(); step = view.step()) {
        step.get().entry().ifPresent(entry -> shown.put(entry.key().value(), entry.toString()));
      }
      views.add(shown);
    }
    return views;
  }
}
