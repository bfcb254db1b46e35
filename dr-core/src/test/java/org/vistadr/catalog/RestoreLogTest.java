package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vistadr.catalog.CatalogFixture.START;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vistadr.model.CurrentState;
import org.vistadr.model.KeyGlobs;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreManner;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreRules.OnChange;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

final class RestoreLogTest {

  @TempDir Path directory;

  @Test
  void planIsReadBackAsItWasWritten() {
    var plan =
        plan("p-1", RestoreScope.keys(List.of(new ObjectKey("a\nb"), new ObjectKey("ü/\""))));
    var items = List.of(item(1, RestoreAction.BRING_BACK), item(2, RestoreAction.CANNOT));
    try (var catalog = CatalogFixture.open(directory)) {
      assertThat(catalog.restores().beginPlan(plan)).isTrue();
      assertThat(catalog.restores().findPlan("p-1")).isEmpty();
      catalog.restores().addItems("p-1", items);
      catalog.restores().finishPlan(plan);
      assertThat(catalog.restores().beginPlan(plan)).isFalse();
    }
    try (var catalog = CatalogFixture.open(directory)) {
      assertThat(catalog.restores().findPlan("p-1")).contains(plan);
      assertThat(catalog.restores().planItems("p-1", Optional.empty(), 0, 10)).isEqualTo(items);
      assertThat(catalog.restores().planItems("p-1", Optional.empty(), 1, 10))
          .isEqualTo(items.subList(1, 2));
      assertThat(catalog.restores().planItems("p-1", Optional.of(RestoreAction.CANNOT), 0, 10))
          .isEqualTo(items.subList(1, 2));
    }
  }

  /// A thousand such queries look at a plan again: none may read more than it returns.
  @Test
  void lookingAgainAtALargePlanReadsItsItemsByTheirPlace() throws SQLException {
    try (var catalog = CatalogFixture.open(directory)) {
      var plan = plan("p-1", RestoreScope.ALL);
      catalog.restores().beginPlan(plan);
      var items =
          LongStream.rangeClosed(1, 3000)
              .mapToObj(seq -> item(seq, RestoreAction.PUT_BACK))
              .toList();
      catalog.restores().addItems("p-1", items);
      catalog.restores().finishPlan(plan);
      assertThat(catalog.course().sample("p-1", 3000, 1000))
          .extracting(RestoreItem::seq)
          .hasSize(1000)
          .isSorted()
          .startsWith(1L)
          .endsWith(2998L);
      try (var beside =
              DriverManager.getConnection(
                  "jdbc:h2:file:retry:" + directory.resolve(Store.NAME), "sa", "");
          var query = beside.prepareStatement("EXPLAIN ANALYZE " + RestoreCourse.BEHIND)) {
        query.setString(1, "p-1");
        query.setLong(2, 1000);
        query.setInt(3, 1);
        try (var told = query.executeQuery()) {
          told.next();
          assertThat(told.getString(1)).contains("/* scanCount: 2 */").contains("index sorted");
        }
      }
    }
  }

  @Test
  void planIsAppliedOnce() {
    try (var catalog = CatalogFixture.open(directory)) {
      ready(catalog, "p-1");
      var log = catalog.restores();
      var restore = log.apply("p-1", "r-1", START).orElseThrow();
      assertThat(restore.state()).isEqualTo(Restore.State.QUEUED);
      assertThat(restore.total()).isEqualTo(new Amount(1, 10));
      assertThat(restore.count(RestoreItem.State.PENDING)).isEqualTo(1);
      assertThat(restore.count(RestoreItem.State.FAILED)).isEqualTo(1);
      assertThat(log.apply("p-1", "r-2", START)).isEmpty();
      assertThat(log.findByPlan("p-1")).contains(restore);
      assertThat(log.findPlan("p-1").orElseThrow().state()).isEqualTo(RestorePlan.State.APPLIED);
    }
  }

