package org.vistadr.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides whether what a scan saw engages the brake. Pure.
///
/// Nothing here can lose bytes: a brake that is engaged in vain holds deletions back until a person
/// has looked, one that is not engaged lets them become delete markers or moves to the history.
public final class BrakeRule {

  /// From this share on replaced content that grew a little is no coincidence.
  private static final double MOST = 0.9;

  private static final int MOST_NAMED = 5;

  private BrakeRule() {}

  /// The reasons to engage it; none when the findings are a day's work.
  public static List<BrakeReason> decide(BrakeLimits limits, ScanFindings findings) {
    List<BrakeReason> reasons = new ArrayList<>();
    another(findings).ifPresent(reasons::add);
    emptied(limits, findings).ifPresent(reasons::add);
    deletions(limits, findings).ifPresent(reasons::add);
    overwrites(limits, findings).ifPresent(reasons::add);
    versioningOff(findings).ifPresent(reasons::add);
    return reasons.stream()
        .filter(reason -> limits.watched().contains(reason.suspicion()))
        .toList();
  }

  /// The reasons to engage it for what became of the bucket's settings, before any deletion is
  /// seen: none when the settings remove nothing that they did not remove before.
  ///
  /// @param before as it was known last
  public static List<BrakeReason> decide(
      BrakeLimits limits, BucketConfig before, BucketConfig after) {
    List<BrakeReason> reasons = new ArrayList<>();
    if (keepsVersions(before)
        && after.value(BucketSetting.VERSIONING).isKnown()
        && !keepsVersions(after)) {
      reasons.add(notVersionedAnyMore());
    }
    if (before.value(BucketSetting.LIFECYCLE).isKnown()) {
      List<String> added =
          LifecycleExpiry.added(
                  before.configured(BucketSetting.LIFECYCLE),
                  after.configured(BucketSetting.LIFECYCLE))
              .stream()
              .map(LifecycleExpiry::words)
              .toList();
      if (!added.isEmpty()) {
        reasons.add(
            new BrakeReason(
                Suspicion.EXPIRY,
                "the lifecycle of the primary's bucket was changed: %s%s"
                    .formatted(
                        String.join("; ", added.subList(0, Math.min(MOST_NAMED, added.size()))),
                        added.size() > MOST_NAMED
                            ? "; and %d more".formatted(added.size() - MOST_NAMED)
                            : "")));
      }
    }
    return reasons.stream()
        .filter(reason -> limits.watched().contains(reason.suspicion()))
        .toList();
  }

  private static boolean keepsVersions(BucketConfig config) {
    return config
        .configured(BucketSetting.VERSIONING)
        .flatMap(root -> root.value("Status"))
        .equals(Optional.of("Enabled"));
  }

  private static Optional<BrakeReason> another(ScanFindings findings) {
    return switch (findings.bucket()) {
      case MARKED, RECOGNISED, UNRECOGNISED -> Optional.empty();
      case ANOTHER ->
          Optional.of(
              new BrakeReason(
                  Suspicion.OTHER_BUCKET,
                  "another bucket answers to the primary's name: it carries another mark"));
    };
  }

  private static Optional<BrakeReason> emptied(BrakeLimits limits, ScanFindings findings) {
    if (findings.objectsBefore() < limits.minimum()) {
      return Optional.empty();
    }
    if (findings.listed() == 0) {
      return Optional.of(
          new BrakeReason(
              Suspicion.EMPTIED,
              "the primary lists nothing, %d objects were there"
                  .formatted(findings.objectsBefore())));
    }
    return findings.bucket() == BucketProof.UNRECOGNISED
        ? Optional.of(
            new BrakeReason(
                Suspicion.OTHER_BUCKET,
                "the primary lists none of the versions that are known and lost its mark: it was"
                    + " made anew, or is another bucket"))
        : Optional.empty();
  }

  private static Optional<BrakeReason> deletions(BrakeLimits limits, ScanFindings findings) {
    long deleted = findings.deleted();
    double share = share(deleted, findings.objectsBefore());
    if (deleted < limits.minimum()
        || (share <= limits.deletedShare() && deleted <= limits.deletedCount())) {
      return Optional.empty();
    }
    return Optional.of(
        new BrakeReason(
            Suspicion.DELETIONS,
            "%d of %d objects were deleted, %s; %s are allowed"
                .formatted(
                    deleted,
                    findings.objectsBefore(),
                    percent(share),
                    share > limits.deletedShare()
                        ? percent(limits.deletedShare())
                        : "%d".formatted(limits.deletedCount()))));
  }

  private static Optional<BrakeReason> overwrites(BrakeLimits limits, ScanFindings findings) {
    long overwritten = findings.overwritten();
    if (overwritten < limits.minimum()) {
      return Optional.empty();
    }
    double share = share(overwritten, findings.objectsBefore());
    boolean encrypted =
        share(findings.grown(), overwritten) >= MOST && share > limits.overwrittenShare() / 2;
    if (encrypted && limits.watched().contains(Suspicion.ENCRYPTION)) {
      return Optional.of(
          new BrakeReason(
              Suspicion.ENCRYPTION,
              "%d of %d objects were overwritten and nearly all grew a little, as encrypted ones do"
                  .formatted(overwritten, findings.objectsBefore())));
    }
    return share > limits.overwrittenShare()
        ? Optional.of(
            new BrakeReason(
                Suspicion.OVERWRITES,
                "%d of %d objects were overwritten, %s; %s are allowed"
                    .formatted(
                        overwritten,
                        findings.objectsBefore(),
                        percent(share),
                        percent(limits.overwrittenShare()))))
        : Optional.empty();
  }

  private static Optional<BrakeReason> versioningOff(ScanFindings findings) {
    return findings.regimeBefore().equals(Optional.of(Regime.VERSIONED))
            && findings.regime() != Regime.VERSIONED
        ? Optional.of(notVersionedAnyMore())
        : Optional.empty();
  }

  private static BrakeReason notVersionedAnyMore() {
    return new BrakeReason(
        Suspicion.VERSIONING_OFF,
        "the primary kept versions and does not any more: what is overwritten there is gone"
            + " there");
  }

  private static double share(long part, long whole) {
    return whole <= 0 ? 0 : (double) part / whole;
  }

  private static String percent(double share) {
    return "%d %%".formatted(Math.round(share * 100));
  }
}
