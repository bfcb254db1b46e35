package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;

/// Replicas come in the order in which their secondary lists them, each once, wherever they are and
/// however many a key has.
final class PlacedReplicasTest {

  private static final List<String> PIECES =
      List.of("a", "b", ".", "/", "-", "!", "é", "～", "😀", "0", "z");

  @TempDir Path directory;

  @Test
  void theyComeInTheOrderOfTheListingEachOnce() {
    Random random = new Random(7);
    try (Catalog catalog = CatalogFixture.open(directory, CatalogFixture.B2, CatalogFixture.R2)) {
      List<KeyChange> changes = new ArrayList<>();
      java.util.TreeSet<String> keys = new java.util.TreeSet<>();
      while (keys.size() < 900) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i <= random.nextInt(5); i++) {
          key.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        keys.add(key.toString());
      }
      for (String key : keys) {
        // One key has more versions than a page has rows.
        int versions = key.equals(keys.first()) ? 2_300 : 1 + random.nextInt(5);
        KeyChange.NewEntry[] entries = new KeyChange.NewEntry[versions];
        for (int i = 0; i < versions; i++) {
          entries[i] =
              random.nextInt(6) == 0
                  ? CatalogFixture.marker(i)
                  : CatalogFixture.content(i, random.nextInt(1000));
        }
        changes.add(CatalogFixture.append(key, entries));
      }
      long scan =
          catalog.scans().begin(CatalogFixture.START, org.vistadr.model.Regime.VERSIONED).number();
      CatalogFixture.record(catalog, scan, changes.toArray(KeyChange[]::new));
      List<Long> expected = new ArrayList<>();
      List<ObjectKey> places = new ArrayList<>();
      List<ReplicationQueue.Outcome> outcomes = new ArrayList<>();
      for (String key : keys) {
        for (var version : catalog.versions().history(new ObjectKey(key)).newestFirst()) {
          int luck = random.nextInt(3);
          if (luck == 0) {
            continue;
          }
          Optional<ObjectKey> aside =
              luck == 1
                  ? Optional.of(new ObjectKey(".vistadr/history/" + key + "/" + version.id()))
                  : Optional.empty();
          outcomes.add(
              new ReplicationQueue.Outcome.Durable(
                  version.id(),
                  aside,
                  Optional.of(new VersionId("r" + version.id())),
                  "tag",
                  CatalogFixture.START));
          expected.add(version.id());
          places.add(aside.orElse(version.key()));
        }
      }
      catalog.queue().settle(CatalogFixture.B2, outcomes);
      // What another secondary has is none of its business.
      catalog.queue().settle(CatalogFixture.R2, List.of(CatalogFixture.durable(1)));

      List<Long> found = new ArrayList<>();
      List<ObjectKey> order = new ArrayList<>();
      try (PlacedReplicas replicas = catalog.replicas().placed(CatalogFixture.B2)) {
        for (Optional<ObjectKey> key = replicas.peekKey();
            key.isPresent();
            key = replicas.peekKey()) {
          PlacedReplicas.AtKey at = replicas.next().orElseThrow();
          assertThat(at.location()).isEqualTo(key.get());
          order.add(at.location());
          for (PlacedReplica replica : at.replicas()) {
            assertThat(replica.location()).isEqualTo(at.location());
            assertThat(replica.remoteVersion()).contains(new VersionId("r" + replica.versionId()));
            found.add(replica.versionId());
          }
        }
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(order).doesNotHaveDuplicates().isSortedAccordingTo(Comparator.naturalOrder());
      assertThat(order).containsExactlyElementsOf(places.stream().distinct().sorted().toList());
    }
  }
}
