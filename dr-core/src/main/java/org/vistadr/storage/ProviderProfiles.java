package org.vistadr.storage;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.TimeSpan;
import org.vistadr.storage.ProviderProfile.Checksums;

/// What is known of providers, as data. Each value that differs from [#GENERIC] says why. Where
/// nothing is known, the value is the one that works everywhere at the cost of a request more: a
/// look instead of a condition, reading back instead of trusting an entity tag.
public final class ProviderProfiles {

  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  /// Any other S3 server: path style, conservative in all.
  public static final ProviderProfile GENERIC =
      new ProviderProfile(
          "generic",
          true, // works without DNS for buckets
          "us-east-1",
          Checksums.WHEN_REQUIRED,
          false, // batch deletes need checksums that stores disagree about
          true,
          false, // costs a look and a copy where it is wrong
          false, // a store that ignores a condition would overwrite silently
          false,
          true,
          false, // 501 in many stores
          false, // nothing promises it
          false, // many ignore it, some refuse it
          false, // it may be MinIO, which leaves keys out
          false,
          5 * GIB,
          5 * MIB,
          5 * GIB,
          10_000,
          5 * TIB,
          Set.of(),
          Map.of());

  /// Amazon S3.
  public static final ProviderProfile AWS =
      new ProviderProfile(
          "aws",
          false, // path style is deprecated there
          "us-east-1",
          Checksums.WHEN_REQUIRED, // its default binds multipart uploads to CRC32 parts
          true, // up to 1,000 keys
          true,
          true,
          true, // since 2024-08 (If-None-Match) and 2024-11 (If-Match)
          true,
          true,
          true,
          true, // but for SSE-KMS and SSE-C, which the answer's headers tell
          true,
          true,
          false, // SQS, SNS and EventBridge instead
          5 * GIB,
          5 * MIB,
          5 * GIB,
          10_000,
          50 * TIB, // 5 TiB until 2025-12
          Set.of(
              "STANDARD",
              "REDUCED_REDUNDANCY",
              "STANDARD_IA",
              "ONEZONE_IA",
              "INTELLIGENT_TIERING",
              "GLACIER_IR",
              "GLACIER",
              "DEEP_ARCHIVE"),
          Map.of(
              "GLACIER",
              new ArchiveClass(
                  Map.of(
                      ThawTier.EXPEDITED, TimeSpan.minutes(1, 5),
                      ThawTier.STANDARD, TimeSpan.hours(3, 5),
                      ThawTier.BULK, TimeSpan.hours(5, 12))),
              "DEEP_ARCHIVE",
              new ArchiveClass( // it has no expedited tier
                  Map.of(
                      ThawTier.STANDARD, TimeSpan.hours(9, 12),
                      ThawTier.BULK, TimeSpan.hours(24, 48)))));

  /// MinIO and its forks.
  public static final ProviderProfile MINIO =
      new ProviderProfile(
          "minio",
          true, // bucket host names need set-up
          "us-east-1",
          Checksums.WHEN_REQUIRED, // releases before 2025-04-22 refuse the SDK's default
          true,
          true,
          false, // their content is overwritten and deleted for good
          true, // If-Match and If-None-Match on PutObject and CompleteMultipartUpload
          true,
          true,
          true,
          true,
          true,
          false, // counts keys before the one it begins after, and ends early
          true, // listenBucketNotification is its own
          5 * GIB,
          5 * MIB,
          5 * GIB,
          10_000,
          48 * TIB, // 10,000 parts, 48.8 TiB
          Set.of("STANDARD", "REDUCED_REDUNDANCY"),
          Map.of());

  /// Google Cloud Storage through its XML API with HMAC keys.
  public static final ProviderProfile GCS =
      new ProviderProfile(
          "gcs",
          true, // either works
          "auto",
          Checksums.WHEN_REQUIRED, // the SDK's default gives SignatureDoesNotMatch
          false, // reports differ
          false, // generations; ListObjectVersions fails through the S3 dialect
          false,
          false, // If-Match on PUT is ignored
          false, // not stated
          true,
          false, // no S3 object tags
          true, // MD5 for objects that are not composed
          false, // not verified; its own header is x-goog-hash
          true,
          false, // Pub/Sub only
          5 * GIB,
          5 * MIB,
          5 * GIB,
          10_000,
          5 * TIB,
          Set.of("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"), // its own names
          Map.of()); // its archive classes can be read at once

  /// Azure Blob Storage behind S3Proxy.
  public static final ProviderProfile AZURE_GATEWAY =
      new ProviderProfile(
          "azure-gateway",
          true,
          "us-east-1",
          Checksums.MD5_ONLY, // S3Proxy 3 rejects x-amz-checksum-crc32 on DeleteObjects
          false,
          false, // not emulated on Azure
          false,
          false,
          false,
          true,
          false, // 501
          false, // the tag is Azure's own
          false, // not verified
          true,
          false,
          5 * GIB,
          5 * MIB,
          4000 * MIB, // Azure's largest block
          10_000,
          5 * TIB,
          Set.of(),
          Map.of());

