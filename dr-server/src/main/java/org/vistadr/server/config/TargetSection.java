package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import java.util.Optional;

/// One entry of `targets:`, a bucket that nothing is copied to and that restores may write to, a
/// new primary say. Keys as in [SecondarySection].
///
/// @param name the site's name in `restore --to`
/// @param requestsAtOnce most requests in flight
public record TargetSection(
    String name,
    String provider,
    String endpoint,
    Optional<Boolean> useSsl,
    String region,
    String bucket,
    String accessKey,
    String accessKeyFile,
    String secretKeyFile,
    String secretKeyEnv,
    String credentials,
    int requestsAtOnce,
    long requestRateLimit,
    Optional<Rate> bandwidth) {

  /// Fills in the defaults.
  public TargetSection {
    name = requireNonNullElse(name, "");
    provider = requireNonNullElse(provider, "auto");
    endpoint = requireNonNullElse(endpoint, "");
    region = requireNonNullElse(region, "");
    bucket = requireNonNullElse(bucket, "");
    accessKey = requireNonNullElse(accessKey, "");
    accessKeyFile = requireNonNullElse(accessKeyFile, "");
    secretKeyFile = requireNonNullElse(secretKeyFile, "");
    secretKeyEnv = requireNonNullElse(secretKeyEnv, "");
    credentials = requireNonNullElse(credentials, "keys");
    requestsAtOnce = requestsAtOnce == 0 ? 128 : requestsAtOnce;
  }
}
