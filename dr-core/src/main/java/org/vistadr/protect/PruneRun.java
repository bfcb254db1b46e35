package org.vistadr.protect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.PruneLog.Settled;
import org.vistadr.model.Entry;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PrunePlan.Item;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule;
import org.vistadr.model.SiteName;
import org.vistadr.storage.StorageException;

/// One run of a plan, a batch at a time: everything that must hold is looked at, every replica of
/// the batch is decided about anew, what still may go is recorded as about to be removed, removed,
/// and recorded as pruned. So a run that was killed goes on without removing anything else. Not
/// thread-safe.
final class PruneRun {

  private static final Logger LOG = LoggerFactory.getLogger(PruneRun.class);
  private static final int BATCH = 100;
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(15);

  /// So many replicas in a row that the key may not remove, and none that it may: it has no right.
  private static final int DENIED_AT_MOST = 20;

  private final Catalog catalog;
  private final PruneSettings settings;
  private final PruneGate gate;
  private final PruneStores stores;
  private final UnaryOperator<PruneRefusedException> refused;
  private final PruneListener listener;
  private final InstantSource clock;
  private final Stop stop;
  private boolean patient;
  private long removed;
  private long denied;
  private String lastDenial = "";
  private String deniedAt = "";

  PruneRun(
      Catalog catalog,
      PruneSettings settings,
      PruneGate gate,
      PruneStores stores,
      UnaryOperator<PruneRefusedException> refused,
      PruneListener listener,
      InstantSource clock,
      Stop stop) {
    this.catalog = catalog;
    this.settings = settings;
    this.gate = gate;
    this.stores = stores;
    this.refused = refused;
    this.listener = listener;
    this.clock = clock;
    this.stop = stop;
  }

