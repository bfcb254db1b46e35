package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.SiteName;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.listing.UnprovedAnswer;
import org.vistadr.storage.listing.XmlReader;

/// Classifies what a site answers, in one place, for our own calls and for the SDK's. Pure.
final class S3Errors {

  private static final int MAX_MESSAGE = 300;

  private S3Errors() {}

  /// What an error document says.
  ///
  /// @param code the provider's error code, empty when there is none
  /// @param message the provider's words
  record ErrorDocument(String code, String message) {

    static final ErrorDocument NONE = new ErrorDocument("", "");

    /// Reads an error document; empty when the bytes are none.
    static Optional<ErrorDocument> read(byte[] body) {
      if (body.length == 0) {
        return Optional.empty();
      }
      try {
        XmlReader xml = new XmlReader(body, body.length);
        if (!xml.root().equals("Error")) {
          return Optional.empty();
        }
        String code = "";
        String message = "";
        for (String child = xml.nextChild(); child != null; child = xml.nextChild()) {
          switch (child) {
            case "Code" -> code = xml.text();
            case "Message" -> message = xml.text();
            default -> xml.skip();
          }
        }
        return Optional.of(new ErrorDocument(code.strip(), message.strip()));
      } catch (UnprovedAnswer _) {
        return Optional.empty();
      }
    }
  }

  /// The exception for an answer that is no success.
  ///
  /// @param target bucket or key, for the message
  static StorageException of(
      SiteName site, String operation, String target, int status, ErrorDocument error) {
    String code = error.code();
    String text = "%s: HTTP %d %s".formatted(target, status, said(error));
    return switch (code) {
      case "NoSuchBucket" -> new StorageException.BucketMissing(site, operation, text);
      case "NoSuchKey", "NoSuchVersion" -> new StorageException.NotFound(site, operation, text);
      case "InvalidObjectState", "ObjectNotInActiveTierError" ->
          new StorageException.Archived(site, operation, text);
      case "SlowDown",
          "SlowDownRead",
          "SlowDownWrite",
          "TooManyRequests",
          "RequestLimitExceeded",
          "Throttling",
          "ThrottlingException",
          "BandwidthLimitExceeded",
          "ServiceUnavailable" ->
          new StorageException.Throttled(site, operation, text);
      case "XMinioStorageFull",
          "XMinioAdminBucketQuotaExceeded",
          "QuotaExceeded",
          "InsufficientStorage",
          "InsufficientStorageSpace",
          "StorageLimitExceeded" ->
          new StorageException.NoRoom(site, operation, text);
      case "InternalError", "RequestTimeout" -> unavailable(site, operation, text);
      case "BadDigest",
          "XAmzContentSHA256Mismatch",
          "XAmzContentChecksumMismatch",
          "IncompleteBody" ->
          new StorageException.CorruptBody(site, operation, text);
      case "PreconditionFailed", "ConditionalRequestConflict", "OperationAborted" ->
          new StorageException.PreconditionFailed(site, operation, text);
      case "RequestTimeTooSkewed" -> new StorageException.AccessDenied(site, operation, code, text);
      case "AccessDenied",
          "AllAccessDisabled",
          "SignatureDoesNotMatch",
          "InvalidToken",
          "ExpiredToken",
          "TokenRefreshRequired",
          "InvalidAccessKeyId" ->
          denied(site, operation, code, text);
      default -> byStatus(site, operation, status, code, text);
    };
  }

  private static StorageException byStatus(
      SiteName site, String operation, int status, String code, String text) {
    return switch (status) {
      case 401, 403 -> denied(site, operation, code, text);
      case 304, 412 -> new StorageException.PreconditionFailed(site, operation, text);
      case 429, 503 -> new StorageException.Throttled(site, operation, text);
      case 507 -> new StorageException.NoRoom(site, operation, text);
      // 499: MinIO believes that we hung up.
      case 408, 499 -> unavailable(site, operation, text);
      case 200 -> unavailable(site, operation, text);
      case 301, 302, 303, 307, 308 ->
          new StorageException.Rejected(
              site,
              operation,
              status,
              code,
              text + " (a redirect, which is never followed: check the endpoint and the region)");
      case 404 ->
          code.isEmpty()
              // A page of some proxy, or a HEAD: says nothing of the object.
              ? new StorageException.Unproved(
                  site, operation, text + " without an S3 error code, which proves no absence")
              : new StorageException.Rejected(site, operation, status, code, text);
      default ->
          status >= 500 && status != 501
              ? unavailable(site, operation, text)
              : new StorageException.Rejected(site, operation, status, code, text);
    };
  }

  /// The exception for an exchange that broke.
  static StorageException broken(SiteName site, String operation, String target, IOException e) {
    return new StorageException.Unavailable(
        site, operation, "%s: %s".formatted(target, words(e)), e);
  }

  private static String words(IOException e) {
    String name = e instanceof InterruptedIOException ? "timeout" : e.getClass().getSimpleName();
    return e.getMessage() == null ? name : "%s (%s)".formatted(tidy(e.getMessage()), name);
  }

  private static StorageException unavailable(SiteName site, String operation, String text) {
    return new StorageException.Unavailable(site, operation, text, null);
  }

  private static StorageException denied(
      SiteName site, String operation, String code, String text) {
    return new StorageException.AccessDenied(site, operation, code, text);
  }

  private static String said(ErrorDocument error) {
    if (error.code().isEmpty()) {
      return "without an S3 error document";
    }
    return error.message().isEmpty()
        ? error.code()
        : "%s (%s)".formatted(error.code(), tidy(error.message()));
  }

  /// On one line, without control characters, of bounded length.
  static String tidy(@Nullable String text) {
    if (text == null) {
      return "";
    }
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "..." : line;
  }
}
