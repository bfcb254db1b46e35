package org.vistadr.restore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.VersionId;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Brings objects of the primary back as of a moment: plan, apply, follow.
///
/// A plan is stored before it is shown and a restore before it begins; both survive the process.
/// Nothing is destroyed: a bucket with versions gets new versions and delete markers, in a bucket
/// without versions what is replaced is proved to be at a secondary, or copied aside first. Safe
/// for use by many threads.
public final class Restores implements AutoCloseable {

  /// Nothing runs until [#resumeInterrupted] or [#apply].
  ///
  /// @param primary the bucket that is restored in place
  /// @param secondaries where bytes come from when the primary lost them, in order of preference
  /// @param clock the daemon's clock
  /// @param random ids of plans, jitter of retries
  /// @param refresh brings the catalog up to date for moments after the last scan
  public Restores(
      Catalog catalog,
      ObjectStore primary,
      List<ObjectStore> secondaries,
      RestoreSettings settings,
      InstantSource clock,
      RandomGenerator random,
      Refresh refresh) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Decides what to do, key by key, against the primary's state now, and stores it. Blocks while
  /// it lists; constant memory.
  ///
  /// @throws RestoreRefusedException when the moment cannot be restored or nothing is there
  /// @throws StorageException when the primary could not be read
  public RestorePlan plan(RestorePlan.Request request)
      throws RestoreRefusedException, StorageException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// A plan, with its state now.
  public Optional<RestorePlan> findPlan(String planId) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Items of a plan in key order. Keys that are unchanged are counted in the plan and listed only
  /// where the scope is a list of keys.
  ///
  /// @param action only these
  /// @param afterSeq only items behind this one, 0 for the first page
  public List<RestoreItem> planItems(
      String planId, Optional<RestoreAction> action, long afterSeq, int limit) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Applies a plan in the background. The restore is on disk when this returns.
  ///
  /// @param confirm `yes`, or the bucket's name (which is a yes, too)
  /// @throws RestoreRefusedException when the plan is unknown, expired, used or not confirmed
  public Restore apply(String planId, Optional<String> confirm) throws RestoreRefusedException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// A restore.
  public Optional<Restore> find(String restoreId) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Restores, newest first.
  ///
  /// @param before only those that were asked for before this one
  public List<Restore> list(int limit, Optional<String> before) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Items of a restore in key order, as [#planItems]; with a state only those that the plan writes
  /// or could not write.
  public List<RestoreItem> items(
      String restoreId, Optional<RestoreItem.State> state, long afterSeq, int limit) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Speed and time left; empty when the restore does not run.
  public Optional<Pace> pace(String restoreId) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Stops a restore: items in flight are ended and recorded, the others stay pending.
  ///
  /// @throws RestoreRefusedException when it is unknown or over
  public Restore cancel(String restoreId) throws RestoreRefusedException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Waits until a restore is over, at most so long, and tells how it stands.
  ///
  /// @return empty for an unknown restore
  public Optional<Restore> await(String restoreId, Duration atMost) throws InterruptedException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// What the bucket held at a moment.
  ///
  /// @param prefix only keys that start with it; empty for all
  /// @param at the moment; empty is what the catalog knows now
  /// @param after only keys above this one
  /// @param deleted the keys that had content before and were deleted at the moment, instead of
  ///   those that were there
  public View view(String prefix, Optional<Instant> at, Optional<ObjectKey> after, boolean deleted)
      throws RestoreRefusedException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Opens what a key held at a moment, from the primary or else from a secondary.
  ///
  /// @param at the moment; empty is what the catalog knows now
  /// @throws RestoreRefusedException when nothing was there or the bytes are nowhere
  /// @throws StorageException when every site that has it failed
  public Content contentAt(ObjectKey key, Optional<Instant> at, ByteRange range)
      throws RestoreRefusedException, StorageException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Opens one version of a key.
  ///
  /// @param versionId the primary's version id; [VersionId#NULL] is the newest one of that id
  /// @throws RestoreRefusedException when there is no such content or the bytes are nowhere
  /// @throws StorageException when every site that has it failed
  public Content contentOf(ObjectKey key, VersionId versionId, ByteRange range)
      throws RestoreRefusedException, StorageException {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Goes on with restores that the last process did not end. Called once at start.
  ///
  /// @return how many
  public int resumeInterrupted() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Takes up no new items, waits for those in flight and records them. Restores that are not over
  /// go on after the next start.
  @Override
  public void close() {
    throw new UnsupportedOperationException("not written yet");
  }
}
