package org.vistadr.sync;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.StoreSource;

/// Where else the bytes of a version are, when the primary does not have them any more: at other
/// secondaries, in whatever layout those have. Only versions whose hash is known are taken from
/// there, since it is what proves them. Safe for use by many threads.
final class OtherCopies {

  private final Catalog catalog;
  private final SiteName target;
  private final Map<SiteName, Secondary> others = new LinkedHashMap<>();

  /// @param target the secondary that is copied to
  OtherCopies(Catalog catalog, SiteName target, Collection<Secondary> secondaries) {
    this.catalog = catalog;
    this.target = target;
    secondaries.stream()
        .filter(secondary -> !secondary.name().equals(target))
        .forEach(secondary -> others.put(secondary.name(), secondary));
  }

  /// Copies a version from one source.
  interface Attempt {
    VersionCopier.Copied from(StoreSource source) throws StorageException;
  }

  /// Copies a version from the primary, or from elsewhere when the primary does not have it, or not
  /// with its hash.
  ///
  /// @param atPrimary pinned
  VersionCopier.Copied firstGood(RecordedVersion version, StoreSource atPrimary, Attempt attempt)
      throws StorageException {
    List<StoreSource> elsewhere = version.purgedInScan().isPresent() ? of(version) : List.of();
    if (elsewhere.isEmpty()) {
      try {
        return attempt.from(atPrimary);
      } catch (StorageException.NotFound
          | StorageException.PreconditionFailed
          | StorageException.CorruptBody e) {
        boolean primarys =
            e.site().equals(atPrimary.site()) || e instanceof StorageException.CorruptBody;
        elsewhere = primarys ? of(version) : List.of();
        if (elsewhere.isEmpty()) {
          throw e;
        }
      }
    }
    Optional<StorageException> last = Optional.empty();
    for (StoreSource source : elsewhere) {
      try {
        VersionCopier.Copied copied = attempt.from(source);
        catalog.findings().copiedFrom(target, version.id(), source.site());
        return copied;
      } catch (StorageException e) {
        if (!e.site().equals(source.site()) && !(e instanceof StorageException.CorruptBody)) {
          throw e;
        }
        last = Optional.of(e);
      }
    }
    throw new StorageException.Unproved(
        target,
        "GetObject",
        "the primary does not have %s any more, and no other copy could be taken: %s"
            .formatted(version.key(), last.orElseThrow().getMessage()));
  }

  /// Whether the copy that is made takes the place of one that was found to be wrong.
  boolean isBeingRepaired(RecordedVersion version) {
    return catalog.findings().beingRepaired(target, version.id()).isPresent();
  }

  /// Whether that one has damaged bytes.
  boolean isDamaged(RecordedVersion version) {
    return catalog
        .findings()
        .beingRepaired(target, version.id())
        .filter(finding -> finding.kind() == Finding.Kind.CORRUPT)
        .isPresent();
  }

  /// Copies that nothing is known against, pinned.
  private List<StoreSource> of(RecordedVersion version) {
    if (others.isEmpty() || version.sha256().isEmpty()) {
      return List.of();
    }
    return catalog.replicas().everywhere(version.id()).stream()
        .filter(replica -> others.containsKey(replica.secondary()) && !replica.marker())
        .filter(replica -> !catalog.findings().isOpen(replica.secondary(), version.id()))
        .map(this::source)
        .toList();
  }

  private StoreSource source(ReplicaLog.Replica replica) {
    return new StoreSource(
        Objects.requireNonNull(others.get(replica.secondary())).store(),
        replica.location(),
        Revision.pinned(replica.remoteVersion(), replica.etag()),
        Optional.of(replica.etag()));
  }

  /// The attributes that the version had at the primary, which another secondary need not have all
  /// of.
  ObjectAttributes attributes(RecordedVersion version, ObjectAttributes found) {
    return catalog.versions().attributes(version.id()).orElse(found);
  }
}
