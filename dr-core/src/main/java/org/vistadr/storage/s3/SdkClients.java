package org.vistadr.storage.s3;

import java.time.Duration;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.SiteConfig;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Makes the SDK's clients for a site: one attempt per call, over our transport, as its profile
/// wants it.
public final class SdkClients {

  private SdkClients() {}

  /// Where the site's keys come from.
  static AwsCredentialsProvider credentials(SiteConfig site) {
    return switch (site.credentials()) {
      case SiteConfig.Credentials.Keys keys ->
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(keys.accessKey(), keys.secretKey().reveal()));
      case SiteConfig.Credentials.DefaultChain _ -> DefaultCredentialsProvider.builder().build();
    };
  }

  /// A client for the calls that are not hot.
  static S3Client client(SiteConfig site, SdkHttpClient http, AwsCredentialsProvider credentials) {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(http)
            .region(Region.of(site.region()))
            .credentialsProvider(credentials)
            .forcePathStyle(site.profile().pathStyle())
            // Checksums that the SDK adds unasked bind a multipart upload to parts with the same
            // kind, and half
            // of the providers refuse them.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            .overrideConfiguration(override ->
                override
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .apiCallTimeout(Duration.ofHours(2)));
    site.endpoint().ifPresent(builder::endpointOverride);
    if (site.profile().checksums() == ProviderProfile.Checksums.MD5_ONLY) {
      builder.addPlugin(LegacyMd5Plugin.create()).putAuthScheme(new Md5OnlyAuthScheme());
    }
    return builder.build();
  }

  /// Makes links that can be followed without keys.
  static S3Presigner presigner(SiteConfig site, AwsCredentialsProvider credentials) {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(Region.of(site.region()))
            .credentialsProvider(credentials)
            .serviceConfiguration(
                S3Configuration.builder()
                    .pathStyleAccessEnabled(site.profile().pathStyle())
                    .build());
    site.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }
}
