package org.vistadr.catalog;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.vistadr.model.Lag;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;

/// Per secondary: versions that are not durable there, and the recovery point that follows from it.
public final class ReplicationQueue {

  private final Store store;
  private final Secondaries secondaries;
  private final QueueReader reader;

  ReplicationQueue(Store store, Secondaries secondaries) {
    this.store = store;
    this.secondaries = secondaries;
    reader = new QueueReader(store);
  }

  /// Fills a new secondary's queue with the versions recorded before it was declared, a bounded
  /// number at a time. Its recovery point stays unknown until nothing is left to fill in.
  ///
  /// @return whether more is left
  public boolean backfill(SiteName secondary, int atMost) {
    int id = secondaries.id(secondary);
    return store.write(handle -> Backfill.step(handle, id, atMost));
  }

  /// Pending versions that may be tried now, in the order of their catalog ids.
  ///
  /// @param afterId only ids above this one
  /// @param now rows whose next try is later are left out
  public List<Pending> due(SiteName secondary, long afterId, Instant now, int atMost) {
    return reader.due(secondaries.id(secondary), afterId, now, atMost);
  }

  /// All rows of one key that are not durable, by rising rank, whatever their state and next try.
  public List<Pending> ofKey(SiteName secondary, ObjectKey key) {
    return reader.ofKey(secondaries.id(secondary), key);
  }

