package org.vistadr.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Cuts the bucket into key ranges that are listed at the same time: where the catalog has keys,
/// into equal parts of them; on the first scan, between the prefixes that the bucket shows. A
/// bucket that can only be listed from its beginning is one range, and so is one whose last scan
/// came to no end: a listing that left keys out may have done so because it began in the middle.
final class ScanRanges {

  private ScanRanges() {}

  /// Adjoining ranges that cover the whole bucket.
  static List<KeyRange> plan(Catalog catalog, ObjectStore primary, int parts)
      throws StorageException {
    if (parts <= 1
        || !primary.profile().listsFromAnyKey()
        || catalog.scans().newestIsIncomplete()) {
      return List.of(KeyRange.ALL);
    }
    List<ObjectKey> cuts = catalog.versions().splitKeys(parts);
    return between(cuts.isEmpty() ? thin(prefixes(primary), parts - 1) : cuts);
  }

  /// The ranges between ascending cuts. Pure.
  static List<KeyRange> between(List<ObjectKey> cuts) {
    List<KeyRange> ranges = new ArrayList<>();
    Optional<ObjectKey> after = Optional.empty();
    for (ObjectKey cut : cuts) {
      ranges.add(new KeyRange(after, Optional.of(cut)));
      after = Optional.of(cut);
    }
    ranges.add(new KeyRange(after, Optional.empty()));
    return ranges;
  }

  private static List<ObjectKey> prefixes(ObjectStore primary) throws StorageException {
    List<String> top = primary.commonPrefixes("");
    TreeSet<ObjectKey> cuts = new TreeSet<>();
    for (String prefix : top) {
      addCut(cuts, prefix);
      // A handful of top prefixes says little about where the keys are; their children say more.
      if (top.size() <= 8) {
        for (String child : primary.commonPrefixes(prefix)) {
          addCut(cuts, child);
        }
      }
    }
    return List.copyOf(cuts);
  }

  private static void addCut(Set<ObjectKey> cuts, String prefix) {
    if (!prefix.isEmpty() && !prefix.startsWith(ObjectKey.RESERVED_PREFIX)) {
      cuts.add(new ObjectKey(prefix));
    }
  }

  /// At most `most` of the cuts, evenly spread. Pure.
  static List<ObjectKey> thin(List<ObjectKey> cuts, int most) {
    if (cuts.size() <= most) {
      return cuts;
    }
    List<ObjectKey> result = new ArrayList<>();
    for (int i = 1; i <= most; i++) {
      result.add(cuts.get((int) ((long) i * cuts.size() / (most + 1))));
    }
    return result.stream().distinct().toList();
  }
}
