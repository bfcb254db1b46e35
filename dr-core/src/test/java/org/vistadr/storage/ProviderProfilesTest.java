package org.vistadr.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;

class ProviderProfilesTest {

  @ParameterizedTest
  @CsvSource({
    "https://s3.eu-central-1.amazonaws.com, aws",
    "https://storage.googleapis.com, gcs",
    "https://fra1.digitaloceanspaces.com, digitalocean",
    "https://s3.us-west-004.backblazeb2.com, b2",
    "https://s3.eu-central-1.wasabisys.com, wasabi",
    "https://abc.r2.cloudflarestorage.com, r2",
    "http://minio:9000, minio",
    "http://10.0.0.5:9000, minio",
    "https://notamazonaws.com, generic",
    "https://s3.example.org, generic"
  })
  void theProviderIsGuessedFromTheEndpoint(URI endpoint, String profile) {
    assertThat(ProviderProfiles.guess(Optional.of(endpoint)).name()).isEqualTo(profile);
  }

  @Test
  void noEndpointMeansAws() {
    assertThat(ProviderProfiles.guess(Optional.empty()).name()).isEqualTo("aws");
  }

  @Test
  void allNamesLeadToTheirProfileAndTheEmbeddedServersIsNotOffered() {
    assertThat(ProviderProfiles.names())
        .containsExactly(
            "aws",
            "minio",
            "gcs",
            "azure-gateway",
            "ceph",
            "digitalocean",
            "b2",
            "wasabi",
            "r2",
            "generic")
        .allSatisfy(
            name -> assertThat(ProviderProfiles.byName(name).orElseThrow().name()).isEqualTo(name));
  }

  @Test
  void keysThatEndInASlashAreOverwrittenInPlaceAtMinio() {
    ObjectKey folder = new ObjectKey("projects/");
    assertThat(ProviderProfiles.MINIO.regimeOf(folder, Regime.VERSIONED))
        .isEqualTo(Regime.SUSPENDED);
    assertThat(ProviderProfiles.MINIO.regimeOf(folder, Regime.UNVERSIONED))
        .isEqualTo(Regime.UNVERSIONED);
    assertThat(ProviderProfiles.MINIO.regimeOf(new ObjectKey("projects/a"), Regime.VERSIONED))
        .isEqualTo(Regime.VERSIONED);
    assertThat(ProviderProfiles.AWS.regimeOf(folder, Regime.VERSIONED)).isEqualTo(Regime.VERSIONED);
  }
}
