package org.vistadr.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import org.vistadr.model.StateAt.Doubt;
import org.vistadr.model.VersionId;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.Diff;
import org.vistadr.restore.view.Moments;
import org.vistadr.restore.view.NearestPrefixes;
import org.vistadr.restore.view.Refresh;
import org.vistadr.restore.view.Search;
import org.vistadr.restore.view.View;

/// Views, differences and searches over a catalog that a test fills by hand.
final class ViewsTest {

  private static final Instant ZERO = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant NOW = ZERO.plusSeconds(10_000);

  @TempDir Path directory;

  private Catalog catalog;
  private Moments moments;

  @BeforeEach
  void open() {
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    catalog = Catalog.open(directory, clock);
    moments = new Moments(catalog, clock, Refresh.NONE, SiteName.PRIMARY);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void ambiguousKeysAreStepsAlsoWhereTheListingShowsNothing() throws Exception {
    scan(
        Regime.VERSIONED,
        1000,
        change("a", content(1, 10), marker(2, 10)),
        change("b", content(1, 10)),
        change("c", marker(1, 10), content(2, 10)));
    var view = view(10, false);
    assertThat(shown(view)).containsExactly("b", "c");
    List<String> doubts = new ArrayList<>();
    var steps = view(10, false);
    for (var step = steps.step(); step.isPresent(); step = steps.step()) {
      step.get()
          .entry()
          .ifPresent(entry ->
              entry
                  .doubt()
                  .ifPresent(doubt ->
                      doubts.add(
                          entry.key()
                              + " "
                              + doubt.doubt().text()
                              + " "
                              + doubt.content().isPresent()
                              + " "
                              + doubt.other().content().isPresent())));
    }
    assertThat(doubts).containsExactly("a same-second false true", "c same-second true false");
  }

  @Test
  void diffTellsAddedRemovedAndChangedAndPassesOverTheSame() throws Exception {
    scan(
        Regime.VERSIONED,
        1000,
        change("added", content(1, 50)),
        change("back", content(1, 10), marker(2, 50), contentLike(3, 60, 1)),
        change("changed", content(1, 10), content(2, 50)),
        change("removed", content(1, 10), marker(2, 50)),
        change("same", content(1, 10)),
        change("short", content(1, 45), marker(2, 50)),
        change(".vistadr/x", content(1, 50)));
    var diff =
        new Diff(
            catalog.versions().histories("", Optional.empty()),
            moments.forView(AsOf.exactly(at(40))),
            moments.forView(AsOf.LATEST));
    List<String> lines = new ArrayList<>();
    for (var step = diff.step(); step.isPresent(); step = diff.step()) {
      step.get()
          .entry()
          .ifPresent(found ->
              lines.add(
                  found.key()
                      + " "
                      + found.kind().text()
                      + " "
                      + found.entryAfter().orElseThrow().effectiveAt().getEpochSecond() % 1000));
    }
    long second = at(50).getEpochSecond() % 1000;
    assertThat(lines)
        .containsExactly(
            "added added " + second, "changed changed " + second, "removed removed " + second);
  }

  @Test
  void newestStateIsShownThoughThePrimarysClockIsAhead() throws Exception {
    scan(Regime.VERSIONED, 1000, change("a", content(1, 20_000)));
    assertThat(shown(new View(catalog, "", Optional.empty(), moments.forView(AsOf.LATEST), false)))
        .containsExactly("a");
  }

  @Test
  void searchFindsByGlobWhatIsThereWasDeletedOrChanged() throws Exception {
    scan(
        Regime.VERSIONED,
        1000,
        change("p/a.jpg", content(1, 10)),
        change("p/b.jpg", content(1, 10), marker(2, 50), marker(3, 90)),
        change("p/c.jpg", content(1, 10), content(2, 80)),
        change("p/d.txt", content(1, 10)),
        change("p/f.txt", content(1, 10), marker(2, 50), content(3, 60)),
        change("p/q/e.jpg", content(1, 10), marker(2, 20)));
    var present = Search.Wanted.PRESENT;
    assertThat(found("p/*.jpg", present)).containsExactly("p/a.jpg", "p/c.jpg");
    assertThat(found("**.jpg", present)).containsExactly("p/a.jpg", "p/c.jpg");
    assertThat(found("**.jpg", new Search.Wanted.ChangedSince(at(80)))).containsExactly("p/c.jpg");
    assertThat(found("**", new Search.Wanted.DeletedSince(at(30)))).containsExactly("p/b.jpg");
    assertThat(found("**", new Search.Wanted.DeletedSince(at(60))))
        .as("the second marker deleted nothing")
        .isEmpty();
  }

  @Test
  void unversionedIsExactAtScansAndASuspendedOneSaysWhatNobodySaw() throws Exception {
    long first =
        scan(
            Regime.UNVERSIONED,
            100,
            change("k", nullContent(1, 10)),
            change("gone", nullContent(1, 20)));
    scan(
        Regime.UNVERSIONED,
        200,
        new KeyChange(new ObjectKey("gone"), List.of(vanished(2, 200)), List.of(idOf("gone"))),
        new KeyChange(new ObjectKey("k"), List.of(nullContent(2, 150)), List.of(idOf("k"))));
    scan(
        Regime.SUSPENDED,
        300,
        new KeyChange(new ObjectKey("k"), List.of(nullContent(3, 250)), List.of(idOf("k"))));
    assertThat(first).isEqualTo(1);
    assertThat(etag(view(100, false))).isEqualTo("etag1");
    assertThat(etag(view(200, false))).isEqualTo("etag2");
    assertThat(view(200, true).step().orElseThrow())
        .as("a scan is taken for one moment: what it missed was gone at its start")
        .satisfies(step -> assertThat(step.key().value()).isEqualTo("gone"))
        .satisfies(step -> assertThat(step.entry().orElseThrow().doubt()).isEmpty());
    var footing = moments.footing(moments.forView(AsOf.exactly(at(200))).moment());
    assertThat(footing.regime()).contains(Regime.UNVERSIONED);
    assertThat(footing.nextRegime()).contains(Regime.SUSPENDED);
    assertThat(footing.nextScanAt()).contains(at(300));

    scan(
        Regime.SUSPENDED,
        400,
        new KeyChange(new ObjectKey("k"), List.of(nullContent(4, 390)), List.of(idOf("k"))));
    var gap = view(350, false, "k").step().orElseThrow().entry().orElseThrow();
    assertThat(gap.doubt().orElseThrow().doubt()).isEqualTo(Doubt.OVERWRITTEN_UNSEEN);
    assertThat(view(300, false, "k").step().orElseThrow().entry().orElseThrow().doubt())
        .as("the rest of the second in which a scan began")
        .isPresent();
    assertThat(view(390, false, "k").step().orElseThrow().entry().orElseThrow().doubt()).isEmpty();
  }

  @Test
  void regimesAreJoinedAndTheOldestVersionIsKnownWithoutReadingThem() {
    scan(Regime.VERSIONED, 100, change("a", content(1, 10)));
    scan(Regime.VERSIONED, 200, change("b", content(1, 5)));
    scan(Regime.SUSPENDED, 300);
    scan(Regime.VERSIONED, 400);
    catalog
        .scans()
        .abandon(catalog.scans().begin(at(500), Regime.UNVERSIONED).number(), at(501), "cut off");
    assertThat(catalog.reach().regimes())
        .extracting(span -> span.regime() + " " + span.scans() + " " + span.lastAt())
        .containsExactly(
            "VERSIONED 2 " + at(200), "SUSPENDED 1 " + at(300), "VERSIONED 1 " + at(400));
    assertThat(catalog.reach().oldestVersion()).contains(at(5));
    catalog
        .versions()
        .record(
            5,
            Optional.empty(),
            List.of(new KeyChange(new ObjectKey("a"), List.of(), List.of(idOf("a")))),
            Long.MAX_VALUE);
    assertThat(catalog.reach().purgedVersions()).isEqualTo(1);
  }

  @Test
  void nearestPrefixesAreThoseOfTheMoment() throws Exception {
    scan(
        Regime.VERSIONED,
        1000,
        change("projects/abc-123/x", content(1, 10)),
        change("projects/abd/x", content(1, 10), marker(2, 20)),
        change("projects/zzz/x", content(1, 10)));
    assertThat(NearestPrefixes.of(catalog, "projects/abc-124/", moments.forView(AsOf.LATEST)))
        .containsExactly("projects/abc-123/", "projects/zzz/");
  }

  private View view(long second, boolean deleted) throws Exception {
    return view(second, deleted, "");
  }

  private View view(long second, boolean deleted, String prefix) throws Exception {
    return new View(
        catalog, prefix, Optional.empty(), moments.forView(AsOf.exactly(at(second))), deleted);
  }

  private List<String> found(String glob, Search.Wanted wanted) throws Exception {
    var search =
        new Search(
            catalog.versions().histories("", Optional.empty()),
            new KeyGlobs(List.of(glob), List.of()),
            wanted,
            moments.forView(AsOf.LATEST));
    List<String> keys = new ArrayList<>();
    for (var step = search.step(); step.isPresent(); step = search.step()) {
      step.get().entry().ifPresent(entry -> keys.add(entry.key().value()));
    }
    return keys;
  }

  private static List<String> shown(View view) {
    List<String> keys = new ArrayList<>();
    for (var entry = view.next(); entry.isPresent(); entry = view.next()) {
      keys.add(entry.get().key().value());
    }
    return keys;
  }

  private static String etag(View view) {
    return view.next().orElseThrow().version().entry() instanceof Entry.Content content
        ? content.etag()
        : "";
  }

  private long idOf(String key) {
    return catalog.versions().history(new ObjectKey(key)).newestFirst().getFirst().id();
  }

  private long scan(Regime regime, long second, KeyChange... changes) {
    var before = catalog.reach().lastScan().map(scan -> scan.startedAt());
    var scan = catalog.scans().begin(at(second), regime);
    catalog.versions().record(scan.number(), before, List.of(changes), Long.MAX_VALUE);
    catalog.scans().complete(scan.number(), at(second + 5), changes.length, changes.length);
    return scan.number();
  }

  private static Instant at(long second) {
    return ZERO.plusSeconds(second);
  }

  private static KeyChange change(String key, KeyChange.NewEntry... entries) {
    return new KeyChange(new ObjectKey(key), List.of(entries), List.of());
  }

  private static KeyChange.NewEntry content(int rank, long second) {
    return entry(rank, "v" + rank, second, new Entry.Content("etag" + rank, 10, "STANDARD"));
  }

  private static KeyChange.NewEntry contentLike(int rank, long second, int other) {
    return entry(rank, "v" + rank, second, new Entry.Content("etag" + other, 10, "STANDARD"));
  }

  private static KeyChange.NewEntry nullContent(int rank, long second) {
    return entry(rank, "null", second, new Entry.Content("etag" + rank, 10, "STANDARD"));
  }

  private static KeyChange.NewEntry marker(int rank, long second) {
    return entry(rank, "v" + rank, second, new Entry.DeleteMarker());
  }

  private static KeyChange.NewEntry vanished(int rank, long second) {
    return new KeyChange.NewEntry(
        VersionLog.FIRST_RANK + rank * VersionLog.RANK_STEP,
        Origin.INFERRED,
        VersionId.NULL,
        at(second),
        new Entry.DeleteMarker());
  }

  private static KeyChange.NewEntry entry(int rank, String id, long second, Entry entry) {
    return new KeyChange.NewEntry(
        VersionLog.FIRST_RANK + rank * VersionLog.RANK_STEP,
        Origin.LISTED,
        new VersionId(id),
        at(second),
        entry);
  }
}
