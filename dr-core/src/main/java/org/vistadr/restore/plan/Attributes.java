package org.vistadr.restore.plan;

import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.KeyHistory;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.restore.source.Looked;
import org.vistadr.restore.source.Sources;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// Compares what travels with equal bytes: metadata, tags, content headers, storage class. From the
/// catalog where replication taught it, else by a look at the primary. Safe for use by many
/// threads.
final class Attributes {

  private final Catalog catalog;
  private final ObjectStore primary;
  private final Sources sources;

  Attributes(Catalog catalog, ObjectStore primary, Sources sources) {
    this.catalog = catalog;
    this.primary = primary;
    this.sources = sources;
  }

  /// Whether an object with the bytes of a version has its attributes, too. What nobody knows any
  /// more cannot be brought back and does not count as different.
  boolean areThose(KeyHistory history, Looked looked, RecordedVersion version)
      throws StorageException {
    if (!(looked.current() instanceof CurrentState.Present current)
        || isItself(looked, current, version)) {
      return true;
    }
    var wanted = of(sources.original(version));
    return wanted.isEmpty() || wanted.equals(ofCurrent(history, current));
  }

  private static boolean isItself(
      Looked looked, CurrentState.Present current, RecordedVersion version) {
    return current.versionId().equals(version.versionId())
        && (!current.versionId().isNull()
            || looked.changedAt().filter(version.lastModified()::equals).isPresent());
  }

  private Optional<ObjectAttributes> of(RecordedVersion version) throws StorageException {
    var recorded = catalog.versions().attributes(version.id());
    if (recorded.isPresent() || !version.atPrimary()) {
      return recorded;
    }
    return at(version.key(), new Revision.Version(version.versionId()));
  }

  private Optional<ObjectAttributes> ofCurrent(KeyHistory history, CurrentState.Present current)
      throws StorageException {
    var recorded =
        history.newestFirst().stream()
            .filter(version ->
                version.atPrimary()
                    && version.versionId().equals(current.versionId())
                    && version.entry() instanceof Entry.Content(var etag, _, _)
                    && etag.equals(current.etag()))
            .findFirst();
    var known = recorded.flatMap(version -> catalog.versions().attributes(version.id()));
    return known.isPresent() ? known : at(history.key(), new Revision.Matching(current.etag()));
  }

  private Optional<ObjectAttributes> at(ObjectKey key, Revision revision) throws StorageException {
    try {
      var head = primary.head(key, revision);
      return Optional.of(
          head.tagCount() > 0 && primary.profile().tagging()
              ? head.attributes().withTags(primary.tags(key, revision))
              : head.attributes());
    } catch (StorageException.NotFound | StorageException.PreconditionFailed _) {
      return Optional.empty();
    }
  }
}
