package org.vistadr.storage;

import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.BeforeAll;
import org.vistadr.embedded.S3Servers;

/// The contract against MinIO in a container.
class MinioContainerContractTest extends MinioContract {

  @BeforeAll
  static void startIfPresent() {
    server = S3Servers.minioContainer();
    S3Servers.ran("minio-container", server);
    assumeThat(server).as("Docker and MinIO's image").isPresent();
  }
}
