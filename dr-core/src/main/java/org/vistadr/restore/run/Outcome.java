package org.vistadr.restore.run;

import org.vistadr.model.Restore;
import org.vistadr.model.RestoreItem.State;

/// How a restore ended, by how its items did. Pure.
///
/// @param state completed only when everything that was planned is written and verified
/// @param message one line
record Outcome(Restore.State state, String message) {

  /// @param whyNotTried why items are left, if there are any
  static Outcome of(Restore restore, String whyNotTried) {
    long done = restore.count(State.DONE);
    long skipped = restore.count(State.SKIPPED);
    long failed = restore.count(State.FAILED);
    long pending = restore.count(State.PENDING) + restore.count(State.THAWING);
    if (skipped + failed + pending == 0) {
      return new Outcome(
          Restore.State.COMPLETED,
          done == 0 ? "nothing to do" : "%d objects restored and verified".formatted(done));
    }
    var message =
        "%d restored and verified, %d skipped, %d failed".formatted(done, skipped, failed);
    if (pending > 0) {
      message += ", %d not tried: %s".formatted(pending, whyNotTried);
    }
    return new Outcome(done + skipped == 0 ? Restore.State.FAILED : Restore.State.PARTIAL, message);
  }
}
