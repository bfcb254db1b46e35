package org.vistadr.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.vistadr.api.Page;

/// Reads lists that the daemon gives in pages.
final class Pages {

  /// Most that the daemon gives at once.
  private static final int LARGEST = 1000;

  private Pages() {}

  /// Asks for one page.
  @FunctionalInterface
  interface Ask<T> {
    /// @param atMost entries that are wanted
    /// @param cursor where it goes on; empty for the beginning
    Page<T> page(int atMost, Optional<String> cursor);
  }

  /// All of a list.
  static <T> List<T> all(Function<Optional<String>, Page<T>> ask) {
    return upTo(Integer.MAX_VALUE, (_, cursor) -> ask.apply(cursor)).items();
  }

  /// The first entries of a list as one page; its cursor is there when more follow.
  static <T> Page<T> upTo(int limit, Ask<T> ask) {
    List<T> items = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<T> page = ask.page(Math.clamp(limit - items.size(), 1, LARGEST), cursor);
      items.addAll(page.items());
      cursor = page.next();
    } while (cursor.isPresent() && items.size() < limit);
    return new Page<>(items, cursor);
  }
}
