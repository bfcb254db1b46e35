package org.vistadr.server.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.vistadr.api.BrakeView;
import org.vistadr.api.Status;
import org.vistadr.catalog.LockLog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.catalog.RunLog;
import org.vistadr.catalog.ScanLog;
import org.vistadr.catalog.SegmentLog;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.Drill;
import org.vistadr.model.Lag;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.SiteName;
import org.vistadr.server.config.Quantities;
import org.vistadr.server.config.Sites;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.engine.Hints;
import org.vistadr.server.engine.SiteWatch;
import org.vistadr.server.jobs.LegalHoldTask;
import org.vistadr.server.jobs.LockTask;
import org.vistadr.server.jobs.ReplicateTask;
import org.vistadr.server.jobs.ScanTask;
import org.vistadr.server.jobs.Schedules;
import org.vistadr.server.jobs.SegmentsTask;
import org.vistadr.storage.SiteConfig;

/// Answers "am I protected?" from the catalog and from what was seen of the sites last. Asks no
/// site, so it answers while all of them are down. Safe for use by many threads.
public final class ProtectionReport {

  private final Engine engine;
  private final Schedules schedules;
  private final SiteWatch watch;
  private final Supplier<String> events;
  private final Clock clock;
  private final Instant startedAt;
  private final String version;
  private final boolean scheduled;

  /// @param events whether the primary tells of changes
  /// @param version the product's version
  /// @param scheduled whether the tasks run on their timetables in this process
  public ProtectionReport(
      Engine engine,
      Schedules schedules,
      SiteWatch watch,
      Supplier<String> events,
      String version,
      boolean scheduled) {
    this.events = events;
    this.engine = engine;
    this.schedules = schedules;
    this.watch = watch;
    this.clock = engine.clock();
    this.startedAt = clock.instant();
    this.version = version;
    this.scheduled = scheduled;
  }

  /// The status now.
  public Status now() {
    List<Status.Secondary> secondaries =
        engine.sites().secondaries().stream().map(this::secondary).toList();
    List<String> reasons = new ArrayList<>();
    BrakeView brake = BrakeReport.of(engine);
    boolean isProtected = judge(secondaries, brake, reasons);
    return new Status(
        Status.SCHEMA,
        isProtected,
        reasons,
        clock.instant(),
        new Status.Daemon(version, startedAt),
        primary(),
        secondaries,
        WindowReport.of(
            engine.catalog().reach(),
            secondaries,
            name -> engine.catalog().prunes().pruned(name).objects()),
        catalog(),
        brake);
  }

  /// How a secondary stands.
  public Status.Secondary secondary(Sites.Secondary configured) {
    SiteConfig site = configured.site();
    ReplicationQueue.Backlog backlog = engine.catalog().queue().backlog(site.name());
    Lag lag = engine.catalog().queue().lag(site.name(), clock.instant());
    ReplicaLog.Count durable = engine.catalog().replicas().count(site.name());
    Optional<SiteWatch.Sight> sight = watch.last(site.name());
    SecondaryState state =
        SecondaryState.of(
            schedules.isPaused(ReplicateTask.nameFor(site.name())),
            trouble(ReplicateTask.nameFor(site.name()), sight),
            lag,
            configured.objective(),
            heldBackBy(backlog));
    Optional<Lag.Known> known =
        lag instanceof Lag.Known here ? Optional.of(here) : Optional.empty();
    return new Status.Secondary(
        site.name().value(),
        site.profile().name(),
        Sites.where(site),
        site.bucket(),
        state.name(),
        state.reason(),
        sight.map(SiteWatch.Sight::reachable),
        known.map(Lag.Known::recoveryPoint),
        known.map(here -> here.age().toSeconds()),
        configured.objective().toSeconds(),
        new Status.Amount(backlog.pendingObjects(), backlog.pendingBytes()),
        backlog.givenUp(),
        backlog.held(),
        backlog.missed(),
        backlog.waived(),
        durable.objects(),
        durable.bytes(),
        backlog
            .oldestPending()
            .flatMap(
                at -> backlog.oldestKey().map(key -> new Status.OldestPending(key.value(), at))),
        engine.catalog().segments().chain(site.name()).flatMap(SegmentLog.Chain::stateAt),
        ProofReport.of(engine.catalog(), site.name()),
        engine.locks().of(site.name()).map(lock -> lock(site.name(), lock)));
  }

