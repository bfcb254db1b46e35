package org.vistadr.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ProviderProfiles;
import org.vistadr.storage.SiteConfig;

final class SiteAddressTest {

  @ParameterizedTest
  @CsvSource({
    "https://s3.eu-west-3.amazonaws.com, bucket, bucket.s3.eu-west-3.amazonaws.com, ''",
    "https://s3.eu-west-3.amazonaws.com, dotted.name, s3.eu-west-3.amazonaws.com, /dotted.name",
    "http://127.0.0.1:5000, bucket, 127.0.0.1:5000, /bucket",
    "http://[::1]:5000, bucket, [::1]:5000, /bucket"
  })
  void bucketIsInTheNameWhereItCanBe(URI endpoint, String bucket, String host, String path) {
    var address =
        SiteAddress.of(
            new SiteConfig(
                SiteName.PRIMARY,
                Optional.of(endpoint),
                "eu-west-3",
                bucket,
                new SiteConfig.Credentials.DefaultChain(),
                ProviderProfiles.AWS,
                SiteConfig.Limits.DEFAULT));
    assertThat(address.authority()).isEqualTo(host);
    assertThat(address.bucketPath()).isEqualTo(path);
  }
}
