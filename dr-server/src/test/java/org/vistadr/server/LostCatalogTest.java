package org.vistadr.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dropwizard.configuration.FileConfigurationSourceProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.api.AdoptionReport;
import org.vistadr.catalog.CatalogException;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.segments.Adoption;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.ConfigReader;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.engine.CatalogAdoption;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;

/// A daemon tells its secondary the catalog; its disk is lost; the catalog comes back from there.
final class LostCatalogTest {

  @TempDir Path directory;

  @Test
  void aLostCatalogComesBackWithTheSecondarysCredentialsAlone() throws Exception {
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    SiteConfig copies = TestS3.unversioned(new SiteName("copies"));
    try (RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
      put(primary, "a.jpg");
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> daemon.get("/status").at("/secondaries/0/durableObjects").asInt() == 1);
      daemon.post("/tasks/segments-copies/run", "");
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> daemon.get("/status").at("/secondaries/0/segmentsAt").isTextual());
      assertThat(daemon.admin("/metrics").body())
          .contains("vistadr_catalog_segment_timestamp_seconds{secondary=\"copies\"} 1.");
      assertThat(daemon.get("/status").at("/catalog/digest").asText()).hasSize(64);
    }
    assertThatThrownBy(() -> adopt("copies"))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("with content");

    Files.move(directory.resolve("catalog"), directory.resolve("lost"));
    assertThatThrownBy(() -> adopt("copys"))
        .isInstanceOf(ConfigProblem.class)
        .hasMessageContaining("copys");
    AdoptionReport report = adopt("copies");

    assertThat(report.proved()).isTrue();
    assertThat(report.uncertain()).isEmpty();
    assertThat(report.versions()).isEqualTo(1);
    try (RunningDaemon daemon = RunningDaemon.start(directory, primary, copies)) {
      assertThat(daemon.get("/status").at("/secondaries/0/durableObjects").asInt()).isEqualTo(1);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> daemon.get("/status").at("/secondaries/0/segmentsAt").isTextual());
    }
  }

  /// The primary's secret is not among the variables.
  private AdoptionReport adopt(String from) throws Exception {
    DaemonConfiguration configuration =
        new ConfigReader(Map.of())
            .build(
                new FileConfigurationSourceProvider(), directory.resolve("config.yml").toString());
    SiteConfig.Credentials.Keys keys =
        (SiteConfig.Credentials.Keys) TestS3.diskServer().site(SiteName.PRIMARY, "b").credentials();
    return CatalogAdoption.adopt(
        configuration,
        Map.of("SECRET_0", keys.secretKey().reveal()),
        from,
        configuration.store().path(),
        Clock.systemUTC(),
        Adoption.Progress.NONE);
  }

  private static void put(SiteConfig site, String key) throws Exception {
    try (ObjectStore store = TestS3.open(site)) {
      store.put(
          new PutRequest(
              new ObjectKey(key),
              ObjectAttributes.NONE,
              WriteBody.Buffered.of("bytes".getBytes(StandardCharsets.UTF_8)),
              new WriteCondition.Always()));
    }
  }
}