  private Status.Lock lock(SiteName secondary, ObjectLock lock) {
    return new Status.Lock(
        lock.mode().name().toLowerCase(Locale.ROOT),
        lock.retain().toSeconds(),
        lock.legalHold(),
        engine.catalog().legalHolds().count(secondary),
        engine.catalog().locks().lastRound(secondary).map(LockLog.Round::began));
  }

  private Status.Catalog catalog() {
    SegmentLog segments = engine.catalog().segments();
    Optional<SegmentLog.Digest> digest = segments.digest();
    return new Status.Catalog(
        segments.generation(),
        digest.map(last -> last.sha256().hex()),
        digest.map(SegmentLog.Digest::at));
  }

  /// What a person has to decide before the recovery point can go on.
  private static Optional<String> heldBackBy(ReplicationQueue.Backlog backlog) {
    if (backlog.held() > 0) {
      return Optional.of("%d deletions that are held".formatted(backlog.held()));
    }
    return backlog.givenUp() > 0 ? Optional.of("changes that were given up") : Optional.empty();
  }

  private Status.Primary primary() {
    SiteConfig site = engine.sites().primary();
    Optional<SiteWatch.Sight> sight = watch.last(SiteName.PRIMARY);
    Optional<ScanLog.Scan> scan = engine.catalog().scans().lastComplete();
    VersionLog.Totals totals = engine.catalog().versions().totals();
    return new Status.Primary(
        site.name().value(),
        site.profile().name(),
        Sites.where(site),
        site.bucket(),
        sight
            .flatMap(SiteWatch.Sight::regime)
            .or(() -> scan.map(ScanLog.Scan::regime))
            .map(regime -> regime.name().toLowerCase(Locale.ROOT)),
        sight.map(SiteWatch.Sight::reachable),
        scan.map(last ->
            new Status.LastScan(last.number(), last.startedAt(), last.keys(), last.versions())),
        engine.synchronizer().scanning(),
        events.get(),
        totals.currentObjects(),
        totals.currentBytes(),
        totals.noncurrentObjects(),
        totals.deleteMarkers());
  }

  /// Why replication to a site cannot work at the moment; empty when nothing speaks against it.
  private Optional<String> trouble(String task, Optional<SiteWatch.Sight> sight) {
    Optional<String> unreachable =
        sight
            .flatMap(SiteWatch.Sight::problem)
            .map(problem -> "%s; %s".formatted(problem.getMessage(), Hints.of(problem)));
    return unreachable.or(() ->
        lastEnded(task)
            .filter(run -> run.result() == RunLog.Result.FAILED)
            .map(RunLog.Run::message));
  }

  private Optional<RunLog.Run> lastEnded(String task) {
    return engine.catalog().runs().list(Optional.of(task), Optional.empty(), 3).stream()
        .filter(run ->
            run.result() != RunLog.Result.RUNNING && run.result() != RunLog.Result.INTERRUPTED)
        .findFirst();
  }