  /// Says, before any of them is sent, that rows with ids up to this one may reach the secondary.
  /// After a crash the rows up to the mark may be there already: see [#dispatchedThrough].
  public void markDispatched(SiteName secondary, long id) {
    int secondaryId = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            "UPDATE secondary SET dispatched_through = ? WHERE id = ? AND dispatched_through < ?",
            id,
            secondaryId,
            id));
  }

  /// The mark that [#markDispatched] left, 0 for none.
  public long dispatchedThrough(SiteName secondary) {
    return column("dispatched_through", secondary);
  }

  /// Versions of scans up to this one may have been at the secondary before the catalog knew it,
  /// and are looked for there before they are sent. 0 for none.
  public long lookFirstScan(SiteName secondary) {
    return column("look_first_scan", secondary);
  }

  /// Has everything looked for at the secondary before it is sent, until after the next complete
  /// scan: what is there is not all known.
  public void lookFirst(SiteName secondary) {
    int id = secondaries.id(secondary);
    store.run(handle ->
        handle.execute(
            "UPDATE secondary SET look_first_scan = ? WHERE id = ?", Long.MAX_VALUE, id));
  }

  /// Ends that, because the secondary proved to be empty.
  public void nothingToLookFor(SiteName secondary) {
    int id = secondaries.id(secondary);
    store.run(
        handle -> handle.execute("UPDATE secondary SET look_first_scan = 0 WHERE id = ?", id));
  }

  /// Records outcomes in one transaction.
  public void settle(SiteName secondary, List<Outcome> outcomes) {
    settle(secondary, outcomes, Map.of());
  }

  /// Records outcomes, and what reading the bytes taught of the versions, in one transaction.
  public void settle(
      SiteName secondary, List<Outcome> outcomes, Map<Long, VersionLog.Annotation> annotations) {
    if (outcomes.isEmpty() && annotations.isEmpty()) {
      return;
    }
    int id = secondaries.id(secondary);
    store.run(handle -> {
      try (ChangeNotes changes = new ChangeNotes(handle);
          Settlement settlement = new Settlement(handle, id, changes)) {
        VersionLog.annotate(handle, annotations, changes);
        settlement.settle(outcomes);
        changes.write();
      }
    });
  }

  /// Puts given-up rows back to pending.
  ///
  /// @param key only this key's; empty for all
  /// @return how many
  public int retryGivenUp(SiteName secondary, Optional<ObjectKey> key) {
    int id = secondaries.id(secondary);
    return store.write(handle ->
        move(
            handle,
            id,
            key,
            Codes.PENDING,
            "attempts = 0, not_before = %d".formatted(Codes.nanos(Instant.EPOCH)),
            Optional.empty()));
  }

  /// Waives given-up rows: the recovery point goes on without them, visibly.
  ///
  /// @return how many
  public int waive(SiteName secondary, ObjectKey key, String reason) {
    int id = secondaries.id(secondary);
    return store.write(handle ->
        move(
            handle,
            id,
            Optional.of(key),
            Codes.WAIVED,
            "last_error = SUBSTRING(CONCAT(CAST(? AS VARCHAR(4000)), last_error) FROM 1 FOR 2000)",
            Optional.of(Codes.cut("waived: " + reason, 1000) + "; last error: ")));
  }

  /// Rows in a state, by key, for people to read.
  public List<Pending> list(
      SiteName secondary, ReplicaState state, Optional<ObjectKey> after, int atMost) {
    return reader.list(
        secondaries.id(secondary),
        Codes.code(state),
        after.map(HistoryPages::after).orElse(new byte[0]),
        atMost);
  }

  /// What is not at a secondary and may still come there, in the order of recording.
  ///
  /// @param afterId only versions recorded after this one
  public List<Pending> notDurable(SiteName secondary, long afterId, int atMost) {
    return reader.notDurable(secondaries.id(secondary), afterId, atMost);
  }

  /// Counts and bytes. Cheap: called at every scrape.
  public Backlog backlog(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle -> Backlogs.read(handle, id));
  }

  /// Moves the recovery point up as far as is proved and returns it: the start of the last complete
  /// scan, such that no row that counts to it or to an earlier scan is pending, held or given up; a
  /// missed row holds back only the scans before the one that proved the version gone. Monotone and
  /// durable. Unknown before that, or while a backfill is not finished.
  public Optional<Instant> advanceRecoveryPoint(SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.write(handle -> RecoveryPoints.advance(handle, id));
  }

  /// The lag now, from what [#advanceRecoveryPoint] recorded.
  public Lag lag(SiteName secondary, Instant now) {
    int id = secondaries.id(secondary);
    return store.read(handle -> RecoveryPoints.lag(handle, id, now));
  }

  private long column(String name, SiteName secondary) {
    int id = secondaries.id(secondary);
    return store.read(handle ->
        handle
            .select("SELECT " + name + " FROM secondary WHERE id = ?", id)
            .map((row, _) -> row.getLong(1))
            .one());
  }

  /// Moves given-up rows to another state.
  private static int move(
      Handle handle,
      int secondary,
      Optional<ObjectKey> key,
      int state,
      String assignments,
      Optional<String> argument)
      throws SQLException {
    String where =
        " WHERE secondary_id = ? AND state = ?" + (key.isPresent() ? " AND object_key = ?" : "");
    List<Object> bounds = new ArrayList<>(List.of(secondary, Codes.GIVEN_UP));
    key.ifPresent(k -> bounds.add(k.utf8()));
    QueueSums sums = new QueueSums(handle);
    List<Long> ids =
        handle
            .select("SELECT seen_scan, size, version_id FROM queue" + where, bounds.toArray())
            .map((row, _) -> {
              sums.remove(secondary, Codes.GIVEN_UP, row.getLong(1), 0, row.getLong(2));
              sums.add(secondary, state, row.getLong(1), 0, row.getLong(2));
              return row.getLong(3);
            })
            .list();
    try (ChangeNotes changes = new ChangeNotes(handle)) {
      for (long moved : ids) {
        changes.note(moved);
      }
      changes.write();
    }
    List<Object> arguments = new ArrayList<>(List.of(state));
    argument.ifPresent(arguments::add);
    arguments.addAll(bounds);
    int moved =
        handle.execute("UPDATE queue SET state = ?, " + assignments + where, arguments.toArray());
    sums.write();
    return moved;
  }

  /// A version that is not durable at a secondary.
  ///
  /// @param version the version
  /// @param state pending, held, given up, missed or waived
  /// @param attempts tries so far
  /// @param notBefore next try
  /// @param lastError what went wrong last; empty when nothing did
  /// @param wantedBy number of secondaries that have the version pending, this one included; too
  ///   small where another one's queue is scattered
  /// @param alone whether the key has no other version in the catalog
  public record Pending(
      RecordedVersion version,
      ReplicaState state,
      int attempts,
      Instant notBefore,
      String lastError,
      int wantedBy,
      boolean alone) {
    Pending wantedBy(int secondaries) {
      return new Pending(version, state, attempts, notBefore, lastError, secondaries, alone);
    }
  }

  /// What became of one try.
  public sealed interface Outcome {
    /// Catalog id of the version.
    long versionId();

    /// The replica is durable.
    ///
    /// @param location key at the secondary when it differs from the version's key (kept aside)
    /// @param remoteVersion version id at the secondary, empty where it has none
    /// @param etag entity tag at the secondary, empty for a delete marker
    /// @param storageClass the class that it was written with; empty for the default
    record Durable(
        long versionId,
        Optional<ObjectKey> location,
        Optional<org.vistadr.model.VersionId> remoteVersion,
        String etag,
        Instant at,
        Optional<String> storageClass)
        implements Outcome {

      /// A replica of the default class.
      public Durable(
          long versionId,
          Optional<ObjectKey> location,
          Optional<org.vistadr.model.VersionId> remoteVersion,
          String etag,
          Instant at) {
        this(versionId, location, remoteVersion, etag, at, Optional.empty());
      }
    }

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
