package org.vistadr.storage;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.SiteName;

/// The contract against the embedded server with versions.
class EmbeddedMemoryContractTest extends ObjectStoreContract {

  @BeforeAll
  static void report() {
    S3Servers.ran(
        "embedded",
        Optional.of(
            new S3Servers.Running(TestS3.memoryServer().endpoint(), TestS3.memoryServer().keys())));
  }

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
        .filter(key -> !List.of("/leading", "trailing/", "a//b", "a/./b", "a/../b").contains(key))
        .toList();
  }

  /// It drops it.
  @Override
  boolean keepsExpiresOfMultipart() {
    return false;
  }
}
