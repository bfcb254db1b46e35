package org.vistadr.sync;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.catalog.VersionLog;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;
import org.vistadr.storage.StorageException;

/// Brings what is due of one key to one secondary, in the primary's order. The first version that
/// fails ends the chain, so that none overtakes it; one that is given up is passed.
final class KeyChain {

  private static final Logger LOG = LoggerFactory.getLogger(KeyChain.class);

  /// A request that the site refuses for good is not made more often than this.
  private static final int TRIES_OF_REFUSED = 3;

  /// What all chains of a run share.
  ///
  /// @param keepsVersions whether the secondary's bucket keeps versions of a key by itself
  /// @param uncertainThrough versions with ids up to this one may be at the secondary without a
  ///   record
  /// @param lookFirstScan versions of scans up to this one, too
  record Context(
      Catalog catalog,
      SiteName secondary,
      VersionCopier copier,
      KeyLooks looks,
      RunHealth health,
      SyncListener listener,
      Predicate<ObjectKey> keepsVersions,
      long uncertainThrough,
      long lookFirstScan,
      int giveUpAfter,
      InstantSource clock,
      RandomGenerator random,
      BooleanSupplier stopped) {}

  /// What a chain did.
  record Result(OutcomeWriter.Batch batch, long durable, long bytes, long retrying, long givenUp) {}

  private final Context context;
  private final ObjectKey key;
  private final Optional<ReplicationQueue.Pending> onlyVersion;
  private final List<ReplicationQueue.Outcome> outcomes = new ArrayList<>();
  private final List<ReplicaLog.Replica> added = new ArrayList<>();
  private final Map<Long, VersionLog.Annotation> annotations = new HashMap<>();
  private long durable;
  private long bytes;
  private long retrying;
  private long givenUp;

  /// @param due a row of the key, read a moment ago. The only version of a key needs no further
  ///   look at the catalog; a deletion gets one always, since the brake may hold it meanwhile
  KeyChain(Context context, ReplicationQueue.Pending due) {
    this.context = context;
    this.key = due.version().key();
    this.onlyVersion =
        due.alone() && due.version().entry() instanceof Entry.Content
            ? Optional.of(due)
            : Optional.empty();
  }

  /// @param committed called once the result is on disk
  Result run(Runnable committed) {
    List<ReplicationQueue.Pending> rows =
        onlyVersion
            .map(List::of)
            .orElseGet(() -> context.catalog().queue().ofKey(context.secondary(), key));
    Instant now = context.clock().instant();
    boolean newestIsThere = rows.size() > 1 && isThere(rows.getLast());
    for (int i = 0; i < rows.size() - (newestIsThere ? 1 : 0); i++) {
      ReplicationQueue.Pending row = rows.get(i);
      if (row.state() != ReplicaState.PENDING) {
        continue;
      }
      if (row.notBefore().isAfter(now)
          || context.stopped().getAsBoolean()
          || context.health().verdict().isPresent()) {
        break;
      }
      if (!copy(row, rows.subList(i + 1, rows.size()), now)) {
        break;
      }
    }
    return new Result(
        new OutcomeWriter.Batch(outcomes, annotations, committed),
        durable,
        bytes,
        retrying,
        givenUp);
  }

  /// Another program may have copied a key's newest version before the catalog knew the secondary.
  /// Then it stays where it is, and its older versions are kept aside.
  private boolean isThere(ReplicationQueue.Pending newest) {
    if (newest.state() != ReplicaState.PENDING
        || newest.version().seenInScan() > context.lookFirstScan()
        || !replicas().isEmpty()) {
      return false;
    }
    try {
      Optional<VersionCopier.Copied> found = context.copier().find(newest.version());
      found.ifPresent(copied -> arrived(newest, copied));
      return found.isPresent();
    } catch (StorageException e) {
      LOG.debug("secondary={} cannot look for key={}", context.secondary(), key, e);
      return false;
    }
  }

  /// @return whether the next version may follow
  private boolean copy(
      ReplicationQueue.Pending row, List<ReplicationQueue.Pending> later, Instant now) {
    List<ReplicaLog.Replica> replicas = replicas();
    boolean newerDurable =
        Replicas.newestRank(replicas).orElse(Long.MIN_VALUE) > row.version().rank();
    boolean newerWaiting =
        later.stream()
            .anyMatch(
                next -> next.state() == ReplicaState.PENDING && !next.notBefore().isAfter(now));
    Placement placement =
        Placement.of(row.version(), newerDurable, newerWaiting, context.keepsVersions().test(key));
    boolean uncertain =
        row.attempts() > 0
            || row.version().id() <= context.uncertainThrough()
            || row.version().seenInScan() <= context.lookFirstScan();
    try {
      VersionCopier.Copied copied = context.copier().copy(row, placement, replicas, uncertain);
      arrived(row, copied);
      LOG.debug("secondary={} durable key={} placement={}", context.secondary(), key, placement);
      return true;
    } catch (StorageException e) {
      return failed(row, e);
    }
  }

