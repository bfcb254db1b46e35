package org.vistadr.restore.source;

import org.vistadr.model.CurrentState;
import org.vistadr.model.Entry;
import org.vistadr.model.RecordedVersion;

/// When content at a site is the content of a recorded version, as far as entity tags tell. Pure.
public final class Same {

  private Same() {}

  /// Whether the key's current content is that of a version: the version itself, or other bytes of
  /// the same size and entity tag. Entity tags are compared at one site only.
  public static boolean content(CurrentState current, RecordedVersion version) {
    return switch (current) {
      case CurrentState.Absent _ -> false;
      case CurrentState.Present(var id, var etag, var size) ->
          switch (version.entry()) {
            case Entry.DeleteMarker() -> false;
            case Entry.Content(var recordedEtag, var recordedSize, _) ->
                (!id.isNull() && id.equals(version.versionId()))
                    || (etag.equals(recordedEtag) && size == recordedSize);
          };
    };
  }

  /// Whether two recorded versions have the same bytes, as far as is known: by their hashes where
  /// both were read, else by entity tag and size.
  public static boolean bytes(RecordedVersion left, RecordedVersion right) {
    if (left.id() == right.id()) {
      return true;
    }
    if (left.sha256().isPresent() && right.sha256().isPresent()) {
      return left.sha256().equals(right.sha256());
    }
    return left.entry() instanceof Entry.Content(var leftEtag, var leftSize, _)
        && right.entry() instanceof Entry.Content(var rightEtag, var rightSize, _)
        && leftEtag.equals(rightEtag)
        && leftSize == rightSize;
  }

  /// Whether an entity tag can be the MD5 of the bytes; that of an upload in parts cannot.
  public static boolean mayBeMd5(String etag) {
    return etag.length() == 32 && etag.chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }
}
