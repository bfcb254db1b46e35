package org.vistadr.sync;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ReplicaLog;
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

  /// Copies that nothing is known against, pinned.
  List<StoreSource> of(RecordedVersion version) {
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
        others.get(replica.secondary()).store(),
        replica.location(),
        Revision.pinned(replica.remoteVersion(), replica.etag()),
        java.util.Optional.of(replica.etag()));
  }

  /// The attributes that the version had at the primary, which another secondary need not have all
  /// of.
  ObjectAttributes attributes(RecordedVersion version, ObjectAttributes found) {
    return catalog.versions().attributes(version.id()).orElse(found);
  }

  /// Notes that a version was copied from there.
  void used(RecordedVersion version, StoreSource source) {
    catalog.findings().copiedFrom(target, version.id(), source.site());
  }

  /// None of them could be copied.
  StorageException noneIsGood(RecordedVersion version, StorageException last) {
    return new StorageException.Unproved(
        target,
        "GetObject",
        "the primary does not have %s any more, and no other copy could be taken: %s"
            .formatted(version.key(), last.getMessage()));
  }
}
