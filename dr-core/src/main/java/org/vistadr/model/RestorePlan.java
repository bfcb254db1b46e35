package org.vistadr.model;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The frozen decision what to do to reach a view. Its items are read a page at a time.
///
/// @param id `p-...`
/// @param state ready, applied or expired
/// @param createdAt when it was made
/// @param expiresAt when it can no longer be applied
/// @param bucket the bucket that is written to
/// @param request what was asked
/// @param moment what the time resolved to
/// @param counts objects and bytes per action; every action is there
/// @param newerAtRisk objects whose current content is newer than the moment and would be replaced
///   or deleted
/// @param confirm what applying asks for
/// @param oldestDeletion of an undelete: when the first of the objects was deleted that come back
public record RestorePlan(
    String id,
    State state,
    Instant createdAt,
    Instant expiresAt,
    String bucket,
    Request request,
    Moment moment,
    Map<RestoreAction, Amount> counts,
    long newerAtRisk,
    Confirm confirm,
    Optional<Instant> oldestDeletion) {

  /// Copies the counts and fills in zeros.
  public RestorePlan {
    var all = new EnumMap<RestoreAction, Amount>(RestoreAction.class);
    for (var action : RestoreAction.values()) {
      all.put(action, counts.getOrDefault(action, Amount.ZERO));
    }
    counts = java.util.Collections.unmodifiableMap(all);
  }

  /// The same plan with what applying it asks for.
  public RestorePlan withConfirm(Confirm asked) {
    return new RestorePlan(
        id,
        state,
        createdAt,
        expiresAt,
        bucket,
        request,
        moment,
        counts,
        newerAtRisk,
        asked,
        oldestDeletion);
  }

  /// The same plan in another state.
  public RestorePlan withState(State newState) {
    return new RestorePlan(
        id,
        newState,
        createdAt,
        expiresAt,
        bucket,
        request,
        moment,
        counts,
        newerAtRisk,
        confirm,
        oldestDeletion);
  }

  /// What was asked.
  ///
  /// @param goal what is to be reached
  /// @param scope which keys
  /// @param globs which of these
  /// @param from the only site that bytes may come from; empty is the cheapest healthy one
  /// @param target where is written
  /// @param rules what may be done, and what is done in doubt
  /// @param manner order, pace, thaw
  public record Request(
      RestoreGoal goal,
      RestoreScope scope,
      KeyGlobs globs,
      Optional<SiteName> from,
      RestoreTarget target,
      RestoreRules rules,
      RestoreManner manner) {

    /// Everything else as it is by default.
    public static Request of(RestoreGoal goal, RestoreScope scope) {
      return new Request(
          goal,
          scope,
          KeyGlobs.ANY,
          Optional.empty(),
          RestoreTarget.IN_PLACE,
          RestoreRules.DEFAULT,
          RestoreManner.DEFAULT);
    }

    /// The moment that was asked for.
    public Optional<Instant> at() {
      return goal.at();
    }

    /// Whether only delete markers are removed.
    public boolean undelete() {
      return switch (goal) {
        case RestoreGoal.Undelete _ -> true;
        case RestoreGoal.AsOf _, RestoreGoal.Undo _ -> false;
      };
    }

    /// The restore that is undone.
    public Optional<String> undoes() {
      return switch (goal) {
        case RestoreGoal.Undo(var restoreId) -> Optional.of(restoreId);
        case RestoreGoal.AsOf _, RestoreGoal.Undelete _ -> Optional.empty();
      };
    }

    /// Whether a key is asked for.
    public boolean asksFor(ObjectKey key) {
      return scope.contains(key) && globs.accepts(key);
    }

    /// The same from one site only.
    public Request withFrom(SiteName site) {
      return new Request(goal, scope, globs, Optional.of(site), target, rules, manner);
    }

    /// The same to another target.
    public Request withTarget(RestoreTarget other) {
      return new Request(goal, scope, globs, from, other, rules, manner);
    }

    /// The same under other rules.
    public Request withRules(RestoreRules other) {
      return new Request(goal, scope, globs, from, target, other, manner);
    }

    /// The same in another manner.
    public Request withManner(RestoreManner other) {
      return new Request(goal, scope, globs, from, target, rules, other);
    }
  }

  /// What a time resolved to.
  ///
  /// @param at the moment
  /// @param basis how the view is known
  /// @param basisAt start of the scan that is shown, when the basis is scans
  /// @param complete whether the catalog saw the bucket at that moment itself; false for versions
  ///   older than the first scan, where what the primary had purged by then is missing
  public record Moment(Instant at, Basis basis, Optional<Instant> basisAt, boolean complete) {
    /// The moment that the view is read at.
    public Instant viewedAt() {
      return basisAt.orElse(at);
    }
  }

  /// Objects and bytes.
  public record Amount(long objects, long bytes) {
    /// Nothing.
    public static final Amount ZERO = new Amount(0, 0);

    /// The sum.
    public Amount plus(long moreObjects, long moreBytes) {
      return new Amount(objects + moreObjects, bytes + moreBytes);
    }
  }

  /// Objects and bytes of one action.
  public Amount count(RestoreAction action) {
    return counts.getOrDefault(action, Amount.ZERO);
  }

  /// Objects and bytes that applying the plan writes or deletes.
  public Amount work() {
    var sum = Amount.ZERO;
    for (var count : counts.entrySet()) {
      if (count.getKey().writes()) {
        sum = sum.plus(count.getValue().objects(), count.getValue().bytes());
      }
    }
    return sum;
  }

  /// How a plan stands.
  public enum State {
    /// Can be applied.
    READY,
    /// Was applied; a plan is for one use.
    APPLIED,
    /// Its time is over.
    EXPIRED;

    /// The name in answers and output.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How the view at a moment is known.
  public enum Basis {
    /// From the primary's versions: exact to their times.
    VERSIONS,
    /// From completed scans of a primary that keeps no versions: exact at their starts.
    SCANS;

    /// The name in answers and output.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What applying a plan asks for.
  public enum Confirm {
    /// Nothing: the plan only adds, and little.
    NONE,
    /// A yes.
    YES,
    /// The name of the bucket.
    BUCKET;

    /// The name in answers and output.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
