package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vistadr.catalog.CatalogFixture.B2;
import static org.vistadr.catalog.CatalogFixture.R2;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random additions and removals for two secondaries against plain sets of ids.
final class PendingRangesTest {

  private static final int IDS = 60;

  @TempDir Path directory;

  @Test
  void rangesHoldWhatWasAddedAndNotTaken() {
    long seed = Long.getLong("vistadr.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, TreeSet<Long>> model = Map.of(0, new TreeSet<>(), 1, new TreeSet<>());
    try (Catalog catalog = CatalogFixture.open(directory, B2, R2)) {
      Store store = catalog.store();
      for (int step = 0; step < 600; step++) {
        int secondary = random.nextInt(2);
        TreeSet<Long> ids = model.get(secondary);
        String when = "seed %d, step %d".formatted(seed, step);
        List<Long> some = some(random, 1 + random.nextInt(12));
        if (random.nextBoolean()) {
          some.removeAll(ids);
          store.run(handle -> new PendingRanges(handle).add(secondary, some));
          ids.addAll(some);
        } else {
          List<Long> there = some.stream().filter(ids::contains).toList();
          assertThat(
                  store.<List<Long>>write(
                      handle -> new PendingRanges(handle).take(secondary, some)))
              .as(when)
              .isEqualTo(there);
          ids.removeAll(some);
        }
        model.forEach((site, expected) -> compare(store, site, expected, when));
      }
    }
  }

  private static List<Long> some(SplittableRandom random, int atMost) {
    TreeSet<Long> ids = new TreeSet<>();
    for (long id = random.nextLong(IDS) + 1; ids.size() < atMost && id <= IDS; id++) {
      if (random.nextInt(4) != 0) {
        ids.add(id);
      }
    }
    return new ArrayList<>(ids);
  }

  private static void compare(
      Store store, int secondary, NavigableSet<Long> expected, String when) {
    List<PendingRanges.Range> ranges = PendingRanges.above(store, secondary, 0, 1_000);
    List<Long> found = new ArrayList<>();
    for (PendingRanges.Range range : ranges) {
      for (long id = range.first(); id <= range.last(); id++) {
        found.add(id);
      }
    }
    assertThat(found).as(when).containsExactlyElementsOf(expected);
    assertThat(ranges.size()).as(when).isLessThanOrEqualTo(expected.size());
    store.run(handle -> {
      PendingRanges read = new PendingRanges(handle);
      for (long id = 1; id <= IDS; id += 7) {
        assertThat(read.contains(secondary, id)).as(when).isEqualTo(expected.contains(id));
      }
    });
    long after = expected.isEmpty() ? 5 : expected.first();
    assertThat(
            PendingRanges.above(store, secondary, after, 1).stream()
                .map(PendingRanges.Range::first)
                .toList())
        .as(when)
        .isEqualTo(expected.tailSet(after, false).stream().limit(1).toList());
  }
}
