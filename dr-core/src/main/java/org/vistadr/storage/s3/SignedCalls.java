package org.vistadr.storage.s3;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.listing.UnprovedAnswer;
import org.vistadr.storage.listing.XmlReader;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;

/// Sends our own signed requests and turns every answer that is no success into its
/// [StorageException]. One attempt per call. Safe for many threads.
final class SignedCalls {

  /// The largest XML document that is read, far above a page of 1,000 entries with the longest
  /// keys.
  static final int MAX_DOCUMENT = 32 << 20;

  private static final int MAX_ERROR = 64 << 10;
  private static final long BUCKET_PROOF_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final SiteConfig site;
  private final SiteAddress address;
  private final HttpTransport transport;
  private final SigV4Signer signer;
  private final AwsCredentialsProvider credentials;
  private final InstantSource clock;
  private volatile long bucketProvedAt = System.nanoTime() - 2 * BUCKET_PROOF_NANOS;

  SignedCalls(
      SiteConfig site,
      HttpTransport transport,
      AwsCredentialsProvider credentials,
      InstantSource clock) {
    this.site = site;
    this.address = SiteAddress.of(site);
    this.transport = transport;
    this.signer = new SigV4Signer(site.region());
    this.credentials = credentials;
    this.clock = clock;
  }

  /// Sends a call and returns its answer if it is a success, body unread.
  HttpAnswer send(S3Call call) throws StorageException {
    HttpAnswer answer = exchange(call);
    int status = answer.status();
    if (status >= 200 && status < 300) {
      bucketProvedAt = System.nanoTime();
      return answer;
    }
    try (answer) {
      throw refused(call, answer);
    }
  }

  /// Sends a call and reads the whole answer, which must be XML with the given root element.
  byte[] document(S3Call call) throws StorageException {
    try (HttpAnswer answer = send(call)) {
      return read(call, answer);
    }
  }

  /// Reads a whole answer. One that is an S3 error in spite of its status is thrown as that error.
  byte[] read(S3Call call, HttpAnswer answer) throws StorageException {
    byte[] body;
    try {
      body = answer.readAll(MAX_DOCUMENT);
    } catch (IOException e) {
      throw S3Errors.broken(site.name(), call.operation(), target(call), e);
    }
    var error = S3Errors.ErrorDocument.read(body);
    if (error.isPresent()) {
      throw S3Errors.of(site.name(), call.operation(), target(call), answer.status(), error.get());
    }
    return body;
  }

  /// Opens a document with one of the given root elements, the usual one first.
  XmlReader xml(S3Call call, byte[] body, String... roots) throws StorageException {
    try {
      XmlReader xml = new XmlReader(body, body.length);
      String found = xml.root();
      if (!List.of(roots).contains(found)) {
        throw new UnprovedAnswer("the answer is a %s, not a %s".formatted(found, roots[0]));
      }
      return xml;
    } catch (UnprovedAnswer e) {
      throw unproved(call, e.getMessage());
    }
  }

  StorageException.Unproved unproved(S3Call call, @Nullable String rule) {
    return new StorageException.Unproved(
        site.name(), call.operation(), "%s: %s".formatted(target(call), S3Errors.tidy(rule)));
  }

  StorageException broken(S3Call call, HttpAnswer answer, IOException e) {
    return S3Errors.broken(site.name(), call.operation(), target(call), answer.explained(e));
  }

  String target(S3Call call) {
    return call.target(site.bucket());
  }

  private HttpAnswer exchange(S3Call call) throws StorageException {
    AwsCredentials keys;
    try {
      keys = credentials.resolveCredentials();
    } catch (SdkException e) {
      throw new StorageException.AccessDenied(
          site.name(),
          call.operation(),
          "NoCredentials",
          "no credentials: %s (configure the keys of the site)"
              .formatted(S3Errors.tidy(e.getMessage())));
    }
    String path = call.key().map(address::path).orElseGet(address::path);
    Map<String, String> headers = new TreeMap<>(call.headers());
    String hash = call.body().map(S3Call.Body::payloadHash).orElse(SigV4Signer.EMPTY);
    String query =
        signer.sign(
            keys,
            clock.instant(),
            call.method(),
            address.authority(),
            path,
            call.query(),
            headers,
            hash);
    headers.remove("host");
    @Nullable Payload payload = call.body().map(S3Call.Body::payload).orElse(null);
    if (payload == null && (call.method().equals("PUT") || call.method().equals("POST"))) {
      payload = Payload.Bytes.NONE;
    }
    try {
      return transport.send(
          call.method(),
          address,
          query.isEmpty() ? path : path + "?" + query,
          headers,
          payload,
          call.bytes());
    } catch (IOException e) {
      if (payload instanceof SentStream stream && stream.sourceFailed()) {
        throw new StorageException.CorruptBody(
            site.name(), call.operation(), "%s: %s".formatted(target(call), e.getMessage()));
      }
      throw S3Errors.broken(site.name(), call.operation(), target(call), e);
    }
  }

  private StorageException refused(S3Call call, HttpAnswer answer) throws StorageException {
    if (answer.header("x-amz-delete-marker").filter("true"::equals).isPresent()
        && (answer.status() == 404 || answer.status() == 405)) {
      return new StorageException.NotFound(
          site.name(), call.operation(), "%s: it is a delete marker".formatted(target(call)));
    }
    if (call.method().equals("HEAD")) {
      return refusedHead(call, answer.status());
    }
    S3Errors.ErrorDocument error;
    try {
      error =
          S3Errors.ErrorDocument.read(answer.readAll(MAX_ERROR))
              .orElse(S3Errors.ErrorDocument.NONE);
    } catch (IOException _) {
      error = S3Errors.ErrorDocument.NONE;
    }
    return S3Errors.of(site.name(), call.operation(), target(call), answer.status(), error);
  }

  /// An answer to HEAD has no body, so a 404 may be the key's or the bucket's: the bucket is asked.
  private StorageException refusedHead(S3Call call, int status) throws StorageException {
    if (status != 404 || call.key().isEmpty()) {
      return status == 404
          ? S3Errors.of(
              site.name(),
              call.operation(),
              target(call),
              status,
              new S3Errors.ErrorDocument("NoSuchBucket", ""))
          : S3Errors.of(
              site.name(), call.operation(), target(call), status, S3Errors.ErrorDocument.NONE);
    }
    if (System.nanoTime() - bucketProvedAt > BUCKET_PROOF_NANOS) {
      send(S3Call.ofBucket("HeadBucket", "HEAD")).close();
    }
    return new StorageException.NotFound(
        site.name(), call.operation(), "%s: not found".formatted(target(call)));
  }

  /// The key's part of a call, for messages of others.
  static String quoted(ObjectKey key) {
    return "'" + S3Errors.tidy(key.value()) + "'";
  }
}