  private void arrived(ReplicationQueue.Pending row, VersionCopier.Copied copied) {
    context.health().succeeded(context.secondary());
    context.health().succeeded(SiteName.PRIMARY);
    outcomes.add(copied.outcome());
    added.addFirst(replica(row.version(), copied.outcome()));
    copied.annotation().ifPresent(annotation -> annotations.put(row.version().id(), annotation));
    durable++;
    bytes += copied.bytes();
    context
        .listener()
        .replicated(
            context.secondary(),
            copied.operation(),
            copied.result(),
            copied.bytes(),
            Duration.between(row.version().lastModified(), context.clock().instant()));
  }

  /// What is durable now: what this chain added, newest first, and what the catalog has. Read anew
  /// for each version, since making room for one moves another.
  private List<ReplicaLog.Replica> replicas() {
    List<ReplicaLog.Replica> result = new ArrayList<>(added);
    if (onlyVersion.isPresent()) {
      return result;
    }
    result.addAll(context.catalog().replicas().ofKey(context.secondary(), key));
    return result;
  }

  private ReplicaLog.Replica replica(
      RecordedVersion version, ReplicationQueue.Outcome.Durable outcome) {
    return new ReplicaLog.Replica(
        context.secondary(),
        version.id(),
        version.rank(),
        version.entry() instanceof Entry.DeleteMarker,
        outcome.location().orElse(key),
        outcome.location().isPresent(),
        outcome.remoteVersion(),
        outcome.etag(),
        outcome.at(),
        outcome.storageClass());
  }

  private boolean failed(ReplicationQueue.Pending row, StorageException failure) {
    LOG.debug("secondary={} failed key={}", context.secondary(), key, failure);
    boolean objectsOwn = context.health().failed(failure);
    if (changedAtPrimary(failure) && !stillPending(row)) {
      return false;
    }
    if (objectsOwn && isUnreadable(failure)) {
      context.catalog().overwrites().unreadable(row.version().id(), context.clock().instant());
    }
    context
        .listener()
        .replicated(
            context.secondary(),
            SyncListener.Operation.PUT,
            SyncListener.Result.FAILED,
            0,
            Duration.ZERO);
    int attempts = row.attempts() + 1;
    int most = failure.retryable() ? context.giveUpAfter() : TRIES_OF_REFUSED;
    String error = String.valueOf(failure.getMessage());
    if (objectsOwn && attempts >= Math.min(most, context.giveUpAfter())) {
      outcomes.add(new ReplicationQueue.Outcome.GivenUp(row.version().id(), error));
      givenUp++;
      return true;
    }
    Instant next = Backoff.nextTry(context.clock().instant(), attempts, context.random());
    outcomes.add(new ReplicationQueue.Outcome.Retry(row.version().id(), next, error));
    retrying++;
    return false;
  }

  /// Whether the primary asks for a key of the object's own: a customer's, or one of a key service
  /// that is not ours to use.
  private static boolean isUnreadable(StorageException failure) {
    return failure.site().equals(SiteName.PRIMARY)
        && (failure instanceof StorageException.AccessDenied
            || (failure instanceof StorageException.Rejected rejected
                && rejected.status() == 400
                && (rejected.code().equals("InvalidRequest")
                    || rejected.code().startsWith("KMS."))));
  }

  /// A version that the primary no longer gives is looked at right away: the catalog then knows its
  /// successor, and that it was missed.
  private boolean changedAtPrimary(StorageException failure) {
    boolean gone =
        failure instanceof StorageException.NotFound
            || failure instanceof StorageException.PreconditionFailed;
    if (!gone || !failure.site().equals(SiteName.PRIMARY)) {
      return false;
    }
    try {
      context.looks().follow(key);
    } catch (StorageException e) {
      LOG.debug("cannot look at key={} now", key, e);
    }
    return true;
  }

  private boolean stillPending(ReplicationQueue.Pending row) {
    Optional<ReplicationQueue.Pending> now =
        context.catalog().queue().ofKey(context.secondary(), key).stream()
            .filter(other -> other.version().id() == row.version().id())
            .findFirst();
    return now.map(other -> other.state() == ReplicaState.PENDING).orElse(false);
  }
}
