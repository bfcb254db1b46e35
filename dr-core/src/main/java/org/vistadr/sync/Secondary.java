package org.vistadr.sync;

import java.util.Optional;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;

/// A secondary as replication sees it.
///
/// @param store its bucket
/// @param storageClass the class that all copies get; empty keeps the primary's where the provider
///   has it
/// @param copiesAtOnce versions in flight
public record Secondary(ObjectStore store, Optional<String> storageClass, int copiesAtOnce) {

  /// A secondary with the defaults.
  public static Secondary of(ObjectStore store) {
    return new Secondary(store, Optional.empty(), SyncSettings.DEFAULT.copiesAtOnce());
  }

  /// The site's name.
  public SiteName name() {
    return store.site();
  }

  /// The class that a copy is written with; empty for the default.
  Optional<String> classOf(ObjectAttributes source) {
    return adjust(source).storageClass().filter(name -> !name.equals("STANDARD"));
  }

  /// What the copy gets of the primary's attributes. What the provider cannot hold stays in the
  /// catalog.
  ObjectAttributes adjust(ObjectAttributes source) {
    Optional<String> kept =
        source.storageClass().filter(name -> store.profile().storageClasses().contains(name));
    ObjectAttributes classed = source.withStorageClass(storageClass.or(() -> kept));
    return store.profile().tagging() ? classed : classed.withTags(java.util.Map.of());
  }
}
