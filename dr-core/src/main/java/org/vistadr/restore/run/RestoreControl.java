package org.vistadr.restore.run;

import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;

/// What people do with a restore that exists: pause, resume, slow down, cancel, try again. What a
/// method returned from holds across restarts and crashes. Safe for use by many threads.
public final class RestoreControl {

  private static final Set<Restore.State> GOING =
      EnumSet.of(Restore.State.QUEUED, Restore.State.THAWING, Restore.State.RUNNING);

  private final Catalog catalog;
  private final String bucket;
  private final Runs runs;
  private final InstantSource clock;

  public RestoreControl(Catalog catalog, String bucket, Runs runs, InstantSource clock) {
    this.catalog = catalog;
    this.bucket = bucket;
    this.runs = runs;
    this.clock = clock;
  }

  /// Stops a restore for good: items in flight are ended and recorded, the others stay pending.
  ///
  /// @throws RestoreRefusedException when it is unknown or over
  public Restore cancel(String restoreId) throws RestoreRefusedException {
    known(restoreId);
    if (!catalog
        .restores()
        .move(
            restoreId,
            Restore.State.CANCELLED,
            Optional.of(clock.instant()),
            "cancelled; what was written stays")) {
      throw wrongState(restoreId, "what is over cannot be cancelled");
    }
    runs.stop(restoreId);
    return known(restoreId);
  }

  /// Stops a restore for a while, also across restarts: items in flight are ended and recorded.
  ///
  /// @throws RestoreRefusedException when it is unknown, over or paused
  public Restore pause(String restoreId) throws RestoreRefusedException {
    known(restoreId);
    if (!catalog.course().move(restoreId, GOING, Restore.State.PAUSED)) {
      throw wrongState(restoreId, "only a restore that waits or runs can be paused");
    }
    runs.stop(restoreId);
    return known(restoreId);
  }

  /// Whether a restore goes on only when it is resumed: a person paused it, or the process that
  /// carried it out is gone and nobody took it up.
  public boolean waits(Restore restore) {
    return restore.state() == Restore.State.PAUSED
        || (GOING.contains(restore.state()) && !runs.carriesOut(restore.id()));
  }

  /// Goes on with a restore that [#waits] where it was.
  ///
  /// @throws RestoreRefusedException when it is unknown or does not wait
  public Restore resume(String restoreId) throws RestoreRefusedException {
    var before = known(restoreId);
    if (waits(before) && before.state() != Restore.State.PAUSED) {
      runs.start(before);
      return before;
    }
    if (!catalog.course().move(restoreId, EnumSet.of(Restore.State.PAUSED), Restore.State.QUEUED)) {
      throw wrongState(
          restoreId, "only a paused restore is resumed; name a bandwidth to change it meanwhile");
    }
    var restore = known(restoreId);
    runs.start(restore);
    return restore;
  }

  /// Changes the most bytes that a restore writes in a second, at once and for good. Copies that
  /// the primary makes within itself are not held.
  ///
  /// @param bytesPerSecond empty is no limit
  /// @throws RestoreRefusedException when it is unknown or over
  public Restore limit(String restoreId, OptionalLong bytesPerSecond)
      throws RestoreRefusedException {
    if (known(restoreId).state().ended()) {
      throw wrongState(restoreId, "its bandwidth no longer matters");
    }
    catalog.course().limit(restoreId, bytesPerSecond);
    runs.limit(restoreId, bytesPerSecond);
    return known(restoreId);
  }

  /// Takes an ended restore up again: what failed is tried as planned, what was not tried too, and
  /// what was skipped because it had changed is looked at anew and written over, where asked for.
  ///
  /// @param skippedToo whether skipped items are written, too
  /// @param confirm as of the plan; needed for skipped items
  /// @throws RestoreRefusedException when it is unknown, did not end partial or failed, or nothing
  ///   is left that could be tried
  public Restore retry(String restoreId, boolean skippedToo, Optional<String> confirm)
      throws RestoreRefusedException {
    var restore = known(restoreId);
    if (skippedToo && restore.count(RestoreItem.State.SKIPPED) > 0) {
      requireConsent(restore, confirm);
    }
    var again = catalog.course().again(restoreId, skippedToo);
    if (again.isEmpty()) {
      throw wrongState(restoreId, "only a partial or failed restore can be tried again");
    }
    if (again.getAsLong() == 0) {
      throw wrongState(
          restoreId,
          "nothing is left that could be tried again: %d objects were skipped, %d cannot be restored"
              .formatted(
                  restore.count(RestoreItem.State.SKIPPED),
                  restore.count(RestoreItem.State.FAILED)));
    }
    var reopened = known(restoreId);
    runs.start(reopened);
    return reopened;
  }

  /// How a restore had ended before it was taken up again, oldest first.
  public List<Restore.Attempt> attempts(String restoreId) {
    return catalog.course().attempts(restoreId);
  }

  /// Skipped items hold content that came after the plan: to write over it needs a yes of its own.
  private void requireConsent(Restore restore, Optional<String> confirm)
      throws RestoreRefusedException {
    if (confirm.filter(word -> word.equals("yes") || word.equals(bucket)).isEmpty()) {
      throw new RestoreRefusedException(
          Code.CONFIRMATION_REQUIRED,
          "%d objects of restore %s changed since its plan and would be written over"
              .formatted(restore.count(RestoreItem.State.SKIPPED), restore.id()),
          "confirm with 'yes', or try only what failed",
          Map.of("confirm", "yes", "bucket", bucket),
          List.of(
              "vistadr restore retry %s --failed-only".formatted(restore.id()),
              "vistadr restore retry %s --yes".formatted(restore.id())));
    }
  }

  private Restore known(String restoreId) throws RestoreRefusedException {
    return catalog
        .restores()
        .find(restoreId)
        .orElseThrow(() ->
            new RestoreRefusedException(
                Code.NOT_FOUND,
                "there is no restore " + restoreId,
                "see which there are",
                Map.of(),
                List.of("vistadr restore list")));
  }

  private RestoreRefusedException wrongState(String restoreId, String hint)
      throws RestoreRefusedException {
    var state = known(restoreId).state().text();
    return new RestoreRefusedException(
        Code.WRONG_STATE,
        "restore %s is %s".formatted(restoreId, state),
        hint,
        Map.of("state", state),
        List.of("vistadr restore show " + restoreId));
  }
}
