package org.vistadr.storage;

import java.util.List;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.SiteName;

/// The contract against the embedded server with versions.
class EmbeddedMemoryContractTest extends ObjectStoreContract {

  @Override
  SiteConfig newSite() {
    return TestS3.memoryServer().site(SiteName.PRIMARY, TestS3.freshName());
  }

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
        .filter(key -> !List.of("/leading", "a/./b", "a/../b", "trailing/").contains(key))
        .toList();
  }

  /// Its signature check reads headers as Latin-1.
  @Override
  boolean keepsUnicodeMetadata() {
    return false;
  }
}
