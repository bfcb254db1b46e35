package org.vistadr.protect;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.vistadr.model.RetentionPolicy;
import org.vistadr.model.SiteName;

/// How retention is configured.
///
/// @param sites every secondary
/// @param verifiedWithin copies that are relied on must have been looked at within this time
public record PruneSettings(SortedMap<SiteName, Site> sites, Duration verifiedWithin) {

  /// Copies that are relied on are not older than this, unless it is configured.
  public static final Duration VERIFIED_WITHIN = Duration.ofDays(30);

  /// Copies the map.
  public PruneSettings {
    sites = new TreeMap<>(sites);
  }

  /// A secondary.
  ///
  /// @param policy empty keeps everything
  /// @param objective the lag that is allowed
  public record Site(Optional<RetentionPolicy> policy, Duration objective) {}

  /// The policies.
  public SortedMap<SiteName, Optional<RetentionPolicy>> policies() {
    SortedMap<SiteName, Optional<RetentionPolicy>> policies = new TreeMap<>();
    sites.forEach((name, site) -> policies.put(name, site.policy));
    return policies;
  }
}
