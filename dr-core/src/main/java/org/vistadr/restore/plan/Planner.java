package org.vistadr.restore.plan;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.HistoryCursor;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePlan.Basis;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.StateAt;
import org.vistadr.model.ViewAt;
import org.vistadr.restore.refusal.DoubtWords;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.target.BucketTarget;
import org.vistadr.restore.target.DirectoryTarget;
import org.vistadr.restore.target.Target;
import org.vistadr.restore.target.TargetRule;
import org.vistadr.restore.target.Targets;
import org.vistadr.restore.view.KeyStates;
import org.vistadr.restore.view.Moments;
import org.vistadr.restore.view.NothingFound;
import org.vistadr.storage.StorageException;

/// Makes a plan: reads the catalog and the target side by side in key order and stores what
/// [ItemPlan] decides, a batch at a time. Constant memory. Safe for use by many threads.
public final class Planner {

  private static final int BATCH = 1000;
  private static final int ID_LETTERS = 6;

  private final Catalog catalog;
  private final Targets targets;
  private final Sources sources;
  private final Moments moments;
  private final RestoreSettings settings;
  private final InstantSource clock;
  private final RandomGenerator random;

  public Planner(
      Catalog catalog,
      Targets targets,
      Sources sources,
      Moments moments,
      RestoreSettings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.catalog = catalog;
    this.targets = targets;
    this.sources = sources;
    this.moments = moments;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  public RestorePlan plan(RestorePlan.Request request)
      throws RestoreRefusedException, StorageException {
    var unknown = request.from().filter(site -> !sources.knows(site));
    if (unknown.isPresent()) {
      throw new RestoreRefusedException(
          Code.NO_SOURCE,
          "there is no site '%s' to restore from".formatted(unknown.get()),
          "name the primary or a secondary of the configuration, or leave it open",
          Map.of());
    }
    TargetRule.check(request);
    return switch (request.goal()) {
      case RestoreGoal.AsOf _, RestoreGoal.Undelete _ -> {
        // A target that cannot be is told before the work of bringing the catalog up to date.
        var target = targets.open(request);
        var moment = moments.forPlan(request);
        yield make(request, moment, target, Making::scope);
      }
      case RestoreGoal.Undo(var restoreId) ->
          undo(request, new UndoRule(catalog).require(restoreId));
    };
  }

  /// The state right before the undone restore is what an undo reaches.
  private RestorePlan undo(RestorePlan.Request request, Restore undone)
      throws RestoreRefusedException, StorageException {
    var before = new RestorePlan.Moment(undone.createdAt(), Basis.VERSIONS, Optional.empty(), true);
    return switch (targets.open(request)) {
      case BucketTarget bucket -> {
        var items = new UndoItems(catalog, sources, bucket, targets.primaryRegime(request), undone);
        yield make(request, before, bucket, making -> making.undo(items));
      }
      case DirectoryTarget directory ->
          throw new IllegalArgumentException("no undo of files below " + directory.name());
    };
  }

  /// How the items of a plan are found.
  @FunctionalInterface
  private interface Finding {
    void addTo(Making making) throws StorageException;
  }

  private RestorePlan make(
      RestorePlan.Request request, RestorePlan.Moment moment, Target target, Finding finding)
      throws RestoreRefusedException, StorageException {
    var primary = targets.primaryRegime(request);
    var draft = begin(request, moment, target);
    boolean finished = false;
    try {
      var making = new Making(draft, target, primary);
      finding.addTo(making);
      var plan = making.finish();
      finished = true;
      return plan;
    } finally {
      if (!finished) {
        catalog.restores().discardPlan(draft.id());
      }
    }
  }

  private RestorePlan begin(RestorePlan.Request request, RestorePlan.Moment moment, Target target) {
    var now = clock.instant();
    while (true) {
      var draft =
          new RestorePlan(
              Ids.next("p-", ID_LETTERS, random),
              RestorePlan.State.READY,
              now,
              now.plus(settings.planValidity()),
              target.name(),
              named(request, target),
              moment,
              Map.of(),
              0,
              RestorePlan.Confirm.BUCKET,
              Optional.empty());
      if (catalog.restores().beginPlan(draft)) {
        return draft;
      }
    }
  }

  /// With the bucket that the target's site names now, so that the plan tells it and keeps to it.
  private static RestorePlan.Request named(RestorePlan.Request request, Target target) {
    return switch (request.target()) {
      case RestoreTarget.Bucket(var site, var bucket, var prefix) ->
          request.withTarget(
              new RestoreTarget.Bucket(site, bucket.or(() -> Optional.of(target.name())), prefix));
      case RestoreTarget.InPlace _, RestoreTarget.Directory _ -> request;
    };
  }

  /// One plan while it is made.
  private final class Making {

    private final RestorePlan draft;
    private final RestorePlan.Request request;
    private final Target target;
    private final Map<RestoreAction, Amount> counts = new EnumMap<>(RestoreAction.class);
    private final List<RestoreItem> batch = new ArrayList<>();
    private final KeyStates states;
    private final List<Long> ambiguous = new ArrayList<>();
    private final List<String> ambiguousKeys = new ArrayList<>();
    private final List<Long> newer = new ArrayList<>();
    private final Supply supply;
    private long lastSeq;
    private long found;
    private long newerAtRisk;
    private Optional<Instant> oldestDeletion = Optional.empty();

    Making(RestorePlan draft, Target target, Optional<Regime> primary) {
      this.draft = draft;
      this.request = draft.request();
      this.target = target;
      this.states = new KeyStates(catalog, draft.moment(), false);
      this.supply = new Supply(sources, request, primary, target);
    }

    void scope() throws StorageException {
      switch (request.scope()) {
        case RestoreScope.All() -> prefix("");
        case RestoreScope.Parts parts -> parts(parts);
      }
    }

    /// What is as it was before is counted and not stored.
    void undo(UndoItems items) throws StorageException {
      for (var item = items.next(); item.isPresent(); item = items.next()) {
        found++;
        supply.next();
        var counted = supply.count(item.get());
        store(counted.withTurn(turn(counted, Optional.empty())), false);
      }
    }

    /// Keys and prefixes in one order, so that items are in the order of their keys.
    private void parts(RestoreScope.Parts parts) throws StorageException {
      var prefixes = new ArrayDeque<>(parts.prefixes());
      var keys = new ArrayList<ObjectKey>();
      for (var key : parts.keys()) {
        while (!prefixes.isEmpty() && ObjectKey.compareUtf8(prefixes.getFirst(), key.value()) < 0) {
          keys(keys);
          prefix(prefixes.removeFirst());
        }
        if (!key.isReserved() && request.globs().accepts(key)) {
          keys.add(key);
        }
        if (keys.size() >= BATCH) {
          keys(keys);
        }
      }
      keys(keys);
      while (!prefixes.isEmpty()) {
        prefix(prefixes.removeFirst());
      }
    }

    /// Decides on these keys, in their order, and forgets them.
    private void keys(List<ObjectKey> keys) throws StorageException {
      for (var looked : Target.lookAll(keys, target::look, settings.parallelism())) {
        var history = catalog.versions().history(looked.key());
        var state = state(history.newestFirst());
        var item = decide(history, looked, state.content());
        add(item.orElseGet(() -> notThere(looked)), looked, state, true);
      }
      keys.clear();
    }

    private void prefix(String prefix) throws StorageException {
      HistoryCursor histories = catalog.versions().histories(prefix, Optional.empty());
      var present = target.below(prefix);
      while (true) {
        var recorded = histories.peekKey();
        var listed = present.peekKey();
        if (recorded.isEmpty() && listed.isEmpty()) {
          return;
        }
        var key = earlier(recorded, listed);
        var history =
            recorded.filter(key::equals).isPresent()
                ? histories.next().orElseThrow()
                : new KeyHistory(key, List.of());
        boolean skipped = key.isReserved() || !request.globs().accepts(key);
        if (skipped && listed.filter(key::equals).isEmpty()) {
          continue;
        }
        var looked = present.take(key);
        if (skipped) {
          continue;
        }
        var state = state(history.newestFirst());
        var item =
            decide(history, looked, state.content())
                .or(() -> state.ambiguity().map(_ -> leftAlone(looked)));
        if (item.isPresent()) {
          add(item.get(), looked, state, false);
        }
      }
    }

    private Optional<RestoreItem> decide(
        KeyHistory history, Looked looked, Optional<RecordedVersion> wanted)
        throws StorageException {
      supply.next();
      if (wanted.isPresent()) {
        found++;
      }
      boolean same =
          wanted.isPresent()
              && target.shows(looked.current(), wanted.get())
              && hasAttributesOf(wanted.get(), history, looked);
      boolean needsBytes = !same || request.rules().overwrite() == Overwrite.ALWAYS;
      var lost =
          wanted.filter(_ -> needsBytes).flatMap(version -> whyNot(version, history.key(), same));
      boolean mayDelete = wanted.isEmpty() && request.rules().deleteExtra();
      if (request.undelete() && wanted.isEmpty()) {
        return bornAndDeletedLater(history, looked);
      }
      var item =
          new ItemPlan(
                  request,
                  wanted,
                  !history.newestFirst().isEmpty(),
                  looked,
                  same,
                  lost,
                  !mayDelete || sources.survivesDeletion(looked, target.regimeOf(looked.key())))
              .decide()
              .map(planned -> planned.withTurn(turn(planned, wanted)));
      if (request.undelete()
          && item.filter(planned -> planned.action() == RestoreAction.BRING_BACK).isPresent()) {
        var deletedAt = Deletions.deletedAt(history.newestFirst(), wanted.orElseThrow(), looked);
        oldestDeletion =
            Stream.concat(oldestDeletion.stream(), deletedAt.stream()).min(Instant::compareTo);
      }
      return item;
    }

    /// Not what was asked for, and too near to it to say nothing.
    private Optional<RestoreItem> bornAndDeletedLater(KeyHistory history, Looked looked) {
      return Deletions.bornAndDeletedAfter(history.newestFirst(), looked, draft.moment().viewedAt())
          ? Optional.of(
              ItemPlan.untouched(
                  looked,
                  RestoreAction.LEFT_ALONE,
                  "made and deleted after that moment: name the key, or no moment"))
          : Optional.empty();
    }

    private long turn(RestoreItem item, Optional<RecordedVersion> wanted) {
      return item.action().writes()
          ? Turns.of(request.manner(), item.key(), wanted.map(RecordedVersion::lastModified))
          : Turns.NONE;
    }

    /// An undelete is after the bytes alone, and what another target has is not compared.
    private boolean hasAttributesOf(RecordedVersion version, KeyHistory history, Looked looked)
        throws StorageException {
      return request.undelete()
          || !(target instanceof BucketTarget bucket && bucket.inPlace())
          || new Attributes(catalog, bucket.store(), sources).areThose(history, looked, version);
    }

    /// Why a version cannot be written to the target.
    private Optional<String> whyNot(RecordedVersion version, ObjectKey key, boolean same) {
      try {
        target.place(key);
      } catch (StorageException.Rejected e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
      boolean overwritten =
          request.target().inPlace() && target.regime() == Regime.UNVERSIONED && !same;
      return supply.choose(version, overwritten);
    }

    /// An undelete since a moment takes what had content then, and brings the newest content back.
    private StateAt state(List<RecordedVersion> newestFirst) {
      if (!request.undelete()) {
        return states.of(newestFirst);
      }
      boolean wasThere = request.at().isEmpty() || states.of(newestFirst).content().isPresent();
      return new StateAt.Certain(wasThere ? ViewAt.newestContent(newestFirst) : Optional.empty());
    }

    private RestoreItem notThere(Looked looked) {
      boolean absentNow = looked.current() instanceof CurrentState.Absent;
      return ItemPlan.untouched(
          looked,
          absentNow ? RestoreAction.CANNOT : RestoreAction.LEFT_ALONE,
          request.undelete() && request.at().isEmpty()
              ? "never had content"
              : "was not there at that moment");
    }

    private RestoreItem leftAlone(Looked looked) {
      return ItemPlan.untouched(looked, RestoreAction.LEFT_ALONE, "was not there at that moment");
    }

    /// Unchanged keys are counted; of a whole prefix they are not stored, since they are many,
    /// unless they are ambiguous.
    private void add(RestoreItem decided, Looked looked, StateAt state, boolean always)
        throws StorageException {
      var doubt = state.ambiguity();
      var counted = supply.count(decided);
      var item =
          doubt.map(other -> counted.withReason(DoubtWords.of(counted, other))).orElse(counted);
      if (ItemPlan.newerAtRisk(item, looked, draft.moment().at())) {
        newerAtRisk++;
        newer.add(lastSeq + 1);
      }
      if (doubt.isPresent()) {
        ambiguous.add(lastSeq + 1);
        if (ambiguousKeys.size() < DoubtWords.KEYS_NAMED) {
          ambiguousKeys.add(item.key().value());
        }
      }
      store(item, always || doubt.isPresent());
    }

    private void store(RestoreItem item, boolean always) throws StorageException {
      counts.merge(
          item.action(), new Amount(1, item.size()), (a, b) -> a.plus(b.objects(), b.bytes()));
      if (item.action() == RestoreAction.UNCHANGED && !always) {
        return;
      }
      lastSeq++;
      batch.add(placed(item).at(lastSeq));
      if (batch.size() >= BATCH) {
        flush();
      }
    }

    private RestoreItem placed(RestoreItem item) throws StorageException {
      return item.action().writes()
          ? target.place(item.key()).map(item::withPlace).orElse(item)
          : item;
    }

    private void flush() {
      if (!batch.isEmpty()) {
        catalog
            .restores()
            .addItems(draft.id(), List.copyOf(batch), List.copyOf(ambiguous), List.copyOf(newer));
        batch.clear();
        newer.clear();
        ambiguous.clear();
      }
    }

    RestorePlan finish() throws RestoreRefusedException {
      if (request.rules().strict() && !ambiguousKeys.isEmpty()) {
        throw DoubtWords.refusal(ambiguousKeys);
      }
      if (found == 0 && ambiguousKeys.isEmpty()) {
        throw NothingFound.refusal(catalog, request.scope(), draft.moment().at(), states);
      }
      flush();
      supply.keep(catalog.planSums(), draft.id());
      var counted =
          new RestorePlan(
              draft.id(),
              draft.state(),
              draft.createdAt(),
              draft.expiresAt(),
              draft.bucket(),
              request,
              draft.moment(),
              counts,
              newerAtRisk,
              draft.confirm(),
              oldestDeletion);
      var plan =
          counted.withConfirm(ConfirmRule.of(counted, target.regime(), settings.confirmAbove()));
      target.requireRoom(plan.work());
      catalog.restores().finishPlan(plan);
      return plan;
    }
  }

  private static ObjectKey earlier(Optional<ObjectKey> left, Optional<ObjectKey> right) {
    if (left.isEmpty() || right.isEmpty()) {
      return left.or(() -> right).orElseThrow();
    }
    return left.get().compareTo(right.get()) <= 0 ? left.get() : right.get();
  }
}
