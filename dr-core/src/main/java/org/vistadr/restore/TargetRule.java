package org.vistadr.restore;

import java.util.Map;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.restore.RestoreRefusedException.Code;

/// Which requests make no sense for their target, whatever is there. Pure.
final class TargetRule {

  private TargetRule() {}

  /// @throws RestoreRefusedException when a request asks of its target what is only done in place
  static void check(RestorePlan.Request request) throws RestoreRefusedException {
    if (request.target().inPlace()) {
      return;
    }
    if (request.rules().deleteExtra()) {
      throw refused(
          "extra keys are only deleted in place: what is at %s beside the restored objects is not known to the catalog"
              .formatted(request.target().text()),
          "leave delete-extra out, or restore to an empty bucket, prefix or directory");
    }
    switch (request.goal()) {
      case RestoreGoal.AsOf _, RestoreGoal.Undo _ -> {}
      case RestoreGoal.Undelete _ ->
          throw refused(
              "delete markers are only removed in place, not at " + request.target().text(),
              "restore as of a moment before the deletion instead");
    }
    if (request.target() instanceof RestoreTarget.Bucket(_, _, var prefix)
        && prefix.startsWith(ObjectKey.RESERVED_PREFIX)) {
      throw refused(
          "%s is below %s, which belongs to VISTA DR"
              .formatted(request.target().text(), ObjectKey.RESERVED_PREFIX),
          "choose another prefix");
    }
  }

  /// Looks whether a restore within the primary would write what it reads.
  ///
  /// @param prefix what is put before each key
  /// @throws RestoreRefusedException when the target lies inside the source, or the source in it
  static void checkWithinPrimary(RestoreScope scope, String prefix) throws RestoreRefusedException {
    if (prefix.isEmpty()) {
      throw refused(
          "that is the primary itself",
          "leave the target out to restore in place, or add a prefix");
    }
    boolean inside =
        switch (scope) {
          case RestoreScope.All() -> true;
          case RestoreScope.Parts(var keys, var prefixes) ->
              keys.stream().anyMatch(key -> key.value().startsWith(prefix))
                  || prefixes.stream()
                      .anyMatch(source -> source.startsWith(prefix) || prefix.startsWith(source));
        };
    if (inside) {
      throw refused(
          "the target %s lies inside the source %s of the same bucket, or the source in it"
              .formatted(prefix, scope.words()),
          "choose a prefix that has nothing to do with the source, or another bucket");
    }
  }

  static RestoreRefusedException refused(String message, String hint) {
    return new RestoreRefusedException(Code.TARGET_REFUSED, message, hint, Map.of());
  }
}
