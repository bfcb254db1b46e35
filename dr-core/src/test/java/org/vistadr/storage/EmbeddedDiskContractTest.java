package org.vistadr.storage;

import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.SiteName;

/// The contract against the embedded server without versions.
class EmbeddedDiskContractTest extends EmbeddedContract {

  @BeforeAll
  static void report() {
    S3Servers.ran(
        "embedded-s3proxy-unversioned",
        Optional.of(
            new S3Servers.Running(TestS3.diskServer().endpoint(), TestS3.diskServer().keys())));
  }

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
