package org.vistadr.restore.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.model.CurrentState;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreItem.Written;
import org.vistadr.model.VersionId;
import org.vistadr.restore.source.Looked;

/// Decides what an undo does with one object that a restore wrote: the inverse when the key is
/// exactly as the restore left it, else nothing. Pure.
///
/// @param undone what the restore did, done
/// @param looked what the key has now
/// @param before the catalog's entry of the content that the restore replaced or deleted; empty
///   where there was none or the catalog does not know it
/// @param lost why the bytes of that content cannot be had; empty when they can
/// @param keepable whether what the restore wrote survives its deletion
record UndoPlan(
    RestoreItem undone,
    Looked looked,
    Optional<RecordedVersion> before,
    Optional<String> lost,
    boolean keepable) {

  /// The item, without its place in the plan.
  RestoreItem decide() {
    if (wroteNothing()) {
      return item(RestoreAction.LEFT_ALONE, "the restore found it right and wrote nothing");
    }
    if (isAsBefore()) {
      return item(RestoreAction.UNCHANGED, "is as it was before the restore");
    }
    if (!isAsWritten()) {
      return item(RestoreAction.LEFT_ALONE, "changed since the restore");
    }
    return switch (undone.saw()) {
      case CurrentState.Absent _ -> takeAway();
      case CurrentState.Present(var version, _, var size) -> giveBack(version, size);
    };
  }

  /// The key was not there before.
  private RestoreItem takeAway() {
    if (!keepable) {
      return item(
          RestoreAction.CANNOT,
          "was not there before, and is known to be nowhere else: deleting would lose it; delete it by hand if that is meant");
    }
    return item(
        RestoreAction.DELETE,
        undone.markers().isEmpty()
            ? "was not there before the restore"
            : "was deleted before the restore: gets a new delete marker, since the removed one cannot be made again");
  }

  /// The key had content before.
  private RestoreItem giveBack(VersionId version, long size) {
    boolean deleted = undone.action() == RestoreAction.DELETE;
    var marker = undone.written().flatMap(Written::version);
    if (deleted
        && marker.isPresent()
        && looked.markers().equals(List.of(marker.get()))
        && looked.newestContent().filter(c -> c.versionId().equals(version)).isPresent()) {
      return content(
          RestoreAction.BRING_BACK, "deleted by the restore", version, size, looked.markers());
    }
    if (lost.isPresent()) {
      return item(RestoreAction.CANNOT, lost.get());
    }
    return deleted
        ? content(RestoreAction.BRING_BACK, "deleted by the restore", version, size, List.of())
        : content(RestoreAction.PUT_BACK, "replaced by the restore", version, size, List.of());
  }

  /// The content that the restore wanted was there by another hand when it came to the key: the
  /// wanted version itself, or equal bytes that the plan saw already.
  private boolean wroteNothing() {
    var version = undone.written().flatMap(Written::version).filter(id -> !id.isNull());
    if (undone.action() == RestoreAction.DELETE
        || !undone.markers().isEmpty()
        || version.isEmpty()) {
      return false;
    }
    return (undone.place().isEmpty() && version.equals(undone.wantedVersion()))
        || (undone.saw() instanceof CurrentState.Present(var seen, _, _)
            && version.get().equals(seen));
  }

  private boolean isAsBefore() {
    return switch (undone.saw()) {
      case CurrentState.Absent _ -> looked.current() instanceof CurrentState.Absent;
      case CurrentState.Present(var version, var etag, var size) ->
          looked.current() instanceof CurrentState.Present(var nowVersion, var nowEtag, var nowSize)
              && !isAsWritten(nowVersion)
              && (version.isNull()
                  ? etag.equals(nowEtag) && size == nowSize
                  : version.equals(nowVersion) || (etag.equals(nowEtag) && size == nowSize));
    };
  }

  private boolean isAsWritten(VersionId now) {
    return !now.isNull() && undone.written().flatMap(Written::version).equals(Optional.of(now));
  }

  private boolean isAsWritten() {
    var written = undone.written().orElseThrow();
    return switch (looked.current()) {
      case CurrentState.Absent(var marker) ->
          undone.action() == RestoreAction.DELETE
              && (written.version().isEmpty() || written.version().equals(marker));
      case CurrentState.Present(var version, var etag, var size) ->
          undone.action() != RestoreAction.DELETE
              && (version.isNull()
                  ? written.version().filter(id -> !id.isNull()).isEmpty()
                      && etag.equals(written.etag())
                      && size == undone.size()
                  : isAsWritten(version));
    };
  }

  private RestoreItem item(RestoreAction action, String reason) {
    long size =
        switch (looked.current()) {
          case CurrentState.Absent _ -> undone.size();
          case CurrentState.Present(_, _, var now) -> now;
        };
    // What is deleted is named, so that it can be proved to be elsewhere when it comes to that.
    var deleted = action == RestoreAction.DELETE ? undone.wanted() : OptionalLong.empty();
    return build(action, reason, deleted, Optional.empty(), size, List.of());
  }

  private RestoreItem content(
      RestoreAction action, String reason, VersionId version, long size, List<VersionId> markers) {
    var known = before.map(entry -> OptionalLong.of(entry.id())).orElse(OptionalLong.empty());
    return build(action, reason, known, Optional.of(version), size, markers);
  }

  private RestoreItem build(
      RestoreAction action,
      String reason,
      OptionalLong wanted,
      Optional<VersionId> wantedVersion,
      long size,
      List<VersionId> markers) {
    return RestoreItem.planned(
        undone.key(), action, reason, wanted, wantedVersion, size, looked.current(), markers);
  }
}
