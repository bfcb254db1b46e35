package org.vistadr.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/// The examples of the S3 documentation ("Signature calculations: transferring a payload in a
/// single chunk").
class SigV4SignerTest {

  private static final AwsBasicCredentials EXAMPLE =
      AwsBasicCredentials.create(
          "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  private static final Instant TIME = Instant.parse("2013-05-24T00:00:00Z");

  @Test
  void aListingIsSignedAsDocumented() {
    Map<String, String> headers = new TreeMap<>();
    new SigV4Signer("us-east-1")
        .sign(
            EXAMPLE,
            TIME,
            "GET",
            "examplebucket.s3.amazonaws.com",
            "/",
            new TreeMap<>(Map.of("max-keys", "2", "prefix", "J")),
            headers,
            SigV4Signer.EMPTY);
    assertThat(headers.get("authorization"))
        .endsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }

  @Test
  void aSubresourceIsSignedAsDocumented() {
    Map<String, String> headers = new TreeMap<>();
    new SigV4Signer("us-east-1")
        .sign(
            EXAMPLE,
            TIME,
            "GET",
            "examplebucket.s3.amazonaws.com",
            "/",
            new TreeMap<>(Map.of("lifecycle", "")),
            headers,
            SigV4Signer.EMPTY);
    assertThat(headers.get("authorization"))
        .endsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  }
}
