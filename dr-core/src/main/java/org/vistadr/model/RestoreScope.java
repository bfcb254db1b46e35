package org.vistadr.model;

import java.util.List;

/// What a restore is about. Keys below the reserved prefix never belong to it.
public sealed interface RestoreScope {

  /// Everything in the bucket.
  All ALL = new All();

  /// Exactly these keys.
  ///
  /// @param keys at least one; sorted and without repetitions
  record Keys(List<ObjectKey> keys) implements RestoreScope {
    /// @throws IllegalArgumentException when there is none
    public Keys {
      keys = keys.stream().sorted().distinct().toList();
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("a list of keys to restore must not be empty");
      }
    }
  }

  /// Every key that starts with a prefix.
  ///
  /// @param prefix not empty; `a/b` covers `a/b2` too, `a/b/` does not
  record Prefix(String prefix) implements RestoreScope {
    /// @throws IllegalArgumentException when it is empty
    public Prefix {
      if (prefix.isEmpty()) {
        throw new IllegalArgumentException("a prefix to restore must not be empty");
      }
    }
  }

  /// The whole bucket.
  record All() implements RestoreScope {}

  /// The scope for people: `projects/abc/`, `3 keys`, `everything`.
  default String words() {
    return switch (this) {
      case Keys(var keys) when keys.size() == 1 -> keys.getFirst().value();
      case Keys(var keys) -> keys.size() + " keys";
      case Prefix(var prefix) -> prefix;
      case All() -> "everything";
    };
  }

  /// Whether a key belongs to it.
  default boolean contains(ObjectKey key) {
    return switch (this) {
      case _ when key.isReserved() -> false;
      case Keys(var keys) -> keys.contains(key);
      case Prefix(var prefix) -> key.value().startsWith(prefix);
      case All() -> true;
    };
  }
}
