package org.vistadr.restore.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules.Overwrite;
import org.vistadr.restore.source.Looked;

/// Decides what a plan does with one key. Pure.
///
/// @param request what was asked
/// @param wanted the content of the moment; for an undelete without a moment the newest content
/// @param known whether the catalog has ever seen the key
/// @param looked what the target has now
/// @param same whether that is the wanted content
/// @param lost why the wanted bytes cannot be had; empty when they can
/// @param keepable whether the current content survives its deletion: the bucket keeps it as a
///   version, or it is durable at a secondary
record ItemPlan(
    RestorePlan.Request request,
    Optional<RecordedVersion> wanted,
    boolean known,
    Looked looked,
    boolean same,
    Optional<String> lost,
    boolean keepable) {

  /// The item, without its place in the plan; empty when the key has no part in it.
  Optional<RestoreItem> decide() {
    if (wanted.isEmpty()) {
      return request.undelete() ? Optional.empty() : absentThen();
    }
    return Optional.of(request.undelete() ? undelete(wanted.get()) : presentThen(wanted.get()));
  }

  /// Whether the plan would replace or delete content that is newer than the moment.
  static boolean newerAtRisk(RestoreItem item, Looked looked, Instant at) {
    return (item.action() == RestoreAction.PUT_BACK || item.action() == RestoreAction.DELETE)
        && looked.changedAt().filter(changed -> changed.isAfter(at)).isPresent();
  }

  /// An item that writes nothing and has no version to speak of.
  static RestoreItem untouched(Looked looked, RestoreAction action, String reason) {
    return RestoreItem.planned(
            looked.key(),
            action,
            reason,
            OptionalLong.empty(),
            Optional.empty(),
            0,
            looked.current(),
            List.of())
        .withTurn(Turns.NONE);
  }

  private Optional<RestoreItem> absentThen() {
    return switch (looked.current()) {
      case CurrentState.Absent _ -> Optional.empty();
      case CurrentState.Present(_, _, var size) -> {
        if (!request.rules().deleteExtra()) {
          yield Optional.of(
              item(
                  RestoreAction.LEFT_ALONE,
                  inPlace() ? "created since" : "no part of what is restored",
                  size));
        }
        if (!known) {
          yield Optional.of(
              item(
                  RestoreAction.LEFT_ALONE,
                  "the catalog does not know it: it is not protected, or newer than the last look",
                  size));
        }
        yield Optional.of(
            keepable
                ? item(RestoreAction.DELETE, "created since", size)
                : item(
                    RestoreAction.CANNOT,
                    "created since, and not at a secondary yet: deleting would lose it",
                    size));
      }
    };
  }

  private RestoreItem presentThen(RecordedVersion version) {
    long size = version.entry().bytes();
    return switch (looked.current()) {
      case CurrentState.Absent _ ->
          writing(RestoreAction.BRING_BACK, inPlace() ? "deleted since" : "not there yet", size);
      case CurrentState.Present _ -> {
        var overwrite = request.rules().overwrite();
        if (same) {
          yield overwrite == Overwrite.ALWAYS
              ? writing(RestoreAction.PUT_BACK, "equal, written again", size)
              : item(RestoreAction.UNCHANGED, "already right", size);
        }
        yield switch (overwrite) {
          case IF_CHANGED, ALWAYS ->
              writing(
                  RestoreAction.PUT_BACK,
                  inPlace()
                      ? "changed since"
                      : "has other content, or content that is compared when it is written",
                  size);
          case IF_NEWER ->
              looked.changedAt().filter(now -> now.isBefore(version.lastModified())).isPresent()
                  ? writing(RestoreAction.PUT_BACK, "is older now", size)
                  : item(RestoreAction.LEFT_ALONE, "has newer content now", size);
          case NEVER -> item(RestoreAction.LEFT_ALONE, "has other content now", size);
        };
      }
    };
  }

  private RestoreItem undelete(RecordedVersion version) {
    long size = version.entry().bytes();
    return switch (looked.current()) {
      case CurrentState.Present _ ->
          same
              ? item(RestoreAction.UNCHANGED, "not deleted", size)
              : item(RestoreAction.LEFT_ALONE, "has content now", size);
      case CurrentState.Absent _ -> {
        var hidden = looked.newestContent();
        if (hidden.isEmpty() || looked.markers().isEmpty()) {
          yield writing(
              RestoreAction.BRING_BACK, "its version is gone at the primary: written anew", size);
        }
        // What lies below the markers comes back, also when the catalog has not seen it yet.
        yield withoutMarkers(hidden.get());
      }
    };
  }

  private boolean inPlace() {
    return request.target().inPlace();
  }

  private RestoreItem withoutMarkers(ListedVersion hidden) {
    var known = wanted.filter(version -> version.versionId().equals(hidden.versionId()));
    return RestoreItem.planned(
        looked.key(),
        RestoreAction.BRING_BACK,
        "deleted since",
        known.map(version -> OptionalLong.of(version.id())).orElse(OptionalLong.empty()),
        Optional.of(hidden.versionId()),
        hidden.entry().bytes(),
        looked.current(),
        looked.markers());
  }

  private RestoreItem writing(RestoreAction action, String reason, long size) {
    return lost.map(why -> item(RestoreAction.CANNOT, why, size))
        .orElseGet(() -> item(action, reason, size));
  }

  private RestoreItem item(RestoreAction action, String reason, long size) {
    return RestoreItem.planned(
        looked.key(),
        action,
        reason,
        wanted.map(version -> OptionalLong.of(version.id())).orElse(OptionalLong.empty()),
        wanted.map(RecordedVersion::versionId),
        size,
        looked.current(),
        List.of());
  }
}
