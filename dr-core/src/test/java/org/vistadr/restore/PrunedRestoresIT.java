package org.vistadr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PruneRule.Why;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RetentionPolicy;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Prune;
import org.vistadr.protect.PruneListener;
import org.vistadr.protect.PruneSettings;
import org.vistadr.protect.Scrub;
import org.vistadr.storage.ForwardingObjectStore;

/// Restores and retention: what was pruned is taken from elsewhere or named as missing, and what a
/// restore or its undo needs is not pruned.
final class PrunedRestoresIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  private RestoreFixture fixture;
  private Prune prune;

  @BeforeEach
  void protectSomething() throws Exception {
    fixture = new RestoreFixture(directory, true);
    var sites = new TreeMap<SiteName, PruneSettings.Site>();
    sites.put(
        RestoreFixture.B2,
        new PruneSettings.Site(
            Optional.of(new RetentionPolicy(Duration.ofMillis(1), 0, 0, 0, 0)),
            Duration.ofHours(1)));
    sites.put(RestoreFixture.DISK, new PruneSettings.Site(Optional.empty(), Duration.ofHours(1)));
    prune =
        new Prune(
            fixture.catalog,
            new PruneSettings(sites, PruneSettings.VERIFIED_WITHIN),
            fixture.primary,
            Map.of(RestoreFixture.B2, fixture.b2, RestoreFixture.DISK, fixture.disk),
            _ ->
                new ForwardingObjectStore(fixture.b2) {
                  @Override
                  public void close() {}
                },
            PruneListener.NONE,
            Clock.systemUTC(),
            new Random());
  }

  @AfterEach
  void end() {
    prune.close();
    fixture.close();
  }

  @Test
  void whatWasPrunedIsTakenFromElsewhereOrNamedAsMissing() throws Exception {
    Instant then = twoVersions();
    PrunePlan plan = planned(Why.KEPT_ELSEWHERE);
    new Scrub(fixture.catalog, Map.of(RestoreFixture.DISK, fixture.disk), Clock.systemUTC())
        .run(RestoreFixture.DISK, ScrubDepth.LISTING, Long.MAX_VALUE);
    prune.run(plan.id(), "admin", "space");
    await().atMost(PATIENCE).until(() -> found(plan).state() == PrunePlan.State.DONE);
    fixture.purge("a");
    fixture.scan();

    try (Restores restores = fixture.restores()) {
      var request = RestoreFixture.key("a", then);
      var fromThere = restores.plan(request.withFrom(RestoreFixture.B2));
      assertThat(fromThere.count(RestoreAction.CANNOT).objects()).isEqualTo(1);
      Restore ended = fixture.run(restores, request);
      assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(restores.items(ended.id(), Optional.of(RestoreItem.State.DONE), 0, 10))
          .extracting(RestoreItem::detail)
          .containsExactly("from disk");
      assertThat(fixture.content("a")).isEqualTo("one");
    }
  }

  @Test
  void whatARestoreOrItsUndoNeedsStays() throws Exception {
    Instant then = twoVersions();
    planned(Why.KEPT_ELSEWHERE);
    try (Restores restores = fixture.restores()) {
      var plan = restores.plan(RestoreFixture.key("a", then));
      assertThat(whys(prune.plan(Optional.empty(), "admin"))).containsExactly(Why.RESTORE);
      // What the restore replaced is needed by its undo, long after it ended.
      assertThat(fixture.run(restores, plan.id()).state()).isEqualTo(Restore.State.COMPLETED);
      fixture.moment();
      fixture.protect();
      fixture.put("a", "three");
      fixture.moment();
      fixture.protect();
      await().atMost(PATIENCE).until(() -> whys(prune.plan(Optional.empty(), "admin")).size() >= 2);
      assertThat(whys(prune.plan(Optional.empty(), "admin"))).contains(Why.RESTORE, Why.RESTORE);
    }
  }

  /// @return a moment at which the first one was current
  private Instant twoVersions() throws Exception {
    fixture.put("a", "one");
    fixture.protect();
    Instant then = fixture.moment();
    fixture.put("a", "two");
    fixture.protect();
    return then;
  }

  private PrunePlan planned(Why why) {
    PrunePlan[] plan = new PrunePlan[1];
    await()
        .atMost(PATIENCE)
        .until(() -> {
          plan[0] = prune.plan(Optional.empty(), "admin");
          return whys(plan[0]).equals(List.of(why));
        });
    return plan[0];
  }

  private List<Why> whys(PrunePlan plan) {
    return fixture
        .catalog
        .prunes()
        .items(plan.id(), List.of(PrunePlan.ItemState.values()), 0, 100)
        .stream()
        .map(PrunePlan.Item::why)
        .toList();
  }

  private PrunePlan found(PrunePlan plan) {
    return fixture.catalog.prunes().find(plan.id()).orElseThrow();
  }
}
