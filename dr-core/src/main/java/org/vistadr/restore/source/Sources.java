package org.vistadr.restore.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ReplicaLog.Replica;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// Where the bytes of a version can be had: the primary's own version first, then the secondaries
/// in the order of the configuration. Asks the catalog only, unless it says otherwise. Safe for use
/// by many threads.
public final class Sources {

  private final Catalog catalog;
  private final ObjectStore primary;
  private final Map<SiteName, ObjectStore> secondaries;

  public Sources(Catalog catalog, ObjectStore primary, List<ObjectStore> secondaries) {
    this.catalog = catalog;
    this.primary = primary;
    this.secondaries =
        secondaries.stream()
            .collect(
                Collectors.toMap(
                    ObjectStore::site,
                    Function.identity(),
                    (one, _) -> one,
                    java.util.LinkedHashMap::new));
  }

  /// Whether bytes can be asked for at a site of this name.
  public boolean knows(SiteName site) {
    return site.equals(primary.site()) || secondaries.containsKey(site);
  }

  /// Places that should have a version's bytes, best first: those where it must be thawed come
  /// last.
  ///
  /// @param from only this site
  /// @param regime the primary's regime now; empty when it does not answer or is not to be asked
  public List<Source> of(
      RecordedVersion version, Optional<SiteName> from, Optional<Regime> regime) {
    var sources = new ArrayList<Source>();
    if (wants(from, primary.site())) {
      regime.flatMap(now -> atPrimary(version, now)).ifPresent(sources::add);
    }
    if (from.isPresent() && from.get().equals(primary.site())) {
      return List.copyOf(sources);
    }
    var replicas =
        catalog.replicas().everywhere(original(version).id()).stream()
            .collect(Collectors.toMap(Replica::secondary, Function.identity()));
    for (var secondary : secondaries.entrySet()) {
      var replica = replicas.get(secondary.getKey());
      if (replica != null && wants(from, secondary.getKey())) {
        sources.add(at(secondary.getValue(), replica));
      }
    }
    // Stable: within each kind the order stays.
    sources.sort(Comparator.comparing(source -> source.archive().isPresent()));
    return List.copyOf(sources);
  }

  /// The primary's own version where no other place can be better: it can be read at once. Asks
  /// nobody.
  ///
  /// @param from only this site
  /// @param regime as for [#of]
  public Optional<Source> nearest(
      RecordedVersion version, Optional<SiteName> from, Optional<Regime> regime) {
    return wants(from, primary.site())
        ? regime
            .flatMap(now -> atPrimary(version, now))
            .filter(source -> source.archive().isEmpty())
        : Optional.empty();
  }

  /// The place that a version is best taken from.
  ///
  /// @param regime as for [#of]
  /// @param overwritten whether the primary keeps no versions and has other content now
  /// @return empty when its bytes are at no site, or not at the site that they have to come from
  public Optional<Source> best(
      RecordedVersion version,
      Optional<SiteName> from,
      Optional<Regime> regime,
      boolean overwritten) {
    var nearest = overwritten ? Optional.<Source>empty() : nearest(version, from, regime);
    return nearest.or(() ->
        of(version, from, regime).stream()
            .filter(source -> !source.atPrimary() || !overwritten)
            .findFirst());
  }

  /// Why there is no place for a version.
  ///
  /// @param regime as for [#of]
  public String whyLost(RecordedVersion version, Optional<SiteName> from, Optional<Regime> regime) {
    if (from.isPresent()) {
      return "%s does not have this version".formatted(from.get());
    }
    return regime.isEmpty() && version.purgedInScan().isEmpty()
        ? "at no secondary, and the primary does not answer"
        : "the primary no longer has it and no secondary has it either";
  }

  /// Whether content that is at the primary now is durable at a secondary: the catalog has a
  /// version with its entity tag and size that is.
  public boolean isSafe(ObjectKey key, String etag, long size) {
    return catalog.versions().history(key).newestFirst().stream()
        .filter(version -> version.entry() instanceof Entry.Content)
        .filter(version -> hasTag(version, etag) && version.entry().bytes() == size)
        .anyMatch(version ->
            catalog.replicas().everywhere(version.id()).stream()
                .anyMatch(replica -> secondaries.containsKey(replica.secondary())));
  }

  /// Whether the content of a key outlives the key's deletion: the bucket keeps it as a version, or
  /// it is durable at a secondary.
  public boolean survivesDeletion(Looked looked, Regime regime) {
    return regime == Regime.VERSIONED
        || looked
            .mutableContent()
            .map(content ->
                switch (content.entry()) {
                  case Entry.Content(var etag, var size, _) -> isSafe(looked.key(), etag, size);
                  case Entry.DeleteMarker() -> true;
                })
            .orElse(true);
  }

