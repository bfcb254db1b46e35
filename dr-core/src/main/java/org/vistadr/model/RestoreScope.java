package org.vistadr.model;

import java.util.ArrayList;
import java.util.List;

/// What a restore is about. Keys below the reserved prefix never belong to it.
public sealed interface RestoreScope {

  /// Everything in the bucket.
  All ALL = new All();

  /// Some keys and prefixes. A prefix `a/b` covers `a/b2` too, `a/b/` does not. What another prefix
  /// covers is left out; both lists are sorted by their UTF-8 bytes.
  ///
  /// @param keys exactly these
  /// @param prefixes every key that starts with one of these; none is empty
  record Parts(List<ObjectKey> keys, List<String> prefixes) implements RestoreScope {
    /// @throws IllegalArgumentException when there is neither, or a prefix is empty
    public Parts {
      if (keys.isEmpty() && prefixes.isEmpty()) {
        throw new IllegalArgumentException("a restore needs at least one key or prefix");
      }
      if (prefixes.contains("")) {
        throw new IllegalArgumentException("a prefix to restore must not be empty");
      }
      var kept = new ArrayList<String>();
      for (var prefix : prefixes.stream().sorted(RestoreScope::byBytes).toList()) {
        if (kept.isEmpty() || !prefix.startsWith(kept.getLast())) {
          kept.add(prefix);
        }
      }
      prefixes = List.copyOf(kept);
      keys =
          keys.stream()
              .filter(key -> kept.stream().noneMatch(key.value()::startsWith))
              .sorted()
              .distinct()
              .toList();
    }
  }

  /// The whole bucket.
  record All() implements RestoreScope {}

  /// Exactly these keys.
  static Parts keys(List<ObjectKey> keys) {
    return new Parts(keys, List.of());
  }

  /// Every key that starts with a prefix.
  static Parts prefix(String prefix) {
    return new Parts(List.of(), List.of(prefix));
  }

  /// The scope for people: `projects/abc/`, `3 keys`, `2 prefixes`, `everything`.
  default String words() {
    return switch (this) {
      case All() -> "everything";
      case Parts(var keys, var prefixes) when prefixes.isEmpty() ->
          keys.size() == 1 ? keys.getFirst().value() : keys.size() + " keys";
      case Parts(var keys, var prefixes) -> {
        var below = prefixes.size() == 1 ? prefixes.getFirst() : prefixes.size() + " prefixes";
        yield switch (keys.size()) {
          case 0 -> below;
          case 1 -> below + " and " + keys.getFirst().value();
          default -> below + " and " + keys.size() + " keys";
        };
      }
    };
  }

  /// Whether a key belongs to it.
  default boolean contains(ObjectKey key) {
    return switch (this) {
      case _ when key.isReserved() -> false;
      case Parts(var keys, var prefixes) ->
          keys.contains(key) || prefixes.stream().anyMatch(key.value()::startsWith);
      case All() -> true;
    };
  }

  private static int byBytes(String left, String right) {
    return ObjectKey.compareUtf8(left, right);
  }
}
