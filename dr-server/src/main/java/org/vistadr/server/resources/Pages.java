package org.vistadr.server.resources;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.vistadr.api.Page;

/// Makes pages of lists that were asked for one entry more than a page holds: that one tells
/// whether another page follows.
final class Pages {

  private Pages() {}

  /// @param found at most `size` + 1 entries
  /// @param place of an entry in the order of the list; the cursor of the last one
  static <T, V> Page<V> of(
      List<T> found,
      int size,
      Function<? super T, ? extends V> view,
      Function<? super T, String> place) {
    boolean more = found.size() > size;
    List<T> page = more ? found.subList(0, size) : found;
    return new Page<>(
        page.stream().<V>map(view).toList(),
        more ? Optional.of(Parameters.cursor(place.apply(page.getLast()))) : Optional.empty());
  }
}