  /// Whether the bytes of a recorded version are durable at a secondary.
  boolean isAtSecondary(RecordedVersion version) {
    return catalog.replicas().everywhere(original(version).id()).stream()
        .anyMatch(replica -> secondaries.containsKey(replica.secondary()));
  }

  /// Whether a copy of a recorded version can be deleted without losing its bytes, as far as the
  /// catalog knows.
  ///
  /// @param orPrimary whether those at the primary count, too
  public boolean isElsewhere(OptionalLong version, boolean orPrimary) {
    return known(version)
        .filter(known -> isAtSecondary(known) || (orPrimary && original(known).atPrimary()))
        .isPresent();
  }

  /// Whether the primary itself shows that it still has the bytes of a recorded version.
  public boolean primaryHas(OptionalLong version) throws StorageException {
    var known = known(version).map(this::original).filter(RecordedVersion::atPrimary);
    if (known.isEmpty() || !(known.get().entry() instanceof Entry.Content(var etag, _, _))) {
      return false;
    }
    // Content without an id may be current, or an older version of a bucket that kept none once.
    return (known.get().versionId().isNull()
            && primaryHas(known.get(), new Revision.Matching(etag)))
        || primaryHas(known.get(), new Revision.Version(known.get().versionId()));
  }

  private boolean primaryHas(RecordedVersion version, Revision revision) throws StorageException {
    try {
      var head = primary.head(version.key(), revision);
      return hasTag(version, head.etag()) && head.size() == version.entry().bytes();
    } catch (StorageException.NotFound | StorageException.PreconditionFailed _) {
      return false;
    }
  }

  private Optional<RecordedVersion> known(OptionalLong version) {
    return version.isPresent() ? catalog.versions().find(version.getAsLong()) : Optional.empty();
  }

  /// The catalog's entry of content that was seen at the primary. Without a version id any entry
  /// with its tag and size stands for it, one that a secondary has before others.
  public Optional<RecordedVersion> find(ObjectKey key, CurrentState.Present seen) {
    var same =
        catalog.versions().history(key).newestFirst().stream()
            .filter(version -> version.entry() instanceof Entry.Content)
            .filter(version ->
                seen.versionId().isNull()
                    ? hasTag(version, seen.etag()) && version.entry().bytes() == seen.size()
                    : version.versionId().equals(seen.versionId()))
            .toList();
    return same.stream()
        .filter(this::isAtSecondary)
        .findFirst()
        .or(() -> same.stream().findFirst());
  }

  /// The entry under which the bytes of a version were recorded: an inferred entry speaks of a
  /// version that was listed before.
  public RecordedVersion original(RecordedVersion version) {
    if (version.origin() == Origin.LISTED
        || !(version.entry() instanceof Entry.Content(var etag, _, _))) {
      return version;
    }
    return catalog.versions().history(version.key()).newestFirst().stream()
        .filter(other -> other.origin() == Origin.LISTED)
        .filter(other -> other.versionId().equals(version.versionId()) && hasTag(other, etag))
        .findFirst()
        .orElse(version);
  }

  private Optional<Source> atPrimary(RecordedVersion version, Regime regime) {
    if (version.purgedInScan().isPresent()
        || !(version.entry() instanceof Entry.Content(var etag, _, var storageClass))) {
      return Optional.empty();
    }
    // A bucket that never kept versions answers every version id with what is current.
    Revision revision =
        regime == Regime.UNVERSIONED
            ? new Revision.Matching(etag)
            : new Revision.Version(version.versionId());
    return Optional.of(
        new Source(primary, version.key(), revision, etag, true, named(storageClass)));
  }

  /// A class as it was listed; providers list the default one by a name or not at all.
  public static Optional<String> named(String storageClass) {
    return Optional.of(storageClass).filter(name -> !name.isEmpty() && !name.equals("STANDARD"));
  }

  private static boolean hasTag(RecordedVersion version, String etag) {
    return version.entry() instanceof Entry.Content(var recorded, _, _) && recorded.equals(etag);
  }

  private static Source at(ObjectStore store, Replica replica) {
    Revision revision = Revision.pinned(replica.remoteVersion(), replica.etag());
    return new Source(
        store, replica.location(), revision, replica.etag(), false, replica.storageClass());
  }

  private static boolean wants(Optional<SiteName> from, SiteName site) {
    return from.isEmpty() || from.get().equals(site);
  }
}
