package org.vistadr.catalog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;

/// The naive model of a catalog: a list of versions, and per secondary a map from version to state.
/// Every answer is counted anew, straight from its definition.
class CatalogModel {

  static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "f");

  final List<Version> versions = new ArrayList<>();
  final Map<SiteName, Site> sites = new TreeMap<>();
  final TreeMap<Long, Instant> complete = new TreeMap<>();
  long running;

  long rank(String key) {
    long highest = VersionLog.FIRST_RANK;
    for (Version version : versions) {
      if (version.key.equals(key)) {
        highest = Math.max(highest, version.rank + VersionLog.RANK_STEP);
      }
    }
    return highest;
  }

  int move(Site site, Optional<String> key, ReplicaState to) {
    List<Long> moved =
        site.states.keySet().stream()
            .filter(id -> site.states.get(id) == ReplicaState.GIVEN_UP)
            .filter(id -> key.isEmpty() || key.get().equals(version(id).key))
            .toList();
    moved.forEach(id -> site.states.put(id, to));
    return moved.size();
  }

  static Site undeclared() {
    Site site = new Site();
    site.declared = false;
    return site;
  }

  Version version(long id) {
    return versions.get((int) id - 1);
  }

  final Site before = new Site();

  /// The definition, read literally.
  Optional<Instant> advance(Site site) {
    before.point = site.point;
    before.pointScan = site.pointScan;
    if (site.through < site.until) {
      return Optional.empty();
    }
    if (!site.declared) {
      return site.point;
    }
    for (Map.Entry<Long, Instant> scan : complete.descendingMap().entrySet()) {
      long number = scan.getKey();
      if (number == running || number <= site.pointScan) {
        continue;
      }
      boolean proved = site.states.entrySet().stream().noneMatch(row -> holdsBack(number, row));
      if (proved) {
        site.pointScan = number;
        site.point =
            Optional.of(site.point.filter(p -> p.isAfter(scan.getValue())).orElse(scan.getValue()));
        break;
      }
    }
    return site.point;
  }

  boolean holdsBack(long scan, Map.Entry<Long, ReplicaState> row) {
    Version version = version(row.getKey());
    return switch (row.getValue()) {
      case PENDING, HELD, GIVEN_UP -> version.seen <= scan;
      case MISSED -> version.seen <= scan && scan < version.purged;
      case DURABLE, WAIVED, PRUNED -> false;
    };
  }

  static long count(Site site, ReplicaState state) {
    return site.states.values().stream().filter(state::equals).count();
  }

  VersionLog.Totals totals() {
    long[] sums = new long[5];
    for (String key : KEYS) {
      List<Version> there =
          versions.stream().filter(v -> v.key.equals(key) && v.atPrimary()).toList();
      for (Version version : there) {
        boolean current = version == there.getLast();
        if (version.size.isEmpty()) {
          sums[4]++;
        } else {
          sums[current ? 0 : 2]++;
          sums[current ? 1 : 3] += version.size.get();
        }
      }
    }
    return new VersionLog.Totals(sums[0], sums[1], sums[2], sums[3], sums[4]);
  }

  static final class Version {
    final long id;
    final String key;
    final long rank;
    final boolean listed;
    final Optional<Long> size;
    final long seen;
    final Instant changed;
    long purged;

    Version(
        long id,
        String key,
        long rank,
        boolean listed,
        Optional<Long> size,
        long seen,
        Instant changed) {
      this.id = id;
      this.key = key;
      this.rank = rank;
      this.listed = listed;
      this.size = size;
      this.seen = seen;
      this.changed = changed;
    }

    boolean atPrimary() {
      return listed && purged == 0;
    }
  }

  static final class Site {
    final Map<Long, ReplicaState> states = new TreeMap<>();
    boolean declared = true;
    long through;
    long until;
    Optional<Instant> point = Optional.empty();
    long pointScan;
  }
}
