package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
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
import org.vistadr.model.PrunePlan.Item;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule.Why;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.RetentionPolicy;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.protect.Prune;
import org.vistadr.protect.PruneListener;
import org.vistadr.protect.PruneRefusedException;
import org.vistadr.protect.PruneRefusedException.Reason;
import org.vistadr.protect.PruneSettings;
import org.vistadr.protect.Scrub;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// Retention on real buckets: what a plan names goes and nothing else, what any rule needs stays,
/// and nothing goes while something does not hold that it rests on.
final class PruneIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Optional<RetentionPolicy> MONTH =
      Optional.of(new RetentionPolicy(Duration.ofDays(35), 0, 0, 0, 0));
  private static final Optional<RetentionPolicy> ALL = Optional.empty();

  @Test
  void whatAnotherSecondaryKeepsGoesOnceThatOneWasVerified() throws Exception {
    try (Site site = new Site()) {
      site.months();
      Prune prune = site.prune(MONTH, ALL);
      PrunePlan plan = prune.plan(Optional.empty(), "admin");
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 versioned TO_GO KEPT_ELSEWHERE",
              "a 2 versioned TO_GO KEPT_ELSEWHERE",
              "gone 1 versioned TO_GO KEPT_ELSEWHERE");
      assertThat(plan.reliesOn()).containsExactly(SyncRig.UNVERSIONED);
      // Nothing is removed by looking.
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 1", "a 2", "a 3");

      assertRefused(prune, plan, Reason.NOT_VERIFIED, "never all looked at");
      site.verify();
      assertThat(prune.run(plan.id(), "admin", "space").state()).isEqualTo(PrunePlan.State.RUNNING);
      assertThat(site.ended(plan).state()).isEqualTo(PrunePlan.State.DONE);

      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 3");
      assertThat(SyncRig.history(site.rig.versioned, "gone")).containsExactly("-");
      assertThat(SyncRig.history(site.rig.versioned, "once")).containsExactly("once 1");
      assertThat(site.state("a", 1)).isEqualTo(ReplicaState.PRUNED);
      assertThat(site.rig.catalog.replicas().everywhere(site.version("a", 1).id()))
          .extracting(replica -> replica.secondary())
          .containsExactly(SyncRig.UNVERSIONED);
      assertThat(site.rig.catalog.prunes().pruned(SyncRig.VERSIONED).objects()).isEqualTo(3);

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
      assertRefused(prune, plan, Reason.WRONG_STATE, "is done");
    }
  }

  @Test
  void theLastGoodCopyStays() throws Exception {
    try (Site site = new Site()) {
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
      Prune prune = site.prune(MONTH, ALL);
      site.verify();
      PrunePlan plan = prune.plan(Optional.empty(), "admin");
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 versioned STAYS LAST_GOOD_COPY",
              "a 2 versioned TO_GO KEPT_ELSEWHERE",
              "gone 1 versioned TO_GO KEPT_ELSEWHERE");
      assertThat(site.details(plan, Why.LAST_GOOD_COPY))
          .containsExactly("unversioned is to keep it and has no good copy: this is the last one");
      assertRefused(prune, plan, Reason.FINDINGS_OPEN, "unversioned has 1 copies");
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
              "gone 1 versioned REMOVED KEPT_ELSEWHERE");
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 1", "a 2", "a 3");
    }
  }

  @Test
  void whatNoRuleNeedsGoesEverywhereAndHistoryObjectsGoByTheirNames() throws Exception {
    try (Site site = new Site()) {
      site.months();
      List<ObjectKey> before = site.names(site.rig.unversioned);
      Prune prune = site.prune(MONTH, MONTH);
      PrunePlan plan = prune.plan(Optional.empty(), "admin");
      assertThat(site.rows(plan))
          .containsExactly(
              "a 1 unversioned TO_GO NO_RULE",
              "a 2 unversioned TO_GO NO_RULE",
              "a 1 versioned TO_GO NO_RULE",
              "a 2 versioned TO_GO NO_RULE",
              "gone 1 unversioned TO_GO NO_RULE",
              "gone 1 versioned TO_GO NO_RULE");
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
    try (Site site = new Site()) {
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
      Prune prune = site.prune(MONTH, MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      assertThat(site.rows(plan))
          .contains("a 1 versioned STAYS CHECKPOINT", "gone 1 versioned STAYS HOLD");
      assertThat(site.details(plan, Why.HOLD))
          .containsExactly("hold %d of everything below go: a case".formatted(hold.id()));

      site.rig.catalog.holds().remove(hold.id(), "admin", "closed", site.rig.clock.instant());
      assertRefused(prune, plan, Reason.PLAN_STALE, "changed since plan " + plan.id());
      assertThat(site.rows(prune.plan(Optional.of(SyncRig.VERSIONED), "admin")))
          .contains("gone 1 versioned STAYS CHECKPOINT");
      site.rig.catalog.checkpoints().hold(new CheckpointName("audit"), false);
      assertThat(site.rows(prune.plan(Optional.of(SyncRig.VERSIONED), "admin")))
          .containsExactly(
              "a 1 versioned TO_GO NO_RULE",
              "a 2 versioned TO_GO NO_RULE",
              "gone 1 versioned TO_GO NO_RULE");
    }
  }

  @Test
  void nothingGoesWhileSomethingDoesNotHold() throws Exception {
    try (Site site = new Site()) {
      site.months();
      Prune prune = site.prune(MONTH, MONTH);
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
      assertRefused(prune, plan, Reason.BRAKE_ENGAGED, "the brake is engaged");
      site.rig
          .catalog
          .brake()
          .disengage(
              AuditEvent.of(site.rig.clock.instant(), "admin", "held-released", "", "ok", ""));

      site.skew = Duration.ofMinutes(2);
      assertRefused(prune, plan, Reason.CLOCKS_DIFFER, "the clock of unversioned differs");
      site.skew = Duration.ZERO;

      site.rig.clock.forward(Duration.ofMinutes(20));
      assertRefused(prune, plan, Reason.LAGGING, "its objective is 900 s");
      site.rig.sync();

      long scan =
          site.rig
              .catalog
              .scans()
              .begin(site.rig.clock.instant(), org.vistadr.model.Regime.VERSIONED)
              .number();
      site.rig.catalog.scans().abandon(scan, site.rig.clock.instant(), "cut off");
      assertRefused(prune, plan, Reason.SCAN_INCOMPLETE, "did not see all of it");
      site.rig.sync();

      site.noKey = true;
      assertRefused(prune, plan, Reason.NO_PRUNE_KEY, "no key");
      site.noKey = false;
      assertThat(SyncRig.history(site.rig.versioned, "a")).containsExactly("a 1", "a 2", "a 3");
      assertThat(prune.refusals().keySet())
          .contains(Reason.BRAKE_ENGAGED, Reason.LAGGING, Reason.CLOCKS_DIFFER);

      site.rig.clock.forward(Duration.ofHours(25));
      assertRefused(prune, plan, Reason.PLAN_EXPIRED, "was good until");
    }
  }

  @Test
  void aRunThatWasKilledGoesOnAndRemovesNothingElse() throws Exception {
    try (Site site = new Site()) {
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
      Prune prune = site.prune(MONTH, MONTH);
      PrunePlan plan = prune.plan(Optional.of(SyncRig.VERSIONED), "admin");
      try {
        prune.run(plan.id(), "admin", "space");
      } catch (IllegalStateException closed) {
        assertThat(site.killed.get()).isTrue();
      }
      // The run ends as the process would, without a word.
      await().dontCatchUncaughtExceptions().atMost(PATIENCE).untilTrue(site.killed);
      site.restart();
      // Removed at the secondary, and not recorded.
      assertThat(site.rig.catalog.prunes().pruned(SyncRig.VERSIONED).objects()).isZero();
      assertThat(site.countOld()).isEqualTo(7);

      // What was removed is no finding, although nothing is recorded of it.
      site.verify();
      assertThat(site.rig.catalog.scrub().open(SyncRig.VERSIONED)).isZero();

      Prune next = site.prune(MONTH, MONTH);
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
    try (Site site = new Site()) {
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
      Prune prune = site.prune(MONTH, MONTH);
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
              "gone 1 versioned REFUSED NO_RULE");
      assertThat(SyncRig.history(site.rig.versioned, "gone")).containsExactly("gone 1", "-");
      assertThat(SyncRig.current(site.rig.unversioned, aside.value())).contains("b 9");
      assertThat(site.rig.catalog.scrub().open(SyncRig.UNVERSIONED)).isEqualTo(1);
    }
  }

  private static void assertRefused(Prune prune, PrunePlan plan, Reason reason, String words) {
    assertThatThrownBy(() -> prune.run(plan.id(), "admin", "space"))
        .asInstanceOf(type(PruneRefusedException.class))
        .satisfies(refusal -> {
          assertThat(refusal.reason()).isEqualTo(reason);
          assertThat(refusal).hasMessageContaining(words);
          assertThat(refusal.hint()).isNotEmpty();
          assertThat(refusal.tryNext()).isNotEmpty();
        });
  }

  /// Two secondaries, with a clock that moves at all sites.
  private static final class Site implements AutoCloseable {

    private final SyncRig rig = new SyncRig(true);
    private final List<Prune> prunes = new ArrayList<>();
    private volatile Duration skew = Duration.ZERO;
    private boolean noKey;
    private Optional<String> locked = Optional.empty();
    private int killAfter = Integer.MAX_VALUE;
    private volatile AtomicBoolean killed = new AtomicBoolean();

    private Site() throws Exception {
      rig.restart(moved(rig.primary), List.of(rig.versioned, rig.unversioned));
    }

    /// Versions that were superseded 40 days ago.
    private void months() throws Exception {
      rig.put("once", "once 1");
      for (int i = 1; i <= 3; i++) {
        rig.put("a", "a " + i);
        if (i == 1) {
          rig.put("gone", "gone 1");
        } else if (i == 2) {
          rig.delete("gone");
        }
        rig.sync();
      }
      later();
    }

    private void later() throws Exception {
      rig.clock.forward(Duration.ofDays(40));
      rig.sync();
    }

    private Prune prune(
        Optional<RetentionPolicy> versioned, Optional<RetentionPolicy> unversioned) {
      var sites = new TreeMap<SiteName, PruneSettings.Site>();
      Duration objective = Duration.ofMinutes(15);
      sites.put(SyncRig.VERSIONED, new PruneSettings.Site(versioned, objective));
      sites.put(SyncRig.UNVERSIONED, new PruneSettings.Site(unversioned, objective));
      Map<SiteName, ObjectStore> stores = new HashMap<>();
      stores.put(SyncRig.VERSIONED, moved(rig.versioned));
      stores.put(SyncRig.UNVERSIONED, moved(rig.unversioned));
      Prune prune =
          new Prune(
              rig.catalog,
              new PruneSettings(sites, PruneSettings.VERIFIED_WITHIN),
              moved(rig.primary),
              stores,
              this::keyed,
              PruneListener.NONE,
              rig.clock,
              new Random());
      prunes.add(prune);
      return prune;
    }

    private ObjectStore keyed(SiteName site) throws PruneRefusedException {
      if (noKey) {
        throw new PruneRefusedException(Reason.NO_PRUNE_KEY, "no key", "add one", "vistadr check");
      }
      AtomicBoolean dead = killed;
      return new ForwardingObjectStore(
          site.equals(SyncRig.VERSIONED) ? rig.versioned : rig.unversioned) {
        @Override
        public synchronized void deleteVersion(ObjectKey key, VersionId versionId)
            throws StorageException {
          if (dead.get()) {
            throw new IllegalStateException("killed");
          }
          if (locked.equals(Optional.of(key.value()))) {
            throw new StorageException.AccessDenied(
                site, "DeleteObject", "AccessDenied", "the object is locked");
          }
          super.deleteVersion(key, versionId);
          if (--killAfter == 0) {
            dead.set(true);
            // As if the process were gone: nothing is recorded any more.
            rig.catalog.close();
          }
        }

        @Override
        public void close() {}
      };
    }

    private ObjectStore moved(ObjectStore store) {
      return new ForwardingObjectStore(store) {
        @Override
        public BucketState bucketState() throws StorageException {
          BucketState state = super.bucketState();
          Duration by =
              store.site().equals(SyncRig.UNVERSIONED) ? rigAhead().plus(skew) : rigAhead();
          return new BucketState(state.regime(), state.serverTime().plus(by));
        }
      };
    }

    private Duration rigAhead() {
      return Duration.between(Instant.now(), rig.clock.instant());
    }

    private void restart() {
      killAfter = Integer.MAX_VALUE;
      killed = new AtomicBoolean();
      rig.restart(moved(rig.primary), List.of(rig.versioned, rig.unversioned));
    }

    private void verify() throws StorageException {
      Scrub scrub =
          new Scrub(
              rig.catalog,
              Map.of(SyncRig.VERSIONED, rig.versioned, SyncRig.UNVERSIONED, rig.unversioned),
              rig.clock);
      for (SiteName site : List.of(SyncRig.VERSIONED, SyncRig.UNVERSIONED)) {
        scrub.run(site, ScrubDepth.LISTING, Long.MAX_VALUE);
      }
    }

    private RecordedVersion version(String key, int number) {
      List<RecordedVersion> oldestFirst =
          rig.catalog.versions().history(new ObjectKey(key)).newestFirst().reversed();
      return oldestFirst.get(number - 1);
    }

    private ReplicaState state(String key, int number) {
      long id = version(key, number).id();
      return rig.catalog.queue().ofKey(SyncRig.VERSIONED, new ObjectKey(key)).stream()
          .filter(row -> row.version().id() == id)
          .findFirst()
          .orElseThrow()
          .state();
    }

    private List<Item> items(PrunePlan plan) {
      return rig.catalog.prunes().items(plan.id(), List.of(ItemState.values()), 0, 1_000);
    }

    private List<String> details(PrunePlan plan, Why why) {
      return items(plan).stream().filter(item -> item.why() == why).map(Item::detail).toList();
    }

    private List<String> rows(PrunePlan plan) {
      return items(plan).stream()
          .map(item ->
              "%s %s %s %s %s"
                  .formatted(
                      item.version().key(),
                      rig.catalog
                              .versions()
                              .history(item.version().key())
                              .newestFirst()
                              .reversed()
                              .indexOf(item.version())
                          + 1,
                      item.at(),
                      item.state(),
                      item.why()))
          .sorted((a, b) -> order(a).compareTo(order(b)))
          .toList();
    }

    private static String order(String row) {
      String[] parts = row.split(" ");
      return parts[0] + parts[2] + parts[1];
    }

    private PrunePlan ended(PrunePlan plan) {
      await()
          .atMost(PATIENCE)
          .until(() ->
              rig.catalog.prunes().find(plan.id()).orElseThrow().state()
                  != PrunePlan.State.RUNNING);
      return rig.catalog.prunes().find(plan.id()).orElseThrow();
    }

    private long countOld() throws Exception {
      long old = 0;
      for (int i = 0; i < 12; i++) {
        old += SyncRig.history(rig.versioned, "k" + i).contains("old " + i) ? 1 : 0;
      }
      return old;
    }

    private List<ObjectKey> names(ObjectStore store) throws StorageException {
      List<ObjectKey> names = new ArrayList<>();
      store
          .listObjects(new ListingRequest("", ListingRequest.Position.BEGINNING, 1000))
          .entries()
          .forEach(version -> names.add(version.key()));
      return names;
    }

    @Override
    public void close() {
      prunes.forEach(Prune::close);
      rig.close();
    }
  }
}
