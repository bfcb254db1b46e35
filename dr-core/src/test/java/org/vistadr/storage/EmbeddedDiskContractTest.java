package org.vistadr.storage;

import org.vistadr.embedded.TestS3;
import org.vistadr.model.SiteName;

/// The contract against the embedded server without versions.
class EmbeddedDiskContractTest extends EmbeddedMemoryContractTest {

  @Override
  SiteConfig newSite() {
    return TestS3.diskServer().site(SiteName.PRIMARY, TestS3.freshName());
  }

  /// Its store has no versions.
  @Override
  boolean keepsVersions() {
    return false;
  }
}
