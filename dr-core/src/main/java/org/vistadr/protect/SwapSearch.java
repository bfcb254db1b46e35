package org.vistadr.protect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.FindingLog.Candidate;
import org.vistadr.model.Finding;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;

/// Says by name whose bytes were found at a place: those of another version, told by their SHA-256,
/// or by size and entity tag at the same secondary. One pass over the catalog for all findings
/// together, so that no index is needed for what is rare.
final class SwapSearch {

  /// Findings of one pass.
  private static final int AT_ONCE = 1_000;

  private SwapSearch() {}

  /// A version that holds the same bytes, and how many others do.
  private record Twin(ObjectKey key, Instant time, long others) {
    String text(ObjectKey found) {
      String whose =
          key.equals(found)
              ? "its own version of %s".formatted(time)
              : "%s, version of %s".formatted(key, time);
      return others == 0 ? whose : whose + " (and of %d more)".formatted(others);
    }
  }

  /// Compares what was found at a secondary with all versions.
  static void run(Catalog catalog, SiteName secondary) {
    for (List<FindingLog.Row> page = catalog.findings().notCompared(secondary, AT_ONCE);
        !page.isEmpty();
        page = catalog.findings().notCompared(secondary, AT_ONCE)) {
      Map<Long, List<FindingLog.Row>> bySize = new HashMap<>();
      for (FindingLog.Row row : page) {
        bySize.computeIfAbsent(row.bytes().orElseThrow().size(), _ -> new ArrayList<>()).add(row);
      }
      Map<Long, Twin> twins = new HashMap<>();
      catalog
          .findings()
          .candidates(
              secondary,
              page,
              candidate ->
                  bySize.getOrDefault(candidate.bytes().size(), List.of()).stream()
                      .filter(row -> isTwin(row, candidate))
                      .forEach(row ->
                          twins.merge(
                              row.finding().id(),
                              new Twin(candidate.key(), candidate.time(), 0),
                              (first, next) -> better(row.finding(), first, next))));
      page.forEach(row ->
          record(catalog, row.finding(), Optional.ofNullable(twins.get(row.finding().id()))));
    }
  }

  private static boolean isTwin(FindingLog.Row row, Candidate candidate) {
    if (candidate.versionId() == row.finding().versionId()) {
      return false;
    }
    Finding.Bytes found = row.bytes().orElseThrow();
    return found.sha256().isPresent()
        ? found.sha256().equals(candidate.bytes().sha256())
        : found.etag().equals(candidate.bytes().etag());
  }

  /// Another version of the same key tells more than one of another key.
  private static Twin better(Finding finding, Twin first, Twin next) {
    Twin chosen = !first.key.equals(finding.key()) && next.key.equals(finding.key()) ? next : first;
    return new Twin(chosen.key, chosen.time, first.others + 1);
  }

  private static void record(Catalog catalog, Finding finding, Optional<Twin> twin) {
    if (twin.isEmpty()) {
      catalog.findings().compared(finding.id(), finding.kind(), finding.detail());
      return;
    }
    String whose = twin.get().text(finding.key());
    if (finding.kind() == Finding.Kind.EXTRA) {
      catalog
          .findings()
          .compared(
              finding.id(), finding.kind(), finding.detail() + "; it holds the bytes of " + whose);
    } else {
      catalog
          .findings()
          .compared(
              finding.id(),
              Finding.Kind.SWAPPED,
              "%s holds the bytes of %s".formatted(finding.key(), whose));
    }
  }
}
