package org.vistadr.protect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.HistoryCursor;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.SiteName;
import org.vistadr.protect.PruneRefusedException.Reason;
import org.vistadr.storage.ObjectStore;

/// Retention: plans of what may go, and carrying them out. A plan names every replica before
/// anything is removed; a run looks at each of them again, removes by exact key and version, and
/// ends as soon as something does not hold that removing rests on. Thread-safe; one plan is made or
/// run at a time.
public final class Prune implements AutoCloseable {

  /// A plan can be run for so long.
  public static final Duration GOOD_FOR = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(Prune.class);
  private static final int ID_LETTERS = 6;

  /// Base 32 without letters that look like others.
  private static final String LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

  private final Catalog catalog;
  private final PruneSettings settings;
  private final PruneGate gate;
  private final Keys keys;
  private final PruneListener listener;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Semaphore turn = new Semaphore(1, true);
  private final Stop stop = new Stop();
  private final Map<Reason, Long> refusals = new EnumMap<>(Reason.class);

  /// Opens a secondary with the key that may remove versions there.
  public interface Keys {
    /// Reads the key anew. The caller closes the store and so forgets it.
    ///
    /// @throws PruneRefusedException when there is none
    ObjectStore open(SiteName secondary) throws PruneRefusedException;
  }

  /// @param primary with the key of every day; it is only asked for its clock
  /// @param secondaries with theirs, by name; only asked for their clocks
  /// @param keys what removes
  /// @param listener told when a secondary lost something
  /// @param random names of plans
  public Prune(
      Catalog catalog,
      PruneSettings settings,
      ObjectStore primary,
      Map<SiteName, ObjectStore> secondaries,
      Keys keys,
      PruneListener listener,
      InstantSource clock,
      RandomGenerator random) {
    this.catalog = catalog;
    this.settings = settings;
    this.gate = new PruneGate(catalog, settings, primary, Map.copyOf(secondaries), clock);
    this.keys = keys;
    this.listener = listener;
    this.clock = clock;
    this.random = random;
  }

  /// How retention is configured.
  public PruneSettings settings() {
    return settings;
  }

  /// Decides what may go, and removes nothing.
  ///
  /// @param secondary the only one that is to lose anything; empty for all that have a policy
  /// @param who asked for it
  /// @throws PruneRefusedException when no policy says what may go, or another plan is made or run
  public PrunePlan plan(Optional<SiteName> secondary, String who) throws PruneRefusedException {
    Set<SiteName> from = withPolicy(secondary);
    begin("a plan is being made or run");
    try {
      Instant now = clock.instant();
      PruneFacts facts = new PruneFacts(catalog, settings, now);
      PrunePlan plan =
          new PrunePlan(
              newId(),
              PrunePlan.State.MAKING,
              secondary,
              facts.basis(),
              policiesText(),
              List.of(),
              now,
              who,
              now.plus(GOOD_FOR),
              false,
              Optional.empty(),
              "",
              "",
              Optional.empty(),
              "");
      catalog.prunes().begin(plan);
      decide(plan.id(), facts, from);
      PrunePlan made = catalog.prunes().find(plan.id()).orElseThrow();
      catalog.audit().add(AuditEvent.of(now, who, "prune-planned", made.id(), "", policiesText()));
      LOG.info("prune plan={} secondaries={}", made.id(), from);
      return made;
    } finally {
      turn.release();
    }
  }

  private Set<SiteName> withPolicy(Optional<SiteName> secondary) throws PruneRefusedException {
    Set<SiteName> from = new TreeSet<>(secondary.map(Set::of).orElse(settings.sites().keySet()));
    from.removeIf(site -> settings.policies().getOrDefault(site, Optional.empty()).isEmpty());
    if (from.isEmpty()) {
      throw refused(
          new PruneRefusedException(
              Reason.NO_POLICY,
              secondary
                  .map("%s has no retention policy: everything is kept there"::formatted)
                  .orElse("no secondary has a retention policy: everything is kept"),
              "write protection.retention, or retention of the secondary, into the configuration",
              "vistadr runbook prune"));
    }
    return from;
  }

  private void decide(String plan, PruneFacts facts, Set<SiteName> from) {
    PruneDeciding deciding = new PruneDeciding(catalog.prunes(), plan);
    HistoryCursor histories = catalog.versions().histories("", Optional.empty());
    for (Optional<KeyHistory> next = histories.next();
        next.isPresent() && !deciding.full() && !stop.requested();
        next = histories.next()) {
      facts.decisions(next.get(), from).forEach(deciding::take);
    }
    deciding.finish(stop.requested());
  }

  /// Begins to carry a plan out; it goes on by itself, also after a restart. One that failed can be
  /// begun again while it is good: it goes on with what it did not remove.
  ///
  /// @param who approves it
  /// @param reason why
  /// @throws PruneRefusedException when it cannot be run, or nothing may be removed now
  public PrunePlan run(String id, String who, String reason) throws PruneRefusedException {
    begin("another plan is being made or run");
    boolean begun = false;
    try {
      PrunePlan plan = runnable(id);
      PruneFacts facts = new PruneFacts(catalog, settings, clock.instant());
      if (!facts.basis().equals(plan.basis())) {
        throw refused(stale(plan));
      }
      Set<SiteName> losing = losing(id);
      if (losing.isEmpty()) {
        throw refused(
            new PruneRefusedException(
                Reason.NOTHING_TO_GO,
                "plan %s names nothing that may go".formatted(id),
                "there is nothing to do",
                "vistadr prune show " + id));
      }
      PruneStores stores = open(losing);
      try {
        Optional<PruneRefusedException> refusal = gate.refusal(losing, plan.reliesOn());
        if (refusal.isPresent()) {
          throw refused(refusal.get());
        }
        if (!catalog.prunes().start(id, who, reason, clock.instant())) {
          throw refused(wrongState(plan));
        }
        catalog.prunes().tryAgain(id);
        carryOut(plan, losing, stores, false);
        begun = true;
      } finally {
        if (!begun) {
          stores.close();
        }
      }
      return catalog.prunes().find(id).orElseThrow();
    } finally {
      if (!begun) {
        turn.release();
      }
    }
  }

