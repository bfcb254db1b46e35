package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.catalog.AuditLog;
import org.vistadr.catalog.CheckpointLog;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.CheckpointName;
import org.vistadr.model.Finding;
import org.vistadr.model.Hold;
import org.vistadr.model.Lag;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PruneRule.Why;
import org.vistadr.model.ReplicaState;
import org.vistadr.protect.Prune;
import org.vistadr.protect.PruneRefusedException.Reason;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Retention on real buckets: what a plan names goes and nothing else, what any rule needs stays,
/// and nothing goes while something does not hold that it rests on.
final class PruneIT {

  @Test
  void whatAnotherSecondaryKeepsGoesOnceThatOneWasVerified() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.ALL);
      PrunePlan plan = prune.plan(Optional.empty(), "admin");
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 versioned TO_GO KEPT_ELSEWHERE",
              "a 2 versioned TO_GO KEPT_ELSEWHERE",
              "gone 1 versioned TO_GO KEPT_ELSEWHERE",
              "gone 2 versioned TO_GO HIDES_NOTHING");
      assertThat(plan.reliesOn()).containsExactly(SyncRig.UNVERSIONED);
      // Nothing is removed by looking.
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 1", "a 2", "a 3");

      PruneRig.assertRefused(prune, plan, Reason.NOT_VERIFIED, "never all looked at");
      site.verify();
      assertThat(prune.run(plan.id(), "admin", "space").state()).isEqualTo(PrunePlan.State.RUNNING);
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);

      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 3");
      assertThat(SyncRig.history(site.rig.versioned, "gone")).isEmpty();
      assertThat(SyncRig.history(site.rig.versioned, "once")).containsExactly("once 1");
      assertThat(site.state("a", 1)).isEqualTo(ReplicaState.PRUNED);
      assertThat(site.rig.catalog.replicas().everywhere(site.version("a", 1).id()))
          .extracting(replica -> replica.secondary())
          .containsExactly(SyncRig.UNVERSIONED);
      assertThat(site.rig.catalog.prunes().pruned(SyncRig.VERSIONED).objects()).isEqualTo(4);

      // It is not copied again, and keeps nothing back.
      site.rig.sync();
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 3");
      assertThat(site.rig.lag(SyncRig.VERSIONED)).isInstanceOf(Lag.Known.class);
      site.rig.put("a", "a 4");
      site.rig.sync();
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 3", "a 4");

      assertThat(site.rig.catalog.audit().list(AuditLog.Filter.ALL, Optional.empty(), 10))
          .extracting(AuditEvent::action)
          .containsExactly("prune-done", "prune-started", "prune-planned");
      PruneRig.assertRefused(prune, plan, Reason.WRONG_STATE, "is done");
    }
  }

  @Test
  void theLastGoodCopyStays() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      site.verify();
      // The other secondary is to keep everything, and has lost the bytes of one.
      ObjectKey aside =
          site.rig
              .catalog
              .replicas()
              .find(SyncRig.UNVERSIONED, site.version("a", 1).id())
              .orElseThrow()
              .location();
      site.rig.unversioned.delete(aside, WriteCondition.ALWAYS);
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.ALL);
      site.verify();
      PrunePlan plan = prune.plan(Optional.empty(), "admin");
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 versioned STAYS LAST_GOOD_COPY",
              "a 2 versioned TO_GO KEPT_ELSEWHERE",
              "gone 1 versioned TO_GO KEPT_ELSEWHERE",
              "gone 2 versioned TO_GO HIDES_NOTHING");
      assertThat(site.details(plan, Why.LAST_GOOD_COPY))
          .containsExactly("unversioned is to keep it and has no good copy: this is the last one");
      PruneRig.assertRefused(prune, plan, Reason.FINDINGS_OPEN, "unversioned has 1 copies");
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 1", "a 2", "a 3");

      // The copy is lost between plan and removal: it is decided anew before each batch.
      site.rig
          .catalog
          .replicas()
          .refute(SyncRig.UNVERSIONED, site.version("a", 2).id(), "lost meanwhile");
      for (Finding finding : site.rig.catalog.scrub().list(Finding.State.OPEN, 0, 10)) {
        site.rig.catalog.findings().move(finding.id(), Finding.State.REPAIRED, Optional.empty());
      }
      site.rig.catalog.replicas().refute(SyncRig.UNVERSIONED, site.version("a", 1).id(), "lost");
      var gaveUp =
          List.<ReplicationQueue.Outcome>of(
              new ReplicationQueue.Outcome.GivenUp(site.version("a", 1).id(), "no"),
              new ReplicationQueue.Outcome.GivenUp(site.version("a", 2).id(), "no"));
      site.rig.catalog.queue().settle(SyncRig.UNVERSIONED, gaveUp);
      prune.run(plan.id(), "admin", "space");
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 versioned STAYS LAST_GOOD_COPY",
              "a 2 versioned STAYS LAST_GOOD_COPY",
              "gone 1 versioned REMOVED KEPT_ELSEWHERE",
              "gone 2 versioned REMOVED HIDES_NOTHING");
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 1", "a 2", "a 3");
    }
  }

  @Test
  void whatNoRuleNeedsGoesEverywhereAndHistoryObjectsGoByTheirNames() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      List<ObjectKey> before = site.names(site.rig.unversioned);
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.empty(), "admin");
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 unversioned TO_GO NO_RULE",
              "a 2 unversioned TO_GO NO_RULE",
              "a 1 versioned TO_GO NO_RULE",
              "a 2 versioned TO_GO NO_RULE",
              "gone 1 unversioned TO_GO NO_RULE",
              "gone 1 versioned TO_GO NO_RULE",
              "gone 2 versioned TO_GO HIDES_NOTHING");
      prune.run(plan.id(), "admin", "space");
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 3");
      assertThat(SyncRig.current(site.rig.unversioned, "a")).contains("a 3");
      assertThat(SyncRig.current(site.rig.unversioned, "once")).contains("once 1");
      assertThat(before.size() - site.names(site.rig.unversioned).size()).isEqualTo(3);
    }
  }

  @Test
  void holdsCheckpointsAndChangesOfThemKeepWhatTheyCover() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      Hold hold =
          site.rig
              .catalog
              .holds()
              .add(new Hold(0, true, "go", "a case", site.rig.clock.instant(), "admin"))
              .orElseThrow();
      // What is shown at the moment at which the first version was the newest one.
      Instant first = site.version("a", 1).lastModified();
      assertThat(
              site.rig
                  .catalog
                  .checkpoints()
                  .add(
                      new NamedCheckpoint(
                          new CheckpointName("audit"), first, first, "admin", "", true)))
          .isInstanceOf(CheckpointLog.Added.Done.class);
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      assertThat(site.rows(plan))
          .contains("a 1 versioned STAYS CHECKPOINT", "gone 1 versioned STAYS HOLD");
      assertThat(site.details(plan, Why.HOLD))
          .containsOnly("hold %d of everything below go: a case".formatted(hold.id()));

      site.rig.catalog.holds().remove(hold.id(), "admin", "closed", site.rig.clock.instant());
      PruneRig.assertRefused(prune, plan, Reason.PLAN_STALE, "changed since plan " + plan.id());
      assertThat(site.rows(prune.plan(Optional.of(SyncRig.VERSIONED), "admin")))
          .contains("gone 1 versioned STAYS CHECKPOINT");
      site.rig.catalog.checkpoints().hold(new CheckpointName("audit"), false);
      assertThat(site.rows(prune.plan(Optional.of(SyncRig.VERSIONED), "admin")))
          .containsExactly(
              "a 1 versioned TO_GO NO_RULE",
              "a 2 versioned TO_GO NO_RULE",
              "gone 1 versioned TO_GO NO_RULE",
              "gone 2 versioned TO_GO HIDES_NOTHING");
    }
  }

  @Test
  void nothingGoesWhileSomethingDoesNotHold() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.empty(), "admin");
      site.rig
          .catalog
          .brake()
          .engage(
              site.rig.clock.instant(),
              org.vistadr.model.BucketProof.MARKED,
              List.of(
                  new org.vistadr.model.BrakeReason(
                      org.vistadr.model.Suspicion.DELETIONS, "many deletions")));
      PruneRig.assertRefused(prune, plan, Reason.BRAKE_ENGAGED, "the brake is engaged");
      site.rig
          .catalog
          .brake()
          .disengage(
              AuditEvent.of(site.rig.clock.instant(), "admin", "held-released", "", "ok", ""));

      site.skew = Duration.ofMinutes(2);
      PruneRig.assertRefused(prune, plan, Reason.CLOCKS_DIFFER, "the clock of unversioned differs");
      site.skew = Duration.ZERO;

      site.rig.clock.forward(Duration.ofMinutes(20));
      PruneRig.assertRefused(prune, plan, Reason.LAGGING, "its objective is 900 s");
      site.rig.sync();

      long scan =
          site.rig
              .catalog
              .scans()
              .begin(site.rig.clock.instant(), org.vistadr.model.Regime.VERSIONED)
              .number();
      site.rig.catalog.scans().abandon(scan, site.rig.clock.instant(), "cut off");
      PruneRig.assertRefused(prune, plan, Reason.SCAN_INCOMPLETE, "did not see all of it");
      site.rig.sync();

      site.noKey = true;
      PruneRig.assertRefused(prune, plan, Reason.NO_PRUNE_KEY, "no key");
      site.noKey = false;
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 1", "a 2", "a 3");
      assertThat(prune.refusals().keySet())
          .contains(Reason.BRAKE_ENGAGED, Reason.LAGGING, Reason.CLOCKS_DIFFER);

      site.rig.clock.forward(Duration.ofHours(25));
      PruneRig.assertRefused(prune, plan, Reason.PLAN_EXPIRED, "was good until");
    }
  }

  @Test
  void aRunThatWasKilledGoesOnAndRemovesNothingElse() throws Exception {
    try (PruneRig site = new PruneRig()) {
      for (int i = 0; i < 12; i++) {
        site.rig.put("k" + i, "old " + i);
      }
      site.rig.sync();
      for (int i = 0; i < 12; i++) {
        site.rig.put("k" + i, "new " + i);
      }
      site.rig.sync();
      site.later();
      site.killAfter = 5;
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      try {
        prune.run(plan.id(), "admin", "space");
      } catch (IllegalStateException closed) {
        assertThat(site.killed.get()).isTrue();
      }
      // The run ends as the process would, without a word.
      await().dontCatchUncaughtExceptions().atMost(PruneRig.PATIENCE).untilTrue(site.killed);
      site.restart();
      // Removed at the secondary, and not recorded.
      assertThat(site.rig.catalog.prunes().pruned(SyncRig.VERSIONED).objects()).isZero();
      assertThat(site.countOld()).isEqualTo(7);

      // What was removed is no finding, although nothing is recorded of it.
      site.verify();
      assertThat(site.rig.catalog.scrub().open(SyncRig.VERSIONED)).isZero();

      Prune next = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      assertThat(next.resume()).contains(plan.id());
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);
      assertThat(site.countOld()).isZero();
      assertThat(site.rig.catalog.prunes().pruned(SyncRig.VERSIONED).objects()).isEqualTo(12);
      assertThat(site.rig.catalog.scrub().open(SyncRig.VERSIONED)).isZero();
      for (int i = 0; i < 12; i++) {
        assertThat(SyncRig.history(site.rig.versioned, "k" + i)).containsExactly("new " + i);
      }
      assertThat(site.rig.catalog.prunes().sums(plan.id()))
          .singleElement()
          .satisfies(sum -> assertThat(sum.versions()).isEqualTo(12));
    }
  }

  @Test
  void whatIsLockedOrNotAsWrittenIsLeftAndSaid() throws Exception {
    try (PruneRig site = new PruneRig()) {
      site.months();
      site.locked = Optional.of("gone");
      // Somebody wrote as many bytes over a history object.
      ObjectKey aside =
          site.rig
              .catalog
              .replicas()
              .find(SyncRig.UNVERSIONED, site.version("a", 1).id())
              .orElseThrow()
              .location();
      site.rig.unversioned.put(
          new PutRequest(
              aside,
              ObjectAttributes.NONE,
              WriteBody.Buffered.of("b 9".getBytes(StandardCharsets.UTF_8)),
              WriteCondition.ALWAYS));
      Prune prune = site.prune(PruneRig.MONTH, PruneRig.MONTH);
      PrunePlan plan = prune.plan(Optional.empty(), "admin");
      prune.run(plan.id(), "admin", "space");
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 unversioned DIFFERS NO_RULE",
              "a 2 unversioned REMOVED NO_RULE",
              "a 1 versioned REMOVED NO_RULE",
              "a 2 versioned REMOVED NO_RULE",
              "gone 1 unversioned REMOVED NO_RULE",
              "gone 1 versioned REFUSED NO_RULE",
              "gone 2 versioned STAYS HIDES");
      assertThat(SyncRig.history(site.rig.versioned, "gone")).containsExactly("gone 1", "-");
      assertThat(SyncRig.current(site.rig.unversioned, aside.value())).contains("b 9");
      assertThat(site.rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isEqualTo(1);
    }
  }
}
