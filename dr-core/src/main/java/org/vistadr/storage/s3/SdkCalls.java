package org.vistadr.storage.s3;

import java.io.IOException;
import java.util.function.Supplier;
import org.vistadr.model.SiteName;
import org.vistadr.storage.StorageException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/// Runs calls of the SDK and classifies what they throw.
final class SdkCalls {

  private final SiteName site;

  SdkCalls(SiteName site) {
    this.site = site;
  }

  /// Runs one call.
  ///
  /// @param target the bucket or key, for messages
  <T> T run(String operation, String target, Supplier<T> call) throws StorageException {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      AwsErrorDetails details = e.awsErrorDetails();
      String code = details == null || details.errorCode() == null ? "" : details.errorCode();
      String message =
          details == null || details.errorMessage() == null ? "" : details.errorMessage();
      throw S3Errors.of(
          site, operation, target, e.statusCode(), new S3Errors.ErrorDocument(code, message));
    } catch (SdkException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof IOException io) {
          throw S3Errors.broken(site, operation, target, io);
        }
      }
      throw new StorageException.Unavailable(
          site, operation, "%s: %s".formatted(target, S3Errors.tidy(e.getMessage())), e);
    }
  }
}
