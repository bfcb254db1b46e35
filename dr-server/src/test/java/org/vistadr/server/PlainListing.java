package org.vistadr.server;

import java.util.HashMap;
import java.util.Map;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.SiteConfig;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/// What a bucket holds by the listing of the plain SDK, with nothing of the product between.
final class PlainListing implements AutoCloseable {

  private final String bucket;
  private final S3Client client;

  PlainListing(SiteConfig site) {
    var keys = (SiteConfig.Credentials.Keys) site.credentials();
    bucket = site.bucket();
    client =
        S3Client.builder()
            .endpointOverride(site.endpoint().orElseThrow())
            .region(Region.of(site.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(keys.accessKey(), keys.secretKey().reveal())))
            .forcePathStyle(true)
            .build();
  }

  /// What is current of a key.
  ///
  /// @param etag entity tag of the current version
  /// @param versions how many versions the key has
  record Held(String etag, int versions) {}

  /// What the bucket holds, but for the mark that the daemon leaves there.
  Map<String, Held> read() {
    Map<String, String> current = new HashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    for (ObjectVersion version :
        client.listObjectVersionsPaginator(r -> r.bucket(bucket)).versions()) {
      if (version.key().startsWith(ObjectKey.RESERVED_PREFIX)) {
        continue;
      }
      counts.merge(version.key(), 1, Integer::sum);
      if (version.isLatest()) {
        current.put(version.key(), version.eTag());
      }
    }
    Map<String, Held> held = new HashMap<>();
    counts.forEach((key, count) -> held.put(key, new Held(current.getOrDefault(key, ""), count)));
    return held;
  }

  @Override
  public void close() {
    client.close();
  }
}
