package org.vistadr.restore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.restore.plan.Ids;
import org.vistadr.restore.plan.Outlook;
import org.vistadr.restore.plan.Planner;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.restore.plan.Revalidation;
import org.vistadr.restore.plan.UndoRule;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.run.Equipment;
import org.vistadr.restore.run.Pace;
import org.vistadr.restore.run.RestoreControl;
import org.vistadr.restore.run.RestoreRun;
import org.vistadr.restore.run.Runs;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.target.RestoreLine;
import org.vistadr.restore.target.RestorePlaces;
import org.vistadr.restore.target.Targets;
import org.vistadr.restore.view.AsOf;
import org.vistadr.restore.view.Contents;
import org.vistadr.restore.view.Moments;
import org.vistadr.restore.view.Refresh;
import org.vistadr.restore.view.View;
import org.vistadr.restore.view.Views;
import org.vistadr.storage.StorageException;

/// Brings objects of the primary back as of a moment: plan, apply, follow.
///
/// A plan is stored before it is shown and a restore before it begins; both survive the process.
/// Nothing is destroyed: a bucket with versions gets new versions and delete markers, in a bucket
/// without versions what is replaced is proved to be at a secondary, or copied aside first. Safe
/// for use by many threads.
public final class Restores implements AutoCloseable {

  /// More restores than this wait for their turn.
  private static final int AT_ONCE = 4;

  private final Catalog catalog;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Targets targets;
  private final Planner planner;
  private final UndoRule undoRule;
  private final Views views;
  private final Outlook outlook;
  private final Equipment equipment;
  private final Semaphore turn = new Semaphore(AT_ONCE, true);
  private final Runs runs;
  private final RestoreControl control;
  private final Revalidation revalidation;

  /// Nothing runs until [#resumeInterrupted] or [#apply].
  ///
  /// @param places where is read and written
  /// @param clock the daemon's clock
  /// @param random ids of plans, jitter of retries
  /// @param refresh brings the catalog up to date for moments after the last scan
  public Restores(
      Catalog catalog,
      RestorePlaces places,
      RestoreSettings settings,
      InstantSource clock,
      RandomGenerator random,
      Refresh refresh) {
    this.catalog = catalog;
    this.clock = clock;
    this.random = random;
    Sources sources = new Sources(catalog, places.primary(), places.secondaries());
    this.targets = new Targets(catalog, places, sources, settings.transferLimits());
    Moments moments = new Moments(catalog, clock, refresh, places.primary().site());
    this.planner = new Planner(catalog, targets, sources, moments, settings, clock, random);
    this.undoRule = new UndoRule(catalog);
    this.views = new Views(catalog, moments, new Contents(catalog, sources, moments));
    this.outlook = new Outlook(catalog, places.primary(), places.secondaries(), settings.prices());
    this.equipment = new Equipment(catalog, targets, sources, moments, settings, clock);
    this.runs = new Runs(this::run);
    this.control = new RestoreControl(catalog, places.primary().bucket(), runs, clock);
    this.revalidation = new Revalidation(catalog, targets, settings.parallelism());
  }

  private RestoreRun run(Restore restore) {
    return new RestoreRun(equipment, random, turn, restore);
  }

  /// Decides what to do, key by key, against the primary's state now, and stores it. Blocks while
  /// it lists; constant memory.
  ///
  /// @throws RestoreRefusedException when the moment cannot be restored or nothing is there
  /// @throws StorageException when the primary could not be read
  public RestorePlan plan(RestorePlan.Request request)
      throws RestoreRefusedException, StorageException {
    return planner.plan(request);
  }

  /// Decides how to undo what a restore did: a plan of its own, in the order of that restore. What
  /// changed since is left alone. Blocks while it looks; constant memory.
  ///
  /// @throws RestoreRefusedException when the restore is unknown, not over, undone already, or
  ///   wrote nothing that can be undone
  /// @throws StorageException when the bucket could not be read
  public RestorePlan planUndo(String restoreId) throws RestoreRefusedException, StorageException {
    var undone = undoRule.require(restoreId);
    return planner.plan(
        RestorePlan.Request.of(new RestoreGoal.Undo(restoreId), RestoreScope.ALL)
            .withTarget(undone.request().target()));
  }

  /// What is told of a restore afterwards; final once it is over. Reads all of its items, constant
  /// memory.
  public Optional<RestoreReport> report(String restoreId) {
    return RestoreReport.of(catalog, restoreId);
  }

