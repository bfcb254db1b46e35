package org.vistadr.restore.target;

import java.util.List;
import java.util.Map;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.RestoreTarget;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;

/// Which requests make no sense for their target, whatever is there. Pure.
public final class TargetRule {

  /// A prefix that is probably free.
  private static final String FRESH = "restored/";

  private TargetRule() {}

  /// @throws RestoreRefusedException when a request asks of its target what is only done in place
  public static void check(RestorePlan.Request request) throws RestoreRefusedException {
    if (request.target().inPlace()) {
      return;
    }
    if (request.rules().deleteExtra()) {
      throw refused(
          "extra keys are only deleted in place: what is at %s beside the restored objects is not known to the catalog"
              .formatted(request.target().text()),
          "leave delete-extra out, or restore to an empty bucket, prefix or directory",
          request.withRules(request.rules().withDeleteExtra(false)));
    }
    switch (request.goal()) {
      case RestoreGoal.AsOf _, RestoreGoal.Undo _ -> {}
      case RestoreGoal.Undelete _ ->
          throw refused(
              "delete markers are only removed in place, not at " + request.target().text(),
              "restore as of a moment before the deletion instead, or undelete in place",
              request.withTarget(RestoreTarget.IN_PLACE));
    }
    if (request.target() instanceof RestoreTarget.Bucket(var site, var bucket, var prefix)
        && prefix.startsWith(ObjectKey.RESERVED_PREFIX)) {
      throw refused(
          "%s is below %s, which belongs to VISTA DR"
              .formatted(request.target().text(), ObjectKey.RESERVED_PREFIX),
          "choose another prefix",
          request.withTarget(new RestoreTarget.Bucket(site, bucket, FRESH)));
    }
  }

  /// Looks whether a restore within the primary would write what it reads.
  ///
  /// @param asked its target
  /// @param elsewhere a target in another bucket
  /// @throws RestoreRefusedException when the target lies inside the source, or the source in it
  static void checkWithinPrimary(
      RestorePlan.Request request, RestoreTarget.Bucket asked, RestoreTarget elsewhere)
      throws RestoreRefusedException {
    if (asked.prefix().isEmpty()) {
      throw refused(
          "that is the primary itself",
          "leave the target out to restore in place, or add a prefix",
          request.withTarget(RestoreTarget.IN_PLACE));
    }
    if (isInside(request.scope(), asked.prefix())) {
      throw refused(
          "the target %s lies inside the source %s of the same bucket, or the source in it"
              .formatted(asked.prefix(), request.scope().words()),
          "choose a prefix that has nothing to do with the source, or another bucket",
          request.withTarget(
              isInside(request.scope(), FRESH)
                  ? elsewhere
                  : new RestoreTarget.Bucket(asked.site(), asked.bucket(), FRESH)));
    }
  }

  private static boolean isInside(RestoreScope scope, String prefix) {
    return switch (scope) {
      case RestoreScope.All() -> true;
      case RestoreScope.Parts(var keys, var prefixes) ->
          keys.stream().anyMatch(key -> key.value().startsWith(prefix))
              || prefixes.stream()
                  .anyMatch(source -> source.startsWith(prefix) || prefix.startsWith(source));
    };
  }

  /// @param instead what can be asked for
  static RestoreRefusedException refused(String message, String hint, RestorePlan.Request instead) {
    return refused(message, hint, RestoreLine.of(instead));
  }

  /// @param tryNext a command line that would work
  static RestoreRefusedException refused(String message, String hint, String tryNext) {
    return new RestoreRefusedException(
        Code.TARGET_REFUSED, message, hint, Map.of(), List.of(tryNext));
  }
}
