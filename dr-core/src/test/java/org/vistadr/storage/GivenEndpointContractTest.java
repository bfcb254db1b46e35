package org.vistadr.storage;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.SiteName;

/// The contract against the endpoint that `VISTADR_TEST_S3_*` names, with the profile of
/// `VISTADR_TEST_S3_PROFILE`. Its buckets are made and removed.
class GivenEndpointContractTest extends ObjectStoreContract {

  static Optional<S3Servers.Running> server;

  @BeforeAll
  static void askTheEnvironment() {
    server = S3Servers.given();
    S3Servers.ran("given-endpoint", server);
    assumeThat(server).as("VISTADR_TEST_S3_ENDPOINT is set").isPresent();
  }

  @Override
  SiteConfig newSite() {
    String profile =
        Optional.ofNullable(System.getenv("VISTADR_TEST_S3_PROFILE")).orElse("generic");
    return S3Servers.site(server.orElseThrow(), SiteName.PRIMARY, TestS3.freshName(), profile);
  }

  @Override
  boolean keepsVersions() {
    return newSite().profile().versioning();
  }
}