  /// Records who asked for a restore, for its report.
  ///
  /// @param who a role
  public void askedBy(String restoreId, String who) {
    catalog.reports().askedBy(restoreId, who);
  }

  /// A plan, with its state now.
  public Optional<RestorePlan> findPlan(String planId) {
    return catalog
        .restores()
        .findPlan(planId)
        .map(plan ->
            plan.state() == RestorePlan.State.READY && isExpired(plan)
                ? plan.withState(RestorePlan.State.EXPIRED)
                : plan);
  }

  /// Items of a plan in key order. Keys that are unchanged are counted in the plan and listed only
  /// where the scope is a list of keys.
  ///
  /// @param action only these
  /// @param afterSeq only items behind this one, 0 for the first page
  public List<RestoreItem> planItems(
      String planId, Optional<RestoreAction> action, long afterSeq, int limit) {
    return catalog.restores().planItems(planId, action, afterSeq, limit);
  }

  /// What plans will take, and what they leave out.
  public Outlook outlook() {
    return outlook;
  }

  /// How many keys of a plan may have held something else at its moment.
  public long ambiguous(String planId) {
    return catalog.restores().ambiguous(planId);
  }

  /// Items of a plan that may have held something else at its moment, in key order.
  ///
  /// @param afterSeq only items behind this one, 0 for the first page
  public List<RestoreItem> ambiguousItems(String planId, long afterSeq, int limit) {
    return catalog.restores().ambiguousItems(planId, afterSeq, limit);
  }

  /// Applies a plan in the background, when the bucket is still as the plan saw it. The restore is
  /// on disk when this returns.
  ///
  /// @param confirm `yes`, or the name of the bucket or directory (which is a yes, too)
  /// @throws RestoreRefusedException when the plan is unknown, expired, used or not confirmed, or
  ///   the bucket changed since it was made
  /// @throws StorageException when the primary could not be looked at
  public Restore apply(String planId, Optional<String> confirm)
      throws RestoreRefusedException, StorageException {
    var plan =
        catalog
            .restores()
            .findPlan(planId)
            .orElseThrow(() -> refused(Code.NOT_FOUND, "there is no plan " + planId));
    if (plan.state() == RestorePlan.State.APPLIED) {
      throw used(planId);
    }
    if (isExpired(plan)) {
      throw new RestoreRefusedException(
          Code.PLAN_EXPIRED,
          "plan %s expired at %s".formatted(planId, plan.expiresAt()),
          "make a new plan: the bucket may have changed",
          Map.of(),
          List.of(RestoreLine.of(plan)));
    }
    requireConfirmation(plan, confirm);
    if (plan.request().goal() instanceof RestoreGoal.Undo(var undone)) {
      undoRule.require(undone);
    }
    requireNoDrift(plan);
    var restore = catalog.restores().apply(planId, Ids.next("r-", 6, random), clock.instant());
    if (restore.isEmpty()) {
      throw used(planId);
    }
    runs.start(restore.get());
    return restore.get();
  }

  /// A restore.
  public Optional<Restore> find(String restoreId) {
    return catalog.restores().find(restoreId);
  }

  /// Restores, newest first.
  ///
  /// @param before only those that were asked for before this one
  public List<Restore> list(int limit, Optional<String> before) {
    return catalog.restores().list(limit, before);
  }

  /// Items of a restore in key order, as [#planItems]; with a state only those that the plan writes
  /// or could not write.
  public List<RestoreItem> items(
      String restoreId, Optional<RestoreItem.State> state, long afterSeq, int limit) {
    return find(restoreId)
        .map(restore ->
            state
                .map(only -> catalog.restores().itemsIn(restore.planId(), only, afterSeq, limit))
                .orElseGet(() -> planItems(restore.planId(), Optional.empty(), afterSeq, limit)))
        .orElse(List.of());
  }

  /// Speed and time left; empty when the restore does not run.
  public Optional<Pace> pace(String restoreId) {
    return runs.pace(restoreId);
  }

  /// Pausing, resuming, cancelling, trying again.
  public RestoreControl control() {
    return control;
  }

