package org.vistadr.protect;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ScrubLog;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Looks at what must hold while anything is pruned. Asks each site for its clock.
///
/// @param secondaries by name, with the keys of every day
record PruneGate(
    Catalog catalog,
    PruneSettings settings,
    ObjectStore primary,
    Map<SiteName, ObjectStore> secondaries,
    InstantSource clock) {

  /// Why nothing may be removed now; empty when it may.
  ///
  /// @param losing secondaries that lose replicas
  /// @param reliedOn secondaries whose copies are relied on
  Optional<PruneRefusedException> refusal(Set<SiteName> losing, Collection<SiteName> reliedOn) {
    List<PruneConditions.Site> sites = new ArrayList<>();
    Set<SiteName> concerned = new TreeSet<>(losing);
    concerned.addAll(reliedOn);
    for (SiteName site : concerned) {
      Optional<ObjectStore> store = Optional.ofNullable(secondaries.get(site));
      Duration objective =
          Optional.ofNullable(settings.sites().get(site))
              .map(PruneSettings.Site::objective)
              .orElse(Duration.ZERO);
      sites.add(
          new PruneConditions.Site(
              site,
              reliedOn.contains(site),
              catalog.queue().lag(site, clock.instant()),
              objective,
              store.flatMap(this::skew),
              catalog.scrub().open(site),
              verifiedSince(site)));
    }
    return new PruneConditions(
            clock.instant(),
            catalog.brake().state().engaged(),
            catalog.scans().lastComplete().isPresent() && !catalog.scans().newestIsIncomplete(),
            skew(primary),
            sites,
            settings.verifiedWithin())
        .refusal();
  }

  /// A replica that was recorded after a round began was proved when it was written.
  private Optional<Instant> verifiedSince(SiteName site) {
    return Stream.of(ScrubDepth.values())
        .map(depth -> catalog.scrub().progress(site, depth))
        .map(ScrubLog.Progress::lastRoundBegan)
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder());
  }

  private Optional<Duration> skew(ObjectStore store) {
    try {
      Instant before = clock.instant();
      Instant there = store.bucketState().serverTime();
      Duration passed = Duration.between(before, clock.instant());
      return Optional.of(Duration.between(before.plus(passed.dividedBy(2)), there));
    } catch (StorageException _) {
      return Optional.empty();
    }
  }
}
