package org.vistadr.sync;

import java.util.List;
import org.vistadr.model.KeyGlobs;
import org.vistadr.model.ObjectKey;

/// Which keys are protected: all but the reserved prefix and the excluded globs. Immutable.
final class KeyFilter {

  private final KeyGlobs globs;

  KeyFilter(List<String> excluded) {
    this.globs = new KeyGlobs(List.of(), excluded);
  }

  /// The excluded globs, as given.
  List<String> excluded() {
    return globs.exclude();
  }

  /// Whether the key is protected.
  boolean accepts(ObjectKey key) {
    return !key.isReserved() && globs.accepts(key);
  }
}
