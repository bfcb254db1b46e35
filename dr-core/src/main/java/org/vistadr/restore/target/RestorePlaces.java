package org.vistadr.restore.target;

import java.util.List;
import org.vistadr.storage.ObjectStore;

/// Where restores read from and write to.
///
/// @param primary the protected bucket, restored in place
/// @param secondaries where bytes come from when the primary lost them, in order of preference
/// @param targets the sites that restores to another place can name
/// @param directories where on this machine may be written
public record RestorePlaces(
    ObjectStore primary,
    List<ObjectStore> secondaries,
    TargetStores targets,
    AllowedDirectories directories) {

  /// Copies the list.
  public RestorePlaces {
    secondaries = List.copyOf(secondaries);
  }
}
