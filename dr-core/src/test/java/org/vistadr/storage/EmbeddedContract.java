package org.vistadr.storage;

import java.util.List;

/// The contract against the embedded server, and what it cannot do.
abstract class EmbeddedContract extends ObjectStoreContract {

  /// It sorts UTF-16 units.
  @Override
  boolean sortsByUtf8() {
    return false;
  }

  /// It answers keys with a slash at the start, dots as a path step or a slash at the end with
  /// errors.
  @Override
  List<String> oddKeys() {
    return ALL_ODD_KEYS.stream()
        .filter(key -> !List.of("/leading", "trailing/", "a//b", "a/./b", "a/../b").contains(key))
        .toList();
  }

  /// It drops it.
  @Override
  boolean keepsExpiresOfMultipart() {
    return false;
  }
}
