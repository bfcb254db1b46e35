package org.vistadr.storage;

import java.net.URI;
import java.util.Optional;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.SiteName;

/// Everything that is needed to reach a site, after configuration was read and defaults were filled
/// in.
///
/// @param name the site
/// @param endpoint scheme, host and port; empty for AWS' own endpoints
/// @param region the region to sign for
/// @param bucket the bucket
/// @param credentials where the keys come from
/// @param profile the provider
/// @param limits pace
/// @param lock how objects that are written are locked; empty for not
public record SiteConfig(
    SiteName name,
    Optional<URI> endpoint,
    String region,
    String bucket,
    Credentials credentials,
    ProviderProfile profile,
    Limits limits,
    Optional<ObjectLock> lock) {

  /// A site whose objects are not locked.
  public SiteConfig(
      SiteName name,
      Optional<URI> endpoint,
      String region,
      String bucket,
      Credentials credentials,
      ProviderProfile profile,
      Limits limits) {
    this(name, endpoint, region, bucket, credentials, profile, limits, Optional.empty());
  }

  /// The same with locks.
  public SiteConfig withLock(Optional<ObjectLock> other) {
    return new SiteConfig(name, endpoint, region, bucket, credentials, profile, limits, other);
  }

  /// The same endpoint and credentials with another bucket.
  public SiteConfig withBucket(String other) {
    return new SiteConfig(name, endpoint, region, other, credentials, profile, limits, lock);
  }

  /// Where keys come from.
  public sealed interface Credentials {
    /// Fixed keys.
    ///
    /// @param accessKey not secret
    /// @param secretKey secret
    record Keys(String accessKey, Secret secretKey) implements Credentials {}

    /// The AWS default chain: environment, profile, container, instance role.
    record DefaultChain() implements Credentials {}
  }

  /// How hard a site may be driven.
  ///
  /// @param maxConcurrency most requests in flight, the ceiling of the adaptive limit
  /// @param requestsPerSecond ceiling, 0 for none
  /// @param bytesPerSecond ceiling of object bytes in each direction, 0 for none
  public record Limits(int maxConcurrency, long requestsPerSecond, long bytesPerSecond) {
    /// 32 requests in flight, no other ceiling.
    public static final Limits DEFAULT = new Limits(32, 0, 0);
  }
}
