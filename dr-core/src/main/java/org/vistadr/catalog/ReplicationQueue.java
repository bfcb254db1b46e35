package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.model.Lag;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;

/// Per secondary: versions that are not durable there, and the recovery point that follows from it.
public final class ReplicationQueue {

  /// Fills a new secondary's queue with the versions recorded before it was declared, a bounded
  /// number at a time. Its recovery point stays unknown until nothing is left to fill in.
  ///
  /// @return whether more is left
  public boolean backfill(SiteName secondary, int atMost) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Pending versions that may be tried now, in the order of their catalog ids.
  ///
  /// @param afterId only ids above this one
  /// @param now rows whose next try is later are left out
  public List<Pending> due(SiteName secondary, long afterId, Instant now, int atMost) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// All rows of one key that are not durable, by rising rank, whatever their state and next try.
  public List<Pending> ofKey(SiteName secondary, ObjectKey key) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Says, before any of them is sent, that rows with ids up to this one may reach the secondary.
  /// After a crash the rows up to the mark may be there already: see [#dispatchedThrough].
  public void markDispatched(SiteName secondary, long id) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The mark that [#markDispatched] left, 0 for none.
  public long dispatchedThrough(SiteName secondary) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Records outcomes in one transaction.
  public void settle(SiteName secondary, List<Outcome> outcomes) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Puts given-up rows back to pending.
  ///
  /// @param key only this key's; empty for all
  /// @return how many
  public int retryGivenUp(SiteName secondary, Optional<ObjectKey> key) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Waives given-up rows: the recovery point goes on without them, visibly.
  ///
  /// @return how many
  public int waive(SiteName secondary, ObjectKey key, String reason) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Rows in a state, by key, for people to read.
  public List<Pending> list(
      SiteName secondary, ReplicaState state, Optional<ObjectKey> after, int atMost) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Counts and bytes. Cheap: called at every scrape.
  public Backlog backlog(SiteName secondary) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Moves the recovery point up as far as is proved and returns it: the start of the last complete
  /// scan, such that no row that counts to it or to an earlier scan is pending, held or given up; a
  /// missed row holds back only the scans before the one that proved the version gone. Monotone and
  /// durable. Unknown before that, or while a backfill is not finished.
  public Optional<Instant> advanceRecoveryPoint(SiteName secondary) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The lag now, from what [#advanceRecoveryPoint] recorded.
  public Lag lag(SiteName secondary, Instant now) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// A version that is not durable at a secondary.
  ///
  /// @param version the version
  /// @param state pending, held, given up, missed or waived
  /// @param attempts tries so far
  /// @param notBefore next try
  /// @param lastError what went wrong last; empty when nothing did
  /// @param wantedBy number of secondaries that have the version pending, this one included
  public record Pending(
      RecordedVersion version,
      ReplicaState state,
      int attempts,
      Instant notBefore,
      String lastError,
      int wantedBy) {}

  /// What became of one try.
  public sealed interface Outcome {
    /// Catalog id of the version.
    long versionId();

    /// The replica is durable.
    ///
    /// @param location key at the secondary when it differs from the version's key (kept aside)
    /// @param remoteVersion version id at the secondary, empty where it has none
    /// @param etag entity tag at the secondary, empty for a delete marker
    record Durable(
        long versionId,
        Optional<ObjectKey> location,
        Optional<org.vistadr.model.VersionId> remoteVersion,
        String etag,
        Instant at)
        implements Outcome {}

    /// The try failed; another one follows.
    record Retry(long versionId, Instant notBefore, String error) implements Outcome {}

    /// The tries are used up.
    record GivenUp(long versionId, String error) implements Outcome {}
  }

  /// What waits at a secondary.
  ///
  /// @param oldestPending time of the oldest known change that is not there
  /// @param oldestKey its key
  public record Backlog(
      long pendingObjects,
      long pendingBytes,
      long givenUp,
      long held,
      long missed,
      long waived,
      Optional<Instant> oldestPending,
      Optional<ObjectKey> oldestKey,
      OptionalLong backfillLeft) {}
}
