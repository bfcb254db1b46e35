package org.vistadr.protect;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.AttributeDrift;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.ObjectTransfer;

/// Looks at replicas again: that they are there with the metadata that was written, and that their
/// bytes are those of the version. In rounds over all of them, a budget at a time, so that nothing
/// is looked at twice before everything was looked at once. Changes nothing at a secondary.
/// Thread-safe; one run per secondary at a time.
public final class Scrub implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
  private static final int PAGE = 200;

  private final Catalog catalog;
  private final Map<SiteName, ObjectStore> stores;
  private final InstantSource clock;
  private final AtomicBoolean stopped = new AtomicBoolean();

  /// @param stores of the secondaries, by name
  public Scrub(Catalog catalog, Map<SiteName, ObjectStore> stores, InstantSource clock) {
    this.catalog = catalog;
    this.stores = Map.copyOf(stores);
    this.clock = clock;
  }

  /// Goes on with the round of a depth until it is over or the budget is used up.
  ///
  /// @param budget objects at presence, bytes at read-back
  /// @throws StorageException when the secondary does not answer; what was looked at counts
  public Report run(SiteName secondary, ScrubDepth depth, long budget) throws StorageException {
    ObjectStore store = store(secondary);
    long objects = 0;
    long bytes = 0;
    long findings = proveRepairs(secondary, store);
    while (!stopped.get() && (depth == ScrubDepth.PRESENCE ? objects : bytes) < budget) {
      List<RecordedVersion> page = catalog.scrub().next(secondary, depth, clock.instant(), PAGE);
      if (page.isEmpty()) {
        catalog.scrub().endRound(secondary, depth);
        break;
      }
      long objectsBefore = objects;
      long bytesBefore = bytes;
      long through = 0;
      for (RecordedVersion version : page) {
        if (stopped.get() || (depth == ScrubDepth.READ_BACK && bytes >= budget)) {
          break;
        }
        findings += look(secondary, store, depth, version) ? 0 : 1;
        objects++;
        bytes += version.entry().bytes();
        through = version.id();
      }
      if (through > 0) {
        catalog
            .scrub()
            .looked(secondary, depth, through, objects - objectsBefore, bytes - bytesBefore);
      }
    }
    LOG.info(
        "scrub secondary={} depth={} objects={} bytes={} findings={}",
        secondary,
        depth,
        objects,
        bytes,
        findings);
    return new Report(objects, bytes, findings);
  }

  /// Ends runs after the object that they are at.
  @Override
  public void close() {
    stopped.set(true);
  }

  /// Has a replica copied again that was found to be not what it should be. Only where the primary
  /// still has the version.
  ///
  /// @param who asked for it
  /// @return whether it is copied again
  public boolean repair(Finding finding, String who) {
    Optional<RecordedVersion> version = catalog.versions().find(finding.versionId());
    if (version.isEmpty() || !version.get().atPrimary()) {
      return false;
    }
    if (catalog.replicas().find(finding.secondary(), finding.versionId()).isPresent()) {
      catalog
          .replicas()
          .refute(finding.secondary(), finding.versionId(), "scrub: " + finding.detail());
    }
    catalog.scrub().move(finding.id(), Finding.State.BEING_REPAIRED, Optional.empty());
    catalog
        .audit()
        .add(
            AuditEvent.of(
                clock.instant(),
                who,
                "finding-repaired",
                "%s %s".formatted(finding.secondary(), finding.key()),
                "",
                finding.detail()));
    return true;
  }

  /// Reads back what was copied again since.
  private long proveRepairs(SiteName secondary, ObjectStore store) throws StorageException {
    long findings = 0;
    long after = 0;
    while (true) {
      List<Finding> page = catalog.scrub().list(Finding.State.BEING_REPAIRED, after, PAGE);
      if (page.isEmpty()) {
        return findings;
      }
      for (Finding finding : page) {
        after = finding.id();
        if (!finding.secondary().equals(secondary)
            || catalog.replicas().find(secondary, finding.versionId()).isEmpty()) {
          continue;
        }
        RecordedVersion version = catalog.versions().find(finding.versionId()).orElseThrow();
        if (look(secondary, store, ScrubDepth.READ_BACK, version)) {
          catalog.scrub().move(finding.id(), Finding.State.REPAIRED, Optional.of(clock.instant()));
        } else {
          findings++;
        }
      }
    }
  }

  /// @return whether it is as it should be
  private boolean look(
      SiteName secondary, ObjectStore store, ScrubDepth depth, RecordedVersion version)
      throws StorageException {
    Optional<ReplicaLog.Replica> before = catalog.replicas().find(secondary, version.id());
    if (before.isEmpty()) {
      return true;
    }
    Optional<Wrong> wrong = wrong(store, depth, version, before.get());
    if (wrong.isEmpty()) {
      return true;
    }
    // Replication may have moved it meanwhile: only what a second look confirms is a finding.
    Optional<ReplicaLog.Replica> now = catalog.replicas().find(secondary, version.id());
    if (now.isEmpty()) {
      return true;
    }
    Optional<Wrong> again = wrong(store, depth, version, now.get());
    if (again.isEmpty()) {
      return true;
    }
    LOG.error(
        "finding secondary={} key=\"{}\" kind={} detail=\"{}\"",
        secondary,
        version.key(),
        again.get().kind(),
        again.get().detail());
    catalog
        .scrub()
        .found(secondary, version.id(), again.get().kind(), clock.instant(), again.get().detail());
    return false;
  }

  private Optional<Wrong> wrong(
      ObjectStore store, ScrubDepth depth, RecordedVersion version, ReplicaLog.Replica replica)
      throws StorageException {
    Revision revision =
        replica
            .remoteVersion()
            .<Revision>map(Revision.Version::new)
            .orElseGet(Revision.Current::new);
    try {
      ObjectHead head = store.head(replica.location(), revision);
      if (head.size() != version.entry().bytes() || !head.etag().equals(replica.etag())) {
        return Optional.of(
            new Wrong(
                Finding.Kind.CHANGED,
                "%s holds %d bytes with the entity tag %s, %d with %s were written"
                    .formatted(
                        replica.location(),
                        head.size(),
                        head.etag(),
                        version.entry().bytes(),
                        replica.etag())));
      }
      Optional<Wrong> drift =
          AttributeDrift.of(
                  catalog.versions().attributes(version.id()).orElse(ObjectAttributes.NONE),
                  head.attributes())
              .map(text ->
                  new Wrong(Finding.Kind.METADATA, "%s: %s".formatted(replica.location(), text)));
      if (drift.isPresent()) {
        return drift;
      }
      return switch (depth) {
        case PRESENCE -> Optional.empty();
        case READ_BACK -> read(store, version, replica, revision);
      };
    } catch (StorageException.NotFound e) {
      return Optional.of(
          new Wrong(Finding.Kind.MISSING, "nothing is at %s".formatted(replica.location())));
    } catch (StorageException.Archived _) {
      // Nothing is read from an archive: that it is there has to do.
      return Optional.empty();
    } catch (StorageException.CorruptBody e) {
      return Optional.of(new Wrong(Finding.Kind.CORRUPT, String.valueOf(e.getMessage())));
    }
  }

  private static Optional<Wrong> read(
      ObjectStore store, RecordedVersion version, ReplicaLog.Replica replica, Revision revision)
      throws StorageException {
    if (version.sha256().isEmpty()) {
      return Optional.empty();
    }
    Sha256 found;
    try {
      found = ObjectTransfer.hash(store, replica.location(), revision);
    } catch (StorageException.Throttled e) {
      // MinIO says that it is busy when no disk has the bytes as they were written.
      if (!String.valueOf(e.getMessage()).contains("SlowDownRead")) {
        throw e;
      }
      return unreadable(store, replica, revision, e);
    } catch (StorageException.Unavailable e) {
      return unreadable(store, replica, revision, e);
    }
    return found.equals(version.sha256().get())
        ? Optional.empty()
        : Optional.of(
            new Wrong(
                Finding.Kind.CORRUPT,
                "%s has the SHA-256 %s, %s was written"
                    .formatted(
                        replica.location(),
                        found.hex().substring(0, 16),
                        version.sha256().get().hex().substring(0, 16))));
  }

  /// A server that knows that its bytes are damaged does not give them. One that is down does not
  /// answer the look either.
  private static Optional<Wrong> unreadable(
      ObjectStore store, ReplicaLog.Replica replica, Revision revision, Exception reason)
      throws StorageException {
    store.head(replica.location(), revision);
    return Optional.of(
        new Wrong(
            Finding.Kind.CORRUPT,
            "the bytes of %s cannot be read: %s"
                .formatted(replica.location(), reason.getMessage())));
  }

  private ObjectStore store(SiteName secondary) {
    ObjectStore store = stores.get(secondary);
    if (store == null) {
      throw new IllegalArgumentException("there is no secondary " + secondary);
    }
    return store;
  }

  /// What a run did.
  ///
  /// @param objects replicas looked at
  /// @param bytes their bytes
  /// @param findings those that are not as they should be
  public record Report(long objects, long bytes, long findings) {}

  private record Wrong(Finding.Kind kind, String detail) {}
}
