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
  private volatile Stamp stamp = new Stamp(0, STAMP.format(Instant.EPOCH));

  /// @param mac keyed and never fed: requests use copies of it
  private record DayKey(String day, String secret, Mac mac) {
    @Override
    public String toString() {
      return "DayKey[" + day + "]";
    }
  }

  private record Stamp(long second, String text) {}

  SigV4Signer(String region) {
    this.region = region;
  }

  /// Adds date, payload hash, session token and signature.
  ///
  /// @param headers in lower case; what begins with `x-amz-`, `content-type` and `content-md5` is
  ///   signed
  ///
  /// @return the query as it is to be sent
  String sign(
      AwsCredentials credentials,
      Instant now,
      String method,
      String authority,
      String path,
      SortedMap<String, String> query,
      Map<String, String> headers,
      String payloadHash) {
    String stamp = stamp(now);
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
    String sentQuery = queryText(query);
    canonical.append(sentQuery).append('\n');
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
    return sentQuery;
  }

  private String stamp(Instant now) {
    Stamp known = stamp;
    if (known.second != now.getEpochSecond()) {
      known = new Stamp(now.getEpochSecond(), STAMP.format(now));
      stamp = known;
    }
    return known.text;
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

  private Mac signingKey(String day, String secret) {
    DayKey cached = dayKey;
    if (cached != null && cached.day().equals(day) && cached.secret().equals(secret)) {
      return cached.mac();
    }
    Mac start = keyed(("AWS4" + secret).getBytes(StandardCharsets.UTF_8));
    Mac ofDay = keyed(hmac(start, day));
    Mac ofRegion = keyed(hmac(ofDay, region));
    Mac ofService = keyed(hmac(ofRegion, "s3"));
    Mac last = keyed(hmac(ofService, "aws4_request"));
    dayKey = new DayKey(day, secret, last);
    return last;
  }

  private static Mac keyed(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static byte[] hmac(Mac keyed, String text) {
    try {
      return ((Mac) keyed.clone()).doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's HmacSHA256 can be cloned", e);
    }
  }

  private static String sha256Hex(String text) {
    MessageDigest digest = Sha256.newDigest();
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
