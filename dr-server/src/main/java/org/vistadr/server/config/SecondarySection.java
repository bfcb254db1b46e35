package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import java.time.Duration;
import java.util.Optional;

/// One entry of `secondaries:`, a bucket that keeps copies. Keys as in [PrimarySection], and:
///
/// @param name the site's name in metrics, commands and file names
/// @param secretKeyEnv the environment variable that holds the secret key
/// @param objective the lag that is allowed
/// @param storageClass the class that every copy gets; left out keeps the primary's where the
///   provider has it
/// @param copiesAtOnce most copies in flight to it; of larger objects fewer, see
///   [org.vistadr.storage.transfer.ObjectTransfer]
/// @param retention how long it keeps versions; left out: as `protection.retention` says
/// @param prune the key that may remove versions there
/// @param objectLock how copies are locked; left out for not
public record SecondarySection(
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
    int copiesAtOnce,
    long requestRateLimit,
    Optional<Rate> bandwidth,
    Optional<String> storageClass,
    Duration objective,
    Optional<RetentionSection> retention,
    Optional<PruneKeySection> prune,
    Optional<ObjectLockSection> objectLock) {

  /// Fills in the defaults.
  public SecondarySection {
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
    copiesAtOnce = copiesAtOnce == 0 ? 128 : copiesAtOnce;
    objective = requireNonNullElse(objective, Duration.ofMinutes(15));
  }
}