  /// Goes on with the plan that ran when the daemon ended, as soon as everything holds again.
  ///
  /// @return the plan, if there is one
  public Optional<String> resume() {
    Optional<PrunePlan> running = catalog.prunes().running();
    if (running.isEmpty() || !turn.tryAcquire()) {
      return Optional.empty();
    }
    PrunePlan plan = running.get();
    try {
      Set<SiteName> losing = losing(plan.id());
      carryOut(plan, losing, open(losing), true);
    } catch (PruneRefusedException e) {
      catalog
          .prunes()
          .end(
              plan.id(),
              PrunePlan.State.REFUSED,
              clock.instant(),
              String.valueOf(refused(e).getMessage()));
      turn.release();
    }
    return Optional.of(plan.id());
  }

  /// Refusals so far, by reason, since the process began.
  public Map<Reason, Long> refusals() {
    synchronized (refusals) {
      return new EnumMap<>(refusals);
    }
  }

  /// Ends a run after the replica that it is at; it goes on when the daemon starts again.
  @Override
  public void close() {
    stop.request();
    turn.acquireUninterruptibly();
    turn.release();
  }

  private void carryOut(PrunePlan plan, Set<SiteName> losing, PruneStores stores, boolean resumed) {
    PruneRun run =
        new PruneRun(catalog, settings, gate, stores, this::refused, listener, clock, stop);
    Thread.ofVirtual()
        .name("prune-" + plan.id())
        .start(() -> {
          try (stores) {
            run.carryOut(plan, losing, resumed);
          } catch (RuntimeException e) {
            LOG.error(
                "prune plan={} ended and that cannot be recorded; it goes on when the daemon starts",
                plan.id(),
                e);
          } finally {
            turn.release();
          }
        });
  }

  private PruneStores open(Set<SiteName> losing) throws PruneRefusedException {
    try {
      return PruneStores.open(losing, keys);
    } catch (PruneRefusedException e) {
      throw refused(e);
    }
  }

  private PrunePlan runnable(String id) throws PruneRefusedException {
    PrunePlan plan =
        catalog
            .prunes()
            .find(id)
            .orElseThrow(() ->
                new PruneRefusedException(
                    Reason.UNKNOWN_PLAN,
                    "there is no prune plan '%s'".formatted(id),
                    "see which there are",
                    "vistadr prune list"));
    if (plan.state() != PrunePlan.State.PLANNED && plan.state() != PrunePlan.State.FAILED) {
      throw refused(wrongState(plan));
    }
    if (!plan.expiresAt().isAfter(clock.instant())) {
      throw refused(
          new PruneRefusedException(
              Reason.PLAN_EXPIRED,
              "plan %s was good until %s".formatted(id, plan.expiresAt()),
              "make a new one and look at it",
              "vistadr prune plan"));
    }
    return plan;
  }

  private static PruneRefusedException wrongState(PrunePlan plan) {
    return new PruneRefusedException(
        Reason.WRONG_STATE,
        "plan %s is %s: a plan runs once, one at a time".formatted(plan.id(), plan.state().text()),
        "make a new one and look at it",
        "vistadr prune plan");
  }

  static PruneRefusedException stale(PrunePlan plan) {
    return new PruneRefusedException(
        Reason.PLAN_STALE,
        "policies, holds or held checkpoints changed since plan %s was made".formatted(plan.id()),
        "make a new one and look at it",
        "vistadr prune plan");
  }

  private Set<SiteName> losing(String plan) {
    return catalog.prunes().sums(plan).stream()
        .filter(sum ->
            switch (sum.state()) {
              case TO_GO, REMOVING -> true;
              // What a failed run left.
              case REFUSED, STAYS -> sum.why().goes();
              case REMOVED, DIFFERS -> false;
            })
        .map(PrunePlan.Sum::at)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void begin(String otherwise) throws PruneRefusedException {
    if (stop.requested()) {
      throw new PruneRefusedException(
          Reason.STOPPING, "the daemon is stopping", "ask again when it has started");
    }
    if (!turn.tryAcquire()) {
      throw refused(
          new PruneRefusedException(
              Reason.RUNNING, otherwise, "wait until it has ended", "vistadr prune list"));
    }
  }

  /// Counts a refusal.
  private PruneRefusedException refused(PruneRefusedException refusal) {
    synchronized (refusals) {
      refusals.merge(refusal.reason(), 1L, Long::sum);
    }
    LOG.warn(
        "prune refused reason={} message=\"{}\"", refusal.reason().text(), refusal.getMessage());
    return refusal;
  }

  private String policiesText() {
    return settings.policies().entrySet().stream()
        .map(entry ->
            "%s: %s"
                .formatted(
                    entry.getKey(),
                    entry.getValue().map(policy -> policy.text()).orElse("keeps everything")))
        .collect(Collectors.joining("; "));
  }

  private String newId() {
    StringBuilder id = new StringBuilder("g-");
    for (int i = 0; i < ID_LETTERS; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return id.toString();
  }
}
