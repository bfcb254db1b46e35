package org.vistadr.storage.s3;

import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/// Signs as usual after taking off the CRC32 headers that the SDK puts on some calls whatever it is
/// told, for stores that answer them with an error. Content-MD5 stays.
final class Md5OnlyAuthScheme implements AwsV4AuthScheme {

  private final AwsV4AuthScheme usual = AwsV4AuthScheme.create();
  private final AwsV4HttpSigner signer = new Signer();

  @Override
  public String schemeId() {
    return AwsV4AuthScheme.SCHEME_ID;
  }

  @Override
  public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
    return usual.identityProvider(providers);
  }

  @Override
  public AwsV4HttpSigner signer() {
    return signer;
  }

  private static final class Signer implements AwsV4HttpSigner {

    private final AwsV4HttpSigner usual = AwsV4HttpSigner.create();

    @Override
    public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
      return usual.sign(
          request.toBuilder()
              .request(withoutChecksums(request.request()))
              .putProperty(AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, null)
              .build());
    }

    @Override
    public CompletableFuture<AsyncSignedRequest> signAsync(
        AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
      return usual.signAsync(
          request.toBuilder()
              .request(withoutChecksums(request.request()))
              .putProperty(AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, null)
              .build());
    }

    private static SdkHttpRequest withoutChecksums(SdkHttpRequest request) {
      SdkHttpRequest.Builder builder = request.toBuilder();
      for (String name : request.headers().keySet()) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("x-amz-checksum-") || lower.equals("x-amz-sdk-checksum-algorithm")) {
          builder.removeHeader(name);
        }
      }
      return builder.build();
    }
  }
}
