package org.vistadr.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Decides whether what copies showed of overwritten objects engages the brake. Pure.
///
/// It says nothing of objects whose bytes passed without being looked at.
public final class ContentRule {

  private static final int KEY_LENGTH = 120;
  private static final int MOST_KINDS = 3;

  private ContentRule() {}

  /// The reasons to engage it; none for a day's work.
  public static List<BrakeReason> decide(BrakeLimits limits, ContentFindings findings) {
    List<BrakeReason> reasons = new ArrayList<>();
    if (tooMany(limits, findings, findings.hidden())) {
      reasons.add(
          new BrakeReason(
              Suspicion.CONTENT,
              "%d of %d overwritten objects lost their file signature (%s before, unrecognised or encrypted now)%s"
                  .formatted(
                      findings.hidden(),
                      findings.overwritten(),
                      kinds(findings),
                      keys(findings.samples().hidden()))));
    }
    long locked = findings.rekeyed() + findings.unreadable();
    if (tooMany(limits, findings, locked)) {
      reasons.add(
          new BrakeReason(
              Suspicion.ENCRYPTION_KEY,
              "%d of %d overwritten objects are encrypted with another key than before%s%s"
                  .formatted(
                      locked,
                      findings.overwritten(),
                      findings.unreadable() == 0
                          ? ""
                          : ", %d of them cannot be read without it"
                              .formatted(findings.unreadable()),
                      keys(findings.samples().rekeyed()))));
    }
    return reasons.stream()
        .filter(reason -> limits.watched().contains(reason.suspicion()))
        .toList();
  }

  private static boolean tooMany(BrakeLimits limits, ContentFindings findings, long objects) {
    double share = findings.objectsBefore() <= 0 ? 1 : (double) objects / findings.objectsBefore();
    return objects >= limits.minimum()
        && (share > limits.shiftedShare() || objects > limits.shiftedCount());
  }

  private static String kinds(ContentFindings findings) {
    return findings.kinds().entrySet().stream()
        .sorted(
            Map.Entry.<ContentKind, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_KINDS)
        .map(kind -> kind.getKey().words())
        .collect(Collectors.joining(", "));
  }

  private static String keys(List<ObjectKey> keys) {
    return keys.isEmpty()
        ? ""
        : keys.stream()
            .map(ObjectKey::value)
            .map(key -> key.length() <= KEY_LENGTH ? key : key.substring(0, KEY_LENGTH) + "…")
            .collect(Collectors.joining(", ", "; for example ", ""));
  }
}
