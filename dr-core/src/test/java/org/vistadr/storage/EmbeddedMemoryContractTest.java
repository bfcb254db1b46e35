package org.vistadr.storage;

import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.SiteName;

/// The contract against the embedded server with versions.
class EmbeddedMemoryContractTest extends EmbeddedContract {

  @BeforeAll
  static void report() {
    S3Servers.ran(
        "embedded-s3proxy",
        Optional.of(
            new S3Servers.Running(TestS3.memoryServer().endpoint(), TestS3.memoryServer().keys())));
    S3Servers.seen("radosgw");
  }

  @Override
  SiteConfig newSite() {
    return TestS3.memoryServer().site(SiteName.PRIMARY, TestS3.freshName());
  }
}
