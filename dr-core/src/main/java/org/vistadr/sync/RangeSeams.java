package org.vistadr.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.KeyRange;
import org.vistadr.model.ObjectKey;

/// Compares what adjoining key ranges saw of one another. The last page of a range shows the first
/// key behind it; the range that this key lies in has to begin with it, or with a smaller one. A
/// provider that skips keys when a listing begins at a key that is not there is found out so.
final class RangeSeams {

  private RangeSeams() {}

  /// A range listed to its end.
  ///
  /// @param first the first key that the range itself showed
  /// @param beyond the first key behind the range, empty when the listing ended
  record Listed(KeyRange range, Optional<ObjectKey> first, Optional<ObjectKey> beyond) {}

  /// A key that one range saw behind its end and that its own range lacks. It came or went while
  /// the ranges were listed, or the provider left it out.
  record Doubt(KeyRange range, ObjectKey key) {}

  /// The keys in doubt. Pure.
  ///
  /// @param ranges all ranges of a scan, in key order
  static List<Doubt> of(List<Listed> ranges) {
    List<Doubt> doubts = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).beyond().isEmpty()) {
        continue;
      }
      ObjectKey key = ranges.get(i).beyond().get();
      ranges.subList(i + 1, ranges.size()).stream()
          .filter(next -> next.range().contains(key))
          .filter(next -> next.first().map(first -> first.compareTo(key) > 0).orElse(true))
          .forEach(next -> doubts.add(new Doubt(next.range(), key)));
    }
    return doubts;
  }
}
