package org.vistadr.storage.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.Sha256;
import org.vistadr.storage.listing.UrlText;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// Signs requests with AWS Signature Version 4 for S3, in the `Authorization` header. The key that
/// is derived from the secret holds for a day and is derived once. Safe for many threads.
final class SigV4Signer {

  /// Payload hash of a body that is not hashed beforehand.
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";

  /// Stands for the hash of a body that ends with its checksum.
  static final String TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

  /// Payload hash of no body.
  static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String region;
  private volatile @Nullable DayKey dayKey;

  private record DayKey(String day, String secret, SecretKeySpec key) {
    @Override
    public String toString() {
      return "DayKey[" + day + "]";
    }
  }

  SigV4Signer(String region) {
    this.region = region;
  }

  /// Adds date, payload hash, session token and signature.
  ///
  /// @param headers in lower case; what begins with `x-amz-`, `content-type` and `content-md5` is
  ///   signed
  void sign(
      AwsCredentials credentials,
      Instant now,
      String method,
      String authority,
      String path,
      SortedMap<String, String> query,
      Map<String, String> headers,
      String payloadHash) {
    String stamp = STAMP.format(now);
    String day = stamp.substring(0, 8);
    headers.put("x-amz-date", stamp);
    headers.put("x-amz-content-sha256", payloadHash);
    if (credentials instanceof AwsSessionCredentials session) {
      headers.put("x-amz-security-token", session.sessionToken());
    }
    TreeMap<String, String> signed = new TreeMap<>();
    signed.put("host", authority);
    headers.forEach((name, value) -> {
      if (name.startsWith("x-amz-") || name.equals("content-type") || name.equals("content-md5")) {
        signed.put(name, value);
      }
    });
    StringBuilder canonical = new StringBuilder(512);
    canonical.append(method).append('\n').append(path).append('\n');
    canonical.append(queryText(query)).append('\n');
    signed.forEach(
        (name, value) -> canonical.append(name).append(':').append(trimmed(value)).append('\n'));
    String names = String.join(";", signed.keySet());
    canonical.append('\n').append(names).append('\n').append(payloadHash);
    String scope = day + "/" + region + "/s3/aws4_request";
    String toSign =
        "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + sha256Hex(canonical.toString());
    String signature =
        HexFormat.of().formatHex(hmac(signingKey(day, credentials.secretAccessKey()), toSign));
    headers.put(
        "authorization",
        "AWS4-HMAC-SHA256 Credential="
            + credentials.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + signature);
  }

  /// The query as it is sent and signed.
  static String queryText(SortedMap<String, String> query) {
    StringBuilder text = new StringBuilder();
    query.forEach((name, value) -> {
      if (!text.isEmpty()) {
        text.append('&');
      }
      text.append(UrlText.encode(name, false)).append('=').append(UrlText.encode(value, false));
    });
    return text.toString();
  }

  /// Without white space at the ends, and with single spaces inside, as the signature wants it.
  private static String trimmed(String value) {
    String stripped = value.strip();
    return stripped.contains("  ") ? stripped.replaceAll(" +", " ") : stripped;
  }

  private SecretKeySpec signingKey(String day, String secret) {
    DayKey cached = dayKey;
    if (cached != null && cached.day().equals(day) && cached.secret().equals(secret)) {
      return cached.key();
    }
    byte[] start = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    byte[] ofDay = hmac(new SecretKeySpec(start, "HmacSHA256"), day);
    byte[] ofRegion = hmac(new SecretKeySpec(ofDay, "HmacSHA256"), region);
    byte[] ofService = hmac(new SecretKeySpec(ofRegion, "HmacSHA256"), "s3");
    byte[] last = hmac(new SecretKeySpec(ofService, "HmacSHA256"), "aws4_request");
    SecretKeySpec key = new SecretKeySpec(last, "HmacSHA256");
    dayKey = new DayKey(day, secret, key);
    return key;
  }

  private static byte[] hmac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static String sha256Hex(String text) {
    MessageDigest digest = Sha256.newDigest();
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
