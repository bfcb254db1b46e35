package org.vistadr.restore;

import java.util.Optional;
import org.vistadr.model.RestorePlan;

/// What the bucket held at a moment, key by key in UTF-8 order, from the catalog alone. Holds no
/// resource and needs no close. Not thread-safe.
public final class View {

  View() {}

  /// What the time resolved to.
  public RestorePlan.Moment moment() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The next key; empty at the end.
  public Optional<ViewEntry> next() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Goes on behind all keys that start with a prefix, without reading them.
  public void skip(String prefix) {
    throw new UnsupportedOperationException("not written yet");
  }
}
