package org.vistadr.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.Entry;
import org.vistadr.model.KeyGlobs;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.Diff;
import org.vistadr.restore.view.Moments;
import org.vistadr.restore.view.Refresh;
import org.vistadr.restore.view.Search;
import org.vistadr.restore.view.View;

/// A listing, a difference and a search over 200,000 keys in a process whose heap could not hold
/// them.
@Tag("slow")
final class LargeViewTest {

  private static final int KEYS = 200_000;
  private static final Instant ZERO = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path directory;

  @Test
  void memoryDoesNotGrowWithTheKeys() throws Exception {
    fill(directory);
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String said =
        new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(child.exitValue()).as(said).isZero();
    assertThat(said).contains("listed 200000").contains("differ 100000").contains("found 200");
  }

  /// Each second key was overwritten at second 100.
  private static void fill(Path directory) {
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC())) {
      var scan = catalog.scans().begin(ZERO.plusSeconds(1_000), Regime.VERSIONED);
      List<KeyChange> changes = new ArrayList<>();
      for (int i = 0; i < KEYS; i++) {
        List<KeyChange.NewEntry> entries = new ArrayList<>(List.of(entry(1, 10)));
        if (i % 2 == 0) {
          entries.add(entry(2, 100));
        }
        var key =
            new ObjectKey("projects/%06d/a-name-of-usual-length-%d.jpg".formatted(i / 10, i % 10));
        changes.add(new KeyChange(key, entries, List.of()));
        if (changes.size() == 2_000) {
          catalog.versions().record(scan.number(), Optional.empty(), changes, Long.MAX_VALUE);
          changes.clear();
        }
      }
      catalog.scans().complete(scan.number(), ZERO.plusSeconds(1_001), KEYS, KEYS);
    }
  }

  private static KeyChange.NewEntry entry(int rank, long second) {
    return new KeyChange.NewEntry(
        VersionLog.FIRST_RANK + rank * VersionLog.RANK_STEP,
        Origin.LISTED,
        new VersionId("00000000-0000-0000-0000-00000000000" + rank),
        ZERO.plusSeconds(second),
        new Entry.Content("0123456789abcdef0123456789abcde" + rank, 10, "STANDARD"));
  }

  /// The process with the small heap.
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      try (Catalog catalog = Catalog.open(Path.of(arguments[0]), Clock.systemUTC())) {
        var moments = new Moments(catalog, Clock.systemUTC(), Refresh.NONE, SiteName.PRIMARY);
        var then = AsOf.exactly(ZERO.plusSeconds(50));
        var view = new View(catalog, "", Optional.empty(), moments.forView(then), false);
        long listed = 0;
        for (var shown = view.next(); shown.isPresent(); shown = view.next()) {
          listed++;
        }
        var diff =
            new Diff(
                catalog.versions().histories("", Optional.empty()),
                moments.forView(then),
                moments.forView(AsOf.LATEST));
        long differ = 0;
        for (var step = diff.step(); step.isPresent(); step = diff.step()) {
          differ += step.get().entry().isPresent() ? 1 : 0;
        }
        var search =
            new Search(
                catalog.versions().histories("", Optional.empty()),
                new KeyGlobs(List.of("projects/?*00/*-7.jpg"), List.of()),
                Search.Wanted.PRESENT,
                moments.forView(AsOf.LATEST));
        long found = 0;
        for (var step = search.step(); step.isPresent(); step = search.step()) {
          found += step.get().entry().isPresent() ? 1 : 0;
        }
        System.out.printf("listed %d, differ %d, found %d%n", listed, differ, found);
      }
    }
  }
}
