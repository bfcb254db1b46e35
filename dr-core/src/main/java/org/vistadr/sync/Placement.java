package org.vistadr.sync;

import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;

/// Where a version goes at a secondary. An older version never becomes current over a newer one.
sealed interface Placement {

  /// It becomes the key's current state.
  record Current() implements Placement {}

  /// Its bytes are kept below the reserved prefix.
  ///
  /// @param location the place
  record Aside(ObjectKey location) implements Placement {}

  /// There is nothing to write: a deletion that a newer state has overtaken, or that leaves no
  /// trace in a bucket without versions. The catalog alone keeps it.
  record Noted() implements Placement {}

  /// Decides. Pure.
  ///
  /// @param newerDurable whether a newer version of the key is durable at the secondary
  /// @param newerWaiting whether a newer version is about to be copied right after this one
  /// @param keepsVersions whether the secondary's bucket keeps versions by itself
  static Placement of(
      RecordedVersion version, boolean newerDurable, boolean newerWaiting, boolean keepsVersions) {
    // A bucket without versions would only have to move it aside again for the newer one.
    boolean overtaken = newerDurable || (newerWaiting && !keepsVersions);
    if (!overtaken) {
      return new Current();
    }
    return switch (version.entry()) {
      case Entry.Content _ -> new Aside(HistoryKeys.of(version));
      case Entry.DeleteMarker() -> new Noted();
    };
  }
}
