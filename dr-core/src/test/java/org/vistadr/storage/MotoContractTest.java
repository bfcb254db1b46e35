package org.vistadr.storage;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.SiteName;

/// The contract against a `moto_server` from the PATH.
class MotoContractTest extends ObjectStoreContract {

  static Optional<S3Servers.Running> server;

  @BeforeAll
  static void startIfPresent() {
    server = S3Servers.moto();
    S3Servers.ran("moto_server", server);
    assumeThat(server).as("a moto_server on the PATH").isPresent();
  }

  @Override
  SiteConfig newSite() {
    return S3Servers.site(server.orElseThrow(), SiteName.PRIMARY, TestS3.freshName(), "generic");
  }

  /// It takes any key for right.
  @Override
  boolean checksSignatures() {
    return false;
  }

  /// It lists all delete markers of a page after all versions, which is refused as out of order,
  /// and drops what was kept when versioning is suspended.
  @Override
  boolean keepsVersions() {
    return false;
  }

  /// All its uploads began in 2010.
  @Override
  boolean listsUploads() {
    return false;
  }
}
