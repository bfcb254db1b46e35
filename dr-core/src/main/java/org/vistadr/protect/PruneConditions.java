package org.vistadr.protect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.Lag;
import org.vistadr.model.SiteName;
import org.vistadr.protect.PruneRefusedException.Reason;

/// What must hold while anything is pruned, as it was looked at once. Decides; pure.
///
/// @param brakeEngaged whether the brake is
/// @param scanComplete whether the last scan that ended listed everything
/// @param primarySkew the primary's clock minus ours; empty when it did not answer
/// @param sites secondaries that lose replicas, and those whose copies are relied on
/// @param verifiedWithin copies that are relied on must have been looked at within this time
record PruneConditions(
    Instant now,
    boolean brakeEngaged,
    boolean scanComplete,
    Optional<Duration> primarySkew,
    List<Site> sites,
    Duration verifiedWithin) {

  /// Clocks that differ by more than this do not agree.
  static final Duration SKEW_LIMIT = Duration.ofSeconds(60);

  /// A secondary.
  ///
  /// @param reliedOn whether something goes because this one has a copy
  /// @param objective the lag that is allowed
  /// @param skew its clock minus ours; empty when it did not answer
  /// @param findings that are not repaired
  /// @param verifiedSince everything there was looked at, or written, since then
  record Site(
      SiteName name,
      boolean reliedOn,
      Lag lag,
      Duration objective,
      Optional<Duration> skew,
      long findings,
      Optional<Instant> verifiedSince) {}

  /// Why nothing may be pruned now; empty when it may.
  Optional<PruneRefusedException> refusal() {
    if (brakeEngaged) {
      return refuse(
          Reason.BRAKE_ENGAGED,
          "the brake is engaged: nothing is pruned",
          "find out what happened and decide about what is held",
          "vistadr held list");
    }
    if (!scanComplete) {
      return refuse(
          Reason.SCAN_INCOMPLETE,
          "the last scan of the primary did not see all of it",
          "see why, and have one complete",
          "vistadr task list");
    }
    Optional<PruneRefusedException> refused = clock(SiteName.PRIMARY, primarySkew);
    for (Site site : sites) {
      refused =
          refused
              .or(() -> lag(site))
              .or(() -> clock(site.name, site.skew))
              .or(() -> findings(site))
              .or(() -> verified(site));
    }
    return refused;
  }

  private Optional<PruneRefusedException> lag(Site site) {
    return switch (site.lag) {
      case Lag.Unknown(String reason) ->
          refuse(
              Reason.LAGGING,
              "the lag of %s is unknown: %s".formatted(site.name, reason),
              "wait until everything is there",
              "vistadr status");
      case Lag.Known(_, Duration age) when age.compareTo(site.objective) > 0 ->
          refuse(
              Reason.LAGGING,
              "%s is %d s behind, its objective is %d s"
                  .formatted(site.name, age.toSeconds(), site.objective.toSeconds()),
              "wait until it has caught up, or see what keeps it back",
              "vistadr status");
      case Lag.Known _ -> Optional.empty();
    };
  }

  private static Optional<PruneRefusedException> clock(SiteName site, Optional<Duration> skew) {
    if (skew.isEmpty()) {
      return refuse(
          Reason.CLOCKS_DIFFER,
          "the clock of %s cannot be read".formatted(site),
          "see why the site does not answer",
          "vistadr check " + site);
    }
    if (skew.get().abs().compareTo(SKEW_LIMIT) <= 0) {
      return Optional.empty();
    }
    return refuse(
        Reason.CLOCKS_DIFFER,
        "the clock of %s differs from ours by %d s".formatted(site, skew.get().toSeconds()),
        "times of versions cannot be trusted: check NTP on both sides",
        "vistadr check " + site);
  }

  private static Optional<PruneRefusedException> findings(Site site) {
    return site.findings == 0
        ? Optional.empty()
        : refuse(
            Reason.FINDINGS_OPEN,
            "%s has %d copies that are not as they were written"
                .formatted(site.name, site.findings),
            "repair them, and have them read back",
            "vistadr verify findings");
  }

  private Optional<PruneRefusedException> verified(Site site) {
    if (!site.reliedOn
        || site.verifiedSince
            .filter(since -> !since.isBefore(now.minus(verifiedWithin)))
            .isPresent()) {
      return Optional.empty();
    }
    return refuse(
        Reason.NOT_VERIFIED,
        site.verifiedSince
            .map(since ->
                "the copies at %s, which are relied on, were all looked at last since %s"
                    .formatted(site.name, since))
            .orElse(
                "the copies at %s, which are relied on, were never all looked at"
                    .formatted(site.name)),
        "have a round of verification come to its end",
        "vistadr verify run " + site.name,
        "vistadr verify list");
  }

  private static Optional<PruneRefusedException> refuse(
      Reason reason, String message, String hint, String... tryNext) {
    return Optional.of(new PruneRefusedException(reason, message, hint, tryNext));
  }
}
