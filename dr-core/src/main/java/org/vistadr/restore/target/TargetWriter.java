package org.vistadr.restore.target;

import java.util.Optional;
import org.vistadr.model.CurrentState;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreItem;
import org.vistadr.restore.source.Source;
import org.vistadr.storage.StorageException;

/// Writes to a target for one restore. Every call looks first or writes under a condition, so that
/// nothing is changed that is not as the plan saw it; every call can be repeated. Safe for use by
/// many threads.
public sealed interface TargetWriter permits BucketWriter, DirectoryWriter {

  /// Where it writes.
  Target target();

  /// Brings a version from a source and proves what was written.
  ///
  /// @return the item, done
  /// @throws StorageException.PreconditionFailed when the target or the source is not as expected
  RestoreItem write(RestoreItem item, RecordedVersion version, Source source)
      throws StorageException;

  /// Content that another restore replaced and that is still there, for an item of its undo.
  ///
  /// @param undone the other restore
  Optional<Offer> kept(RestoreItem item, String undone) throws StorageException;

  /// An item whose content an earlier try wrote, done.
  ///
  /// @param current proved to be the version's content
  RestoreItem found(RestoreItem item, RecordedVersion version, CurrentState current)
      throws StorageException;

  /// Deletes what the plan saw.
  ///
  /// @return the item, ended
  RestoreItem delete(RestoreItem item) throws StorageException;

  /// Removes the markers that the plan named.
  ///
  /// @return the item, ended
  RestoreItem removeMarkers(RestoreItem item) throws StorageException;
}
