package org.vistadr.restore.target;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Source;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// Bytes that can be written: a version, and a place that has it.
///
/// @param version the content
/// @param source the place
public record Offer(RecordedVersion version, Source source) {

  /// The number of a version that the catalog need not know.
  static final long UNRECORDED = 0;

  /// Content that a restore replaced and that is still in the bucket: as an older version, or as
  /// the copy that was put aside. Its number is [#UNRECORDED].
  ///
  /// @param store the bucket that is written to
  /// @param key the key there
  /// @param undone the restore that is undone
  /// @return empty when it is in the bucket no longer
  static Optional<Offer> kept(ObjectStore store, ObjectKey key, RestoreItem item, String undone)
      throws StorageException {
    var version = item.wantedVersion().orElseThrow();
    return version.isNull() && isNull(item.saw())
        ? at(store, item, Preserve.place(undone, key), Revision.CURRENT)
        : at(store, item, key, new Revision.Version(version));
  }

  /// Whether what the restore wrote took the place of the version `null`, instead of hiding it.
  private static boolean isNull(CurrentState written) {
    return switch (written) {
      case CurrentState.Absent(var marker) -> marker.map(VersionId::isNull).orElse(true);
      case CurrentState.Present(var version, _, _) -> version.isNull();
    };
  }

  private static Optional<Offer> at(
      ObjectStore store, RestoreItem item, ObjectKey place, Revision revision)
      throws StorageException {
    ObjectHead head;
    try {
      head = store.head(place, revision);
    } catch (StorageException.NotFound _) {
      return Optional.empty();
    }
    if (head.size() != item.size()) {
      return Optional.empty();
    }
    Revision pinned =
        revision instanceof Revision.Version ? revision : new Revision.Matching(head.etag());
    return Optional.of(
        new Offer(
            version(item, head),
            new Source(store, place, pinned, head.etag(), true, head.attributes().storageClass())));
  }

  private static RecordedVersion version(RestoreItem item, ObjectHead head) {
    return new RecordedVersion(
        UNRECORDED,
        item.key(),
        0,
        Origin.LISTED,
        item.wantedVersion().orElse(VersionId.NULL),
        Instant.EPOCH,
        new Entry.Content(
            head.etag(), head.size(), head.attributes().storageClass().orElse("STANDARD")),
        0,
        Optional.empty(),
        OptionalLong.empty(),
        Optional.empty());
  }
}