  private boolean judge(List<Status.Secondary> secondaries, BrakeView brake, List<String> reasons) {
    watch
        .last(SiteName.PRIMARY)
        .flatMap(SiteWatch.Sight::problem)
        .ifPresent(problem ->
            reasons.add(
                "the primary cannot be used: %s; %s"
                    .formatted(problem.getMessage(), Hints.of(problem))));
    boolean isProtected = reasons.isEmpty();
    if (isProtected) {
      lastEnded(ScanTask.NAME)
          .filter(run -> run.result() == RunLog.Result.FAILED)
          .ifPresent(run -> reasons.add("the last scan failed: " + run.message()));
    }
    if (!scheduled) {
      isProtected = false;
      reasons.addFirst("no daemon is running: nothing is scanned and nothing is copied");
    }
    if (brake.engaged()) {
      isProtected = false;
      brake.reasons().forEach(reason -> reasons.add("the brake is engaged: " + reason.detail()));
    }
    if (schedules.isPaused(ScanTask.NAME)) {
      reasons.add("scanning is paused");
    }
    reasons.addAll(BucketConfigReport.warnings(engine));
    for (Status.Secondary secondary : secondaries) {
      if (!secondary.state().equals(SecondaryState.IN_SYNC)) {
        isProtected = false;
        reasons.add(about(secondary));
      }
      if (secondary.givenUpObjects() > 0) {
        isProtected = false;
        reasons.add(
            "%s: %d changes were given up".formatted(secondary.name(), secondary.givenUpObjects()));
      }
      if (brake.engaged() && secondary.heldObjects() > 0) {
        reasons.add(
            "%s: %d deletions are held; see vistadr held list"
                .formatted(secondary.name(), secondary.heldObjects()));
      }
      long findings = engine.catalog().scrub().open(new SiteName(secondary.name()));
      if (findings > 0) {
        isProtected = false;
        reasons.add(
            "%s: %d copies are not what was written; see vistadr verify findings"
                .formatted(secondary.name(), findings));
      }
      reasons.addAll(ScrubWarnings.of(engine, new SiteName(secondary.name())));
      Optional<Drill> drill = DrillReport.failing(engine, new SiteName(secondary.name()));
      if (drill.isPresent()) {
        isProtected = false;
        reasons.add(
            "%s: the last drill failed: %s; see vistadr drill show %d"
                .formatted(secondary.name(), drill.get().message(), drill.get().id()));
      }
      if (secondary.missedVersions() > 0) {
        reasons.add(
            "%s: %d %s gone at the primary before %s could be copied"
                .formatted(
                    secondary.name(),
                    secondary.missedVersions(),
                    secondary.missedVersions() == 1 ? "version was" : "versions were",
                    secondary.missedVersions() == 1 ? "it" : "they"));
      }
      if (engine.locks().of(new SiteName(secondary.name())).isPresent()) {
        lastEnded(LockTask.nameFor(new SiteName(secondary.name())))
            .filter(run -> run.result() == RunLog.Result.FAILED)
            .ifPresent(run ->
                reasons.add(
                    "%s: locks are not renewed: %s".formatted(secondary.name(), run.message())));
      }
      if (engine.legalHolds().sites().contains(new SiteName(secondary.name()))) {
        lastEnded(LegalHoldTask.nameFor(new SiteName(secondary.name())))
            .filter(run -> run.result() == RunLog.Result.FAILED)
            .ifPresent(run ->
                reasons.add(
                    "%s: what is held has no legal hold there: %s"
                        .formatted(secondary.name(), run.message())));
      }
      if (!secondary.state().equals("failing")) {
        lastEnded(SegmentsTask.nameFor(new SiteName(secondary.name())))
            .filter(run -> run.result() == RunLog.Result.FAILED)
            .ifPresent(run ->
                reasons.add(
                    "%s is not told what the catalog knows: %s"
                        .formatted(secondary.name(), run.message())));
      }
    }
    return isProtected;
  }

  /// The reason, which begins with the secondary's name when it is what a request to it told.
  private static String about(Status.Secondary secondary) {
    return secondary.reason().startsWith(secondary.name() + " ")
        ? secondary.reason()
        : "%s: %s".formatted(secondary.name(), secondary.reason());
  }

  /// The state of a secondary in one word, and why.
  ///
  /// @param name `initial_sync`, `in_sync`, `lagging`, `paused` or `failing`
  /// @param reason one sentence; empty when in sync
  public record SecondaryState(String name, String reason) {

    /// Everything is within the objective.
    public static final String IN_SYNC = "in_sync";

    /// Every state that there is.
    public static final List<String> ALL =
        List.of("initial_sync", IN_SYNC, "lagging", "paused", "failing", "disabled");

    /// Decides: what a person did comes first, then what cannot work, then what is not done yet.
    ///
    /// @param trouble why replication cannot work at the moment
    /// @param heldBackBy what waits for a person's decision
    public static SecondaryState of(
        boolean paused,
        Optional<String> trouble,
        Lag lag,
        Duration objective,
        Optional<String> heldBackBy) {
      if (paused) {
        return new SecondaryState("paused", "replication is paused by a person");
      }
      if (trouble.isPresent()) {
        return new SecondaryState("failing", trouble.get());
      }
      return switch (lag) {
        case Lag.Unknown(String reason) -> new SecondaryState("initial_sync", reason);
        case Lag.Known(_, Duration age) when age.compareTo(objective) > 0 ->
            new SecondaryState(
                "lagging",
                "%s behind, %s are allowed%s"
                    .formatted(
                        Quantities.words(Duration.ofSeconds(age.toSeconds())),
                        Quantities.words(objective),
                        heldBackBy.map(what -> ", held back by " + what).orElse("")));
        case Lag.Known _ -> new SecondaryState(IN_SYNC, "");
      };
    }
  }
}
