package org.vistadr.restore.view;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.SiteName;

/// How much a part of a view shows, and how much of that is missing where. Immutable.
///
/// @param moment what the time resolved to
/// @param objects keys that the view shows
/// @param bytes of these
/// @param ambiguous keys of which it is not certain what they held
/// @param missing per secondary how many of the versions are not durable there; 0 where all are
/// @param last the last key that was looked at; empty at the end of the view
public record ViewSum(
    RestorePlan.Moment moment,
    long objects,
    long bytes,
    long ambiguous,
    Map<SiteName, Long> missing,
    Optional<ObjectKey> last) {

  /// Copies the map.
  public ViewSum {
    missing = Map.copyOf(missing);
  }

  /// Reads a view on, key by key.
  static ViewSum of(View view, ReplicaLog replicas, List<SiteName> secondaries, int keys) {
    long objects = 0;
    long bytes = 0;
    long ambiguous = 0;
    Map<SiteName, Long> missing = new TreeMap<>();
    secondaries.forEach(site -> missing.put(site, 0L));
    var last = Optional.<ObjectKey>empty();
    var step = view.step();
    for (int looked = 0; step.isPresent() && looked < keys; looked++) {
      last = Optional.of(step.get().key());
      var entry = step.get().entry();
      if (entry.flatMap(ViewEntry::doubt).isPresent()) {
        ambiguous++;
      }
      var version = entry.flatMap(ViewEntry::version);
      if (version.isPresent()) {
        objects++;
        bytes += version.get().entry().bytes();
        var there = replicas.sitesOf(version.get().id());
        secondaries.stream()
            .filter(site -> !there.contains(site))
            .forEach(site -> missing.merge(site, 1L, Long::sum));
      }
      step = view.step();
    }
    return new ViewSum(
        view.moment(),
        objects,
        bytes,
        ambiguous,
        missing,
        step.isPresent() ? last : Optional.empty());
  }
}