  /// Runs until everything is settled, or something does not hold, or it is to stop.
  ///
  /// @param losing secondaries that lose something
  /// @param resumed whether the daemon ended during the run: then what does not hold yet is waited
  ///   for
  void carryOut(PrunePlan plan, Set<SiteName> losing, boolean resumed) {
    patient = resumed;
    PruneRemoval removal = new PruneRemoval(catalog, stores, clock);
    try {
      if (resumed) {
        removal.settleUnsure(plan.id(), ItemState.TO_GO);
      }
      while (!stop.requested()) {
        if (catalog
            .prunes()
            .items(plan.id(), List.of(ItemState.TO_GO, ItemState.REMOVING), 0, 1)
            .isEmpty()) {
          if (removed == 0 && denied > removal.locked()) {
            end(plan, PrunePlan.State.FAILED, noRight());
          } else {
            end(plan, PrunePlan.State.DONE, "");
          }
          return;
        }
        Optional<PruneRefusedException> refusal = gate.refusal(losing, plan.reliesOn());
        if (refusal.isPresent()) {
          if (!patient || !passes(refusal.get().reason()) || isExpired(plan)) {
            throw refusal.get();
          }
          LOG.info("prune plan={} waits: {}", plan.id(), refusal.get().getMessage());
          stop.await(BETWEEN_TRIES);
          continue;
        }
        patient = false;
        try {
          batch(plan, removal);
        } catch (StorageException e) {
          if (!e.retryable() || isExpired(plan)) {
            throw e;
          }
          LOG.warn("prune plan={} waits: {}", plan.id(), e.getMessage());
          patient = true;
          stop.await(BETWEEN_TRIES);
        }
        if (denied - removal.locked() >= DENIED_AT_MOST && removed == 0) {
          end(plan, PrunePlan.State.FAILED, noRight());
          return;
        }
      }
    } catch (PruneRefusedException e) {
      removal.settleUnsure(plan.id(), ItemState.STAYS);
      end(plan, PrunePlan.State.REFUSED, String.valueOf(refused.apply(e).getMessage()));
    } catch (StorageException e) {
      removal.settleUnsure(plan.id(), ItemState.STAYS);
      end(
          plan,
          PrunePlan.State.FAILED,
          e instanceof StorageException.AccessDenied
              ? "%s; the key for pruning needs what vistadr check %s prints, then run the plan again"
                  .formatted(e.getMessage(), e.site())
              : String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("prune plan={} broke off", plan.id(), e);
      end(plan, PrunePlan.State.FAILED, "the run broke off: " + e);
    }
  }

  /// Whether what a refusal says may end by itself.
  private static boolean passes(PruneRefusedException.Reason reason) {
    return switch (reason) {
      case LAGGING, CLOCKS_DIFFER, SCAN_INCOMPLETE -> true;
      case NO_POLICY,
          UNKNOWN_PLAN,
          WRONG_STATE,
          RUNNING,
          PLAN_EXPIRED,
          PLAN_STALE,
          NOTHING_TO_GO,
          NO_PRUNE_KEY,
          BRAKE_ENGAGED,
          FINDINGS_OPEN,
          NOT_VERIFIED,
          STOPPING ->
          false;
    };
  }

  /// Nothing was lost, and the plan can be run again.
  private String noRight() {
    return """
    the site refused to remove any of %d versions, the last one with: %s; nothing was lost. \
    The key for pruning needs the rights that vistadr check %s prints, \
    s3:DeleteObjectVersion among them; then run the plan again\
    """
        .formatted(denied, lastDenial, deniedAt);
  }

  private boolean isExpired(PrunePlan plan) {
    return !plan.expiresAt().isAfter(clock.instant());
  }

  private void batch(PrunePlan plan, PruneRemoval removal)
      throws StorageException, PruneRefusedException {
    Instant now = clock.instant();
    PruneFacts facts = new PruneFacts(catalog, settings, now);
    if (!facts.basis().equals(plan.basis())) {
      throw Prune.stale(plan);
    }
    List<Item> items =
        catalog.prunes().items(plan.id(), List.of(ItemState.TO_GO, ItemState.REMOVING), 0, BATCH);
    List<Settled> settled = new ArrayList<>();
    List<Item> fresh = new ArrayList<>();
    List<Item> unsure = new ArrayList<>();
    for (Item item : items) {
      Optional<PruneRule.Decision> decision = facts.decision(item.version(), item.at());
      boolean wasIntended = item.state() == ItemState.REMOVING;
      if (decision.map(one -> one.why().goes() && relied(plan, one)).orElse(false)) {
        (wasIntended ? unsure : fresh).add(item);
      } else if (wasIntended && removal.isGone(item)) {
        settled.add(new Settled(item, ItemState.REMOVED, item.why(), item.detail()));
      } else {
        settled.add(
            decision
                .map(one -> new Settled(item, ItemState.STAYS, one.why(), one.detail()))
                .orElseGet(() -> PruneRemoval.stays(item, "it is not there any more")));
      }
    }
    catalog.prunes().intend(plan.id(), fresh);
    Set<SiteName> lost = new HashSet<>();
    try {
      removeAll(removal, fresh, unsure, settled);
    } finally {
      catalog.prunes().settle(plan.id(), settled, now);
      for (Settled one : settled) {
        count(one);
        if (one.state() == ItemState.REMOVED) {
          lost.add(one.item().at());
        }
      }
      lost.forEach(listener::pruned);
    }
  }

  /// Many at a time; how many requests the site gets at once is its store's business.
  ///
  /// @param fresh recorded as about to be removed just now
  /// @param unsure those that an earlier try may have removed
  /// @param settled gets what is known to have become of them, also when this fails
  private void removeAll(
      PruneRemoval removal, List<Item> fresh, List<Item> unsure, List<Settled> settled)
      throws StorageException {
    // What is below a delete marker goes before it.
    removeOfKind(removal, fresh, unsure, settled, false);
    removeOfKind(removal, fresh, unsure, settled, true);
  }

  private void removeOfKind(
      PruneRemoval removal,
      List<Item> freshOfAll,
      List<Item> unsureOfAll,
      List<Settled> settled,
      boolean markers)
      throws StorageException {
    Predicate<Item> ofKind =
        item -> markers == (item.version().entry() instanceof Entry.DeleteMarker);
    List<Item> fresh = freshOfAll.stream().filter(ofKind).toList();
    List<Item> unsure = unsureOfAll.stream().filter(ofKind).toList();
    List<Future<Optional<Settled>>> tries = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      unsure.forEach(item -> tries.add(threads.submit(() -> remove(removal, item, true))));
      fresh.forEach(item ->
          tries.add(threads.submit(() -> remove(removal, item.in(ItemState.REMOVING), false))));
    }
    Optional<StorageException> failure = Optional.empty();
    for (Future<Optional<Settled>> one : tries) {
      switch (one.state()) {
        case SUCCESS -> one.resultNow().ifPresent(settled::add);
        case FAILED -> {
          if (!(one.exceptionNow() instanceof StorageException e)) {
            throw new IllegalStateException(one.exceptionNow());
          }
          failure = failure.or(() -> Optional.of(e));
        }
        case RUNNING, CANCELLED -> throw new IllegalStateException("a removal has no end");
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private Optional<Settled> remove(PruneRemoval removal, Item item, boolean maybeGone)
      throws StorageException {
    return stop.requested() ? Optional.empty() : Optional.of(removal.remove(item, maybeGone));
  }

  private void count(Settled settled) {
    switch (settled.state()) {
      case REMOVED -> removed++;
      case REFUSED -> {
        denied++;
        lastDenial = settled.detail();
        deniedAt = settled.item().at().value();
      }
      case TO_GO, REMOVING, STAYS, DIFFERS -> {}
    }
  }

  /// What a plan did not say that it relies on was not looked at.
  private static boolean relied(PrunePlan plan, PruneRule.Decision decision) {
    return decision.reliesOn().map(plan.reliesOn()::contains).orElse(true);
  }

  private void end(PrunePlan plan, PrunePlan.State state, String message) {
    catalog.prunes().end(plan.id(), state, clock.instant(), message);
    LOG.info(
        "prune plan={} state={} removed={} refused={} message=\"{}\"",
        plan.id(),
        state.text(),
        removed,
        denied,
        message);
  }
}