  /// What else is to be known of a restore, one line each.
  public List<String> notes(Restore restore) {
    long done = restore.count(RestoreItem.State.DONE);
    return targets
        .profile(restore.request().target())
        .filter(profile -> done > 0 && !profile.conditionalPut())
        .map(profile ->
            "%d writes were checked before, not atomically: %s has no conditional writes"
                .formatted(done, profile.name()))
        .stream()
        .toList();
  }

  /// Restores that are not over, that nobody paused and that nobody carries out, oldest first.
  public List<Restore> interrupted() {
    return catalog.restores().unfinished().stream()
        .filter(restore -> restore.state() != Restore.State.PAUSED)
        .filter(restore -> !runs.carriesOut(restore.id()))
        .toList();
  }

  /// Waits until a restore is over, at most so long, and tells how it stands.
  ///
  /// @return empty for an unknown restore
  public Optional<Restore> await(String restoreId, Duration atMost) throws InterruptedException {
    runs.await(restoreId, atMost);
    return find(restoreId);
  }

  /// What the bucket held at moments.
  public Views views() {
    return views;
  }

  /// What the bucket held at a moment, see [Views#view].
  ///
  /// @param at the moment; empty is what the catalog knows now
  public View view(String prefix, Optional<Instant> at, Optional<ObjectKey> after, boolean deleted)
      throws RestoreRefusedException {
    return views.view(prefix, new AsOf(at, false), after, deleted);
  }

  /// Goes on with restores that the last process did not end; paused ones stay paused. Called once
  /// at start.
  ///
  /// @return how many
  public int resumeInterrupted() {
    catalog.restores().forgetPlans(clock.instant());
    var going = interrupted();
    going.forEach(runs::start);
    return going.size();
  }

  /// Takes up no new items, waits for those in flight and records them. Restores that are not over
  /// go on after the next start.
  @Override
  public void close() {
    runs.close();
  }

  private boolean isExpired(RestorePlan plan) {
    return clock.instant().isAfter(plan.expiresAt());
  }

  private void requireConfirmation(RestorePlan plan, Optional<String> confirm)
      throws RestoreRefusedException {
    boolean named = confirm.filter(plan.bucket()::equals).isPresent();
    boolean agreed = named || confirm.filter("yes"::equals).isPresent();
    boolean enough =
        switch (plan.confirm()) {
          case NONE -> true;
          case YES -> agreed;
          case BUCKET -> named;
        };
    if (!enough) {
      throw new RestoreRefusedException(
          Code.CONFIRMATION_REQUIRED,
          "plan %s changes %d objects in %s and is not confirmed"
              .formatted(plan.id(), plan.work().objects(), plan.bucket()),
          switch (plan.confirm()) {
            case NONE, YES -> "confirm with 'yes'";
            case BUCKET ->
                "confirm with the %s, '%s'".formatted(nameOf(plan.request()), plan.bucket());
          },
          Map.of("confirm", plan.confirm().text(), "bucket", plan.bucket()));
    }
  }

  /// What a person types.
  private static String nameOf(RestorePlan.Request request) {
    return switch (request.target()) {
      case RestoreTarget.InPlace _, RestoreTarget.Bucket _ -> "bucket's name";
      case RestoreTarget.Directory _ -> "directory";
    };
  }

  private void requireNoDrift(RestorePlan plan) throws RestoreRefusedException, StorageException {
    var drift = revalidation.look(plan);
    if (drift.forbids()) {
      throw new RestoreRefusedException(
          Code.PLAN_CHANGED,
          drift.words(),
          "look at what happened there, then make a new plan; nothing was changed",
          Map.of(
              "changed", String.valueOf(drift.changed()),
              "checked", String.valueOf(drift.checked()),
              "overwrites", String.valueOf(drift.overwrites()),
              "keys", String.join("\n", drift.keys().stream().map(ObjectKey::value).toList())),
          List.of(RestoreLine.of(plan)));
    }
  }

  private RestoreRefusedException used(String planId) {
    var restoreId = catalog.restores().findByPlan(planId).map(Restore::id).orElse("");
    return new RestoreRefusedException(
        Code.PLAN_USED,
        "plan %s was applied already".formatted(planId),
        "a plan is applied once; see how it went, or make a new plan",
        Map.of("restore", restoreId),
        List.of("vistadr restore show " + restoreId));
  }

  private static RestoreRefusedException refused(Code code, String message) {
    return new RestoreRefusedException(
        code, message, "see what there is: vistadr restore list", Map.of());
  }
}
