package org.vistadr.storage;

import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.BeforeAll;
import org.vistadr.embedded.S3Servers;

/// The contract against a `minio` from the PATH.
class MinioContractTest extends MinioContract {

  @BeforeAll
  static void startIfPresent() {
    server = S3Servers.minio();
    S3Servers.ran("minio", server);
    assumeThat(server).as("a minio on the PATH").isPresent();
  }
}