  /// Ceph's object gateway.
  public static final ProviderProfile CEPH =
      new ProviderProfile(
          "ceph",
          true, // bucket host names need set-up
          "us-east-1",
          Checksums.WHEN_REQUIRED, // 16.2 answers the default with XAmzContentSHA256Mismatch
          true,
          true,
          true,
          false, // 16 and 18 answer a true If-Match with 412, and ignore it on complete and delete
          true,
          true,
          true,
          true,
          false, // 16.2 refuses bodies that end with a checksum
          true,
          false,
          5 * GIB,
          5 * MIB,
          5 * GIB,
          10_000,
          5 * TIB,
          Set.of(), // classes are per placement target, an unknown one is an error
          Map.of());

  /// DigitalOcean Spaces, of the Ceph family.
  public static final ProviderProfile DIGITALOCEAN =
      new ProviderProfile(
          "digitalocean",
          false,
          "us-east-1",
          Checksums.WHEN_REQUIRED,
          false, // not verified
          true, // through the API only
          true,
          false, // of the Ceph family
          false,
          true, // within a region
          false, // not in its table of supported calls
          true,
          false, // not verified
          true,
          false,
          5 * GIB,
          5 * MIB,
          5 * GIB,
          10_000,
          5 * TIB,
          Set.of(),
          Map.of());

  /// Backblaze B2.
  public static final ProviderProfile B2 =
      new ProviderProfile(
          "b2",
          false,
          "us-west-004",
          Checksums.MD5_ONLY, // answers x-amz-checksum-* with 400
          false, // the SDK's CRC header on it is not verified
          true, // always keeps versions
          true,
          false,
          false,
          true,
          false, // has no object tags
          true,
          false, // answers it with 400
          true,
          false,
          5_000_000_000L, // its limits are decimal
          5_000_000L,
          5_000_000_000L,
          10_000,
          10_000_000_000_000L,
          Set.of("STANDARD"),
          Map.of());

  /// Wasabi.
  public static final ProviderProfile WASABI =
      new ProviderProfile(
          "wasabi",
          false,
          "us-east-1", // must be the endpoint's own
          Checksums.WHEN_REQUIRED, // broke with the SDK's default CRC32
          false, // not verified
          true,
          true,
          false, // not documented
          false,
          true,
          true,
          true,
          false, // not verified
          true,
          false, // SNS of an AWS account
          5 * GIB,
          5 * MIB,
          5 * GIB,
          10_000,
          5 * TIB,
          Set.of(),
          Map.of());

  /// Cloudflare R2.
  public static final ProviderProfile R2 =
      new ProviderProfile(
          "r2",
          true,
          "auto",
          Checksums.WHEN_REQUIRED, // sha checksums on parts are answered with 501
          true,
          false, // no versioning in its S3 API
          false,
          true, // documented for PutObject
          true,
          true,
          false, // not implemented
          true, // for single puts; multipart tags are no MD5 of parts
          false, // not verified
          true,
          false, // queues through its own API
          5 * GIB - 5 * MIB, // slightly less than 5 GiB
          5 * MIB,
          5 * GIB - 5 * MIB,
          10_000,
          5 * TIB,
          Set.of("STANDARD", "STANDARD_IA"),
          Map.of());

  /// S3Proxy as the demo and the tests start it, on its own storage. Not offered in configuration.
  public static final ProviderProfile S3PROXY =
      new ProviderProfile(
          "s3proxy",
          true,
          "us-east-1",
          Checksums.WHEN_REQUIRED,
          true,
          true,
          true,
          true, // all checks of conditional writes pass
          true,
          true,
          false, // 501
          true,
          false, // does not answer with it
          true,
          false,
          5 * GIB,
          5 * MIB,
          5 * GIB,
          10_000,
          5 * TIB,
          Set.of(),
          Map.of());

  private static final List<ProviderProfile> ALL =
      List.of(AWS, MINIO, GCS, AZURE_GATEWAY, CEPH, DIGITALOCEAN, B2, WASABI, R2, GENERIC, S3PROXY);

  private ProviderProfiles() {}

  /// The names that configuration may use.
  public static List<String> names() {
    return ALL.stream().map(ProviderProfile::name).filter(name -> !name.equals("s3proxy")).toList();
  }

  /// The profile of this name.
  public static Optional<ProviderProfile> byName(String name) {
    return ALL.stream().filter(profile -> profile.name().equals(name)).findFirst();
  }

  /// The likely profile of an endpoint, for `auto`. Knows the public providers by their host names
  /// and takes MinIO's usual port for MinIO.
  ///
  /// @param endpoint empty for AWS' own
  public static ProviderProfile guess(Optional<URI> endpoint) {
    if (endpoint.isEmpty()) {
      return AWS;
    }
    String host = endpoint.get().getHost();
    String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
    if (isUnder(name, "amazonaws.com") || isUnder(name, "amazonaws.com.cn")) {
      return AWS;
    }
    if (name.equals("storage.googleapis.com")) {
      return GCS;
    }
    if (isUnder(name, "digitaloceanspaces.com")) {
      return DIGITALOCEAN;
    }
    if (isUnder(name, "backblazeb2.com")) {
      return B2;
    }
    if (isUnder(name, "wasabisys.com")) {
      return WASABI;
    }
    if (isUnder(name, "r2.cloudflarestorage.com")) {
      return R2;
    }
    if (endpoint.get().getPort() == 9000 || name.startsWith("minio.") || name.equals("minio")) {
      return MINIO;
    }
    return GENERIC;
  }

  private static boolean isUnder(String host, String domain) {
    return host.equals(domain) || host.endsWith("." + domain);
  }
}