  @Test
  void itemsAreSettledOnceAndSummed() {
    try (var catalog = CatalogFixture.open(directory)) {
      ready(catalog, "p-1");
      var log = catalog.restores();
      log.apply("p-1", "r-1", START);
      var pending = log.itemsIn("p-1", RestoreItem.State.PENDING, 0, 10);
      assertThat(pending).hasSize(1);
      var done =
          pending
              .getFirst()
              .withAside(Optional.of(new ObjectKey(".vistadr/undo/r-1/k1")))
              .done(
                  new RestoreItem.Written(
                      Optional.of(new VersionId("new")),
                      "tag",
                      Optional.of(Sha256.digest(new byte[] {1}, 0, 1)),
                      Optional.of(SiteName.PRIMARY),
                      false),
                  "copied");
      log.settle("p-1", List.of(done));
      log.settle("p-1", List.of(done.ended(RestoreItem.State.FAILED, "again")));
      var restore = log.find("r-1").orElseThrow();
      assertThat(restore.done()).isEqualTo(new Amount(1, 10));
      assertThat(restore.count(RestoreItem.State.PENDING)).isZero();
      assertThat(log.itemsIn("p-1", RestoreItem.State.DONE, 0, 10)).containsExactly(done);
    }
  }

  /// With and without an order of its own.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itemsInAStateComeInTheOrderOfTheirKeys(boolean ordered) {
    try (var catalog = CatalogFixture.open(directory)) {
      var plan = plan("p-1", RestoreScope.ALL);
      var log = catalog.restores();
      log.beginPlan(plan);
      var items =
          LongStream.rangeClosed(1, 60)
              .mapToObj(seq ->
                  item(seq, RestoreAction.PUT_BACK).withTurn(ordered ? 1 + (100 - seq) / 7 : 0))
              .toList();
      log.addItems("p-1", items);
      log.finishPlan(plan);
      log.apply("p-1", "r-1", START);
      var states =
          List.of(
              RestoreItem.State.PENDING,
              RestoreItem.State.SKIPPED,
              RestoreItem.State.FAILED,
              RestoreItem.State.DONE,
              RestoreItem.State.DONE);
      var ended = new ArrayList<RestoreItem>();
      for (var item : items) {
        var state = states.get((int) (item.seq() % 5));
        if (state != RestoreItem.State.PENDING) {
          ended.add(
              state == RestoreItem.State.DONE
                  ? item.done(RestoreItem.Written.deletion(Optional.empty()), "")
                  : item.ended(state, ""));
        }
      }
      log.settle("p-1", ended);
      for (var state : Set.copyOf(states)) {
        var seqs =
            items.stream()
                .map(RestoreItem::seq)
                .filter(seq -> states.get((int) (seq % 5)) == state)
                .toList();
        var found = new ArrayList<Long>();
        long after = 0;
        for (var page = log.itemsIn("p-1", state, after, 7);
            !page.isEmpty();
            page = log.itemsIn("p-1", state, after, 7)) {
          page.forEach(item -> found.add(item.seq()));
          after = found.getLast();
        }
        assertThat(found).as(state.text()).isEqualTo(seqs);
      }
      assertThat(catalog.course().next("p-1", RestoreCourse.Cursor.START, 100))
          .extracting(RestoreItem::seq)
          .hasSize(12)
          .startsWith(ordered ? 60L : 5L);
    }
  }

  @Test
  void whatIsNewerIsFoundInRangesOfThePlan() {
    try (var catalog = CatalogFixture.open(directory)) {
      catalog.restores().beginPlan(plan("p-1", RestoreScope.ALL));
      var items =
          LongStream.rangeClosed(1, 9).mapToObj(seq -> item(seq, RestoreAction.PUT_BACK)).toList();
      catalog.restores().addItems("p-1", items.subList(0, 6), List.of(), List.of(2L, 3L, 4L, 6L));
      catalog.restores().addItems("p-1", items.subList(6, 9), List.of(7L), List.of(7L, 9L));
      assertThat(newer(catalog, 0, 10)).containsExactly(2L, 3L, 4L, 6L, 7L, 9L);
      assertThat(newer(catalog, 0, 2)).containsExactly(2L, 3L);
      assertThat(newer(catalog, 3, 2)).containsExactly(4L, 6L);
      assertThat(newer(catalog, 4, 10)).containsExactly(6L, 7L, 9L);
      assertThat(newer(catalog, 9, 10)).isEmpty();
      assertThat(catalog.restores().ambiguousItems("p-1", 0, 10))
          .extracting(RestoreItem::seq)
          .containsExactly(7L);
      assertThat(catalog.restores().ambiguous("p-1")).isEqualTo(1);
    }
  }

  private static List<Long> newer(Catalog catalog, long after, int limit) {
    return catalog.planSums().newer("p-1", after, limit).stream().map(RestoreItem::seq).toList();
  }

  @Test
  void restoreThatIsOverStaysOver() {
    try (var catalog = CatalogFixture.open(directory)) {
      ready(catalog, "p-1");
      var log = catalog.restores();
      log.apply("p-1", "r-1", START);
      assertThat(log.unfinished()).hasSize(1);
      assertThat(log.move("r-1", Restore.State.COMPLETED, Optional.of(START), "fine")).isTrue();
      assertThat(log.move("r-1", Restore.State.RUNNING, Optional.empty(), "")).isFalse();
      assertThat(log.unfinished()).isEmpty();
      assertThat(log.find("r-1").orElseThrow().endedAt()).contains(START);
    }
  }

  @Test
  void restoresAreListedNewestFirst() {
    try (var catalog = CatalogFixture.open(directory)) {
      var log = catalog.restores();
      for (int i = 1; i <= 3; i++) {
        ready(catalog, "p-" + i);
        log.apply("p-" + i, "r-" + i, START);
      }
      assertThat(log.list(2, Optional.empty()))
          .extracting(Restore::id)
          .containsExactly("r-3", "r-2");
      assertThat(log.list(2, Optional.of("r-2"))).extracting(Restore::id).containsExactly("r-1");
    }
  }

  @Test
  void onlyOldUnappliedPlansAreForgotten() {
    try (var catalog = CatalogFixture.open(directory)) {
      ready(catalog, "p-1");
      ready(catalog, "p-2");
      catalog.restores().apply("p-2", "r-2", START);
      var log = catalog.restores();
      assertThat(log.forgetPlans(START.plus(Duration.ofHours(3)))).isZero();
      assertThat(log.forgetPlans(START.plus(Duration.ofDays(3)))).isEqualTo(1);
      assertThat(log.findPlan("p-1")).isEmpty();
      assertThat(log.findPlan("p-2")).isPresent();
    }
  }

  private static void ready(Catalog catalog, String id) {
    var plan = plan(id, RestoreScope.ALL);
    catalog.restores().beginPlan(plan);
    catalog
        .restores()
        .addItems(id, List.of(item(1, RestoreAction.BRING_BACK), item(2, RestoreAction.CANNOT)));
    catalog.restores().finishPlan(plan);
  }

  private static RestorePlan plan(String id, RestoreScope scope) {
    return new RestorePlan(
        id,
        RestorePlan.State.READY,
        START,
        START.plus(Duration.ofHours(1)),
        "vista",
        new RestorePlan.Request(
            id.equals("p-undo")
                ? new RestoreGoal.Undo("r-1")
                : new RestoreGoal.AsOf(Optional.of(START)),
            scope,
            new KeyGlobs(List.of("a/**"), List.of("**.tmp")),
            Optional.of(new SiteName("b2")),
            new RestoreTarget.Bucket(new SiteName("b2"), Optional.of("other"), "drill/"),
            new RestoreRules(Overwrite.NEVER, OnChange.KEEP_BOTH, true, true, true),
            new RestoreManner(
                true,
                List.of("projects/"),
                List.of("thumbnails/"),
                OptionalLong.of(1000),
                Optional.of(ThawTier.BULK))),
        new RestorePlan.Moment(START, RestorePlan.Basis.SCANS, Optional.of(START), true),
        Map.of(
            RestoreAction.BRING_BACK, new Amount(1, 10), RestoreAction.CANNOT, new Amount(1, 10)),
        3,
        RestorePlan.Confirm.BUCKET,
        Optional.of(START));
  }

  private static RestoreItem item(long seq, RestoreAction action) {
    var markers = new ArrayList<VersionId>();
    if (seq == 1) {
      markers.add(new VersionId("m1"));
      markers.add(new VersionId("m2"));
    }
    return RestoreItem.planned(
            new ObjectKey("k" + seq),
            action,
            "deleted since",
            OptionalLong.of(5),
            Optional.of(new VersionId("v")),
            10,
            seq == 1
                ? new CurrentState.Absent(Optional.of(new VersionId("m1")))
                : new CurrentState.Present(VersionId.NULL, "etag", 4),
            markers)
        .at(seq)
        .withPlace("drill/k" + seq)
        .withTurn(seq);
  }
}
