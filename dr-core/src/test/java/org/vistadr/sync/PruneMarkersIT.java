package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.Hold;
import org.vistadr.model.Lag;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.ReplicaState;
import org.vistadr.protect.Prune;

/// Delete markers under retention, and runs with a key that may not do what they need, on real
/// buckets.
final class PruneMarkersIT {

  @Test
  void aMarkerThatHidesNothingGoesWithWhatItHidAndTheKeyDoesNotComeBack() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      KeyHistory before = site.rig.catalog.versions().history(new ObjectKey("gone"));
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 versioned TO_GO NO_RULE",
              "a 2 versioned TO_GO NO_RULE",
              "gone 1 versioned TO_GO NO_RULE",
              "gone 2 versioned TO_GO HIDES_NOTHING");
      prune.run(plan.id(), "admin", "space");
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);
      assertThat(SyncRig.history(site.rig.versioned, "gone")).isEmpty();
      assertThat(site.state("gone", 1)).isEqualTo(ReplicaState.PRUNED);
      assertThat(site.state("gone", 2)).isEqualTo(ReplicaState.PRUNED);
      // Three of four had bytes.
      assertThat(site.rig.catalog.replicas().count(SyncRig.VERSIONED).objects()).isEqualTo(2);

      // Scans find nothing new, views have all that they had, and nothing holds the lag back.
      assertThat(site.rig.synchronizer.scan().appended()).isZero();
      site.rig.replicate();
      assertThat(SyncRig.history(site.rig.versioned, "gone")).isEmpty();
      assertThat(site.rig.catalog.versions().history(new ObjectKey("gone"))).isEqualTo(before);
      assertThat(site.rig.lag(SyncRig.VERSIONED)).isInstanceOf(Lag.Known.class);
      assertThat(site.rows(prune.plan(Optional.of(SyncRig.VERSIONED), "admin"))).isEmpty();

      site.rig.put("gone", "gone 3");
      site.rig.sync();
      assertThat(SyncRig.history(site.rig.versioned, "gone")).containsExactly("gone 3");
    }
  }

  @Test
  void aMarkerStaysAboveContentThatCouldNotBeRemoved() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      site.locked = Optional.of("gone");
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      prune.run(plan.id(), "admin", "space");
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 versioned REMOVED NO_RULE",
              "a 2 versioned REMOVED NO_RULE",
              "gone 1 versioned REFUSED NO_RULE",
              "gone 2 versioned STAYS HIDES");
      assertThat(SyncRig.history(site.rig.versioned, "gone")).containsExactly("gone 1", "-");
    }
  }

  @Test
  void youngMarkersHeldOnesAndThoseAboveWhatMayStillComeStay() throws Exception {
    try (PruneRig site = new PruneRig()) {
      // Its content was never copied and may be tried again; then it must not become current.
      site.rig.put("waiting", "1");
      site.rig.synchronizer.scan();
      site.rig
          .catalog
          .queue()
          .settle(
              SyncRig.VERSIONED,
              List.of(new ReplicationQueue.Outcome.GivenUp(site.version("waiting", 1).id(), "no")));
      site.rig.put("held", "1");
      site.rig.put("young", "1");
      site.rig.put("young", "2");
      site.rig.sync();
      site.rig.delete("waiting");
      site.rig.delete("held");
      site.rig.sync();
      site.later();
      site.rig.delete("young");
      site.rig.sync();
      site.rig
          .catalog
          .holds()
          .add(new Hold(0, false, "held", "a case", site.rig.clock.instant(), "admin"));
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      assertThat(site.rows(plan))
          .containsExactly(
              "held 1 versioned STAYS HOLD",
              "held 2 versioned STAYS HOLD",
              "young 1 versioned TO_GO NO_RULE");
    }
  }

  @Test
  void aRunThatWasKilledAmongMarkersGoesOn() throws Exception {
    try (PruneRig site = new PruneRig()) {
      for (int i = 0; i < 4; i++) {
        site.rig.put("k" + i, "old " + i);
      }
      site.rig.sync();
      for (int i = 0; i < 4; i++) {
        site.rig.delete("k" + i);
      }
      site.rig.sync();
      site.later();
      site.killAfter = 6;
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      try {
        prune.run(plan.id(), "admin", "space");
      } catch (IllegalStateException closed) {
        assertThat(site.killed.get()).isTrue();
      }
      await().dontCatchUncaughtExceptions().atMost(PruneRig.PATIENCE).untilTrue(site.killed);
      site.restart();
      Prune next = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      assertThat(next.resume()).contains(plan.id());
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);
      for (int i = 0; i < 4; i++) {
        assertThat(SyncRig.history(site.rig.versioned, "k" + i)).isEmpty();
        assertThat(site.state("k" + i, 2)).isEqualTo(ReplicaState.PRUNED);
      }
    }
  }

  @Test
  void aKeyWithoutTheRightLosesNothingAndThePlanGoesOnOnceItHasIt() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      site.noRight = true;
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      prune.run(plan.id(), "admin", "space");
      PrunePlan failed = site.ended(plan);
      assertThat(failed.state()).isEqualTo(PrunePlan.State.FAILED);
      assertThat(failed.message())
          .startsWith("the site refused to remove any of 3 versions, the last one with: ")
          .contains("Access Denied")
          .endsWith(
              "nothing was lost. The key for pruning needs the rights that vistadr check versioned"
                  + " prints, s3:DeleteObjectVersion among them; then run the plan again");
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 1", "a 2", "a 3");
      assertThat(SyncRig.history(site.rig.versioned, "gone")).containsExactly("gone 1", "-");
      assertThat(site.rig.catalog.prunes().pruned(SyncRig.VERSIONED).objects()).isZero();

      site.noRight = false;
      prune.run(plan.id(), "admin", "it has the right now");
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);
      assertThat(site.ended(plan).message()).isEmpty();
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 3");
      assertThat(SyncRig.history(site.rig.versioned, "gone")).isEmpty();
    }
  }
}
