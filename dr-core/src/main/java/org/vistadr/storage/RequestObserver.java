package org.vistadr.storage;

import java.time.Duration;
import org.vistadr.model.SiteName;

/// Sees every attempt that a store makes, for metrics. Called on the thread of the request; must be
/// fast, thread-safe and must not throw.
@FunctionalInterface
public interface RequestObserver {

  /// Observes nothing.
  RequestObserver NONE = _ -> {};

  /// One attempt ended.
  void observed(Attempt attempt);

  /// An attempt failed and will be made again.
  ///
  /// @param operation S3's name of the call
  default void retried(SiteName site, String operation) {}

  /// One attempt.
  ///
  /// @param site where
  /// @param operation S3's name of the call
  /// @param outcome how it ended
  /// @param took until the answer was complete, for reads until the body was closed
  /// @param bytesSent object bytes sent
  /// @param bytesReceived object bytes received
  record Attempt(
      SiteName site,
      String operation,
      Outcome outcome,
      Duration took,
      long bytesSent,
      long bytesReceived) {}

  /// How an attempt ended.
  enum Outcome {
    /// As asked.
    SUCCESS,
    /// Key, version or bucket do not exist.
    NOT_FOUND,
    /// Refused for lack of rights.
    ACCESS_DENIED,
    /// Refused for another reason that lies in the request or in the object's state.
    CLIENT_ERROR,
    /// Asked to slow down.
    THROTTLED,
    /// The site failed, or answered something that proves nothing.
    SERVER_ERROR,
    /// No answer in time.
    TIMEOUT,
    /// The connection could not be made or was lost.
    CONNECT;

    /// The outcome that an exception stands for.
    public static Outcome of(StorageException e) {
      return switch (e) {
        case StorageException.NotFound _, StorageException.BucketMissing _ -> NOT_FOUND;
        case StorageException.AccessDenied _ -> ACCESS_DENIED;
        case StorageException.PreconditionFailed _,
            StorageException.Archived _,
            StorageException.NoRoom _,
            StorageException.Rejected _ ->
            CLIENT_ERROR;
        case StorageException.Throttled _ -> THROTTLED;
        case StorageException.CorruptBody _, StorageException.Unproved _ -> SERVER_ERROR;
        case StorageException.Unavailable unavailable ->
            switch (unavailable.getCause()) {
              case java.io.InterruptedIOException _ -> TIMEOUT;
              case java.io.IOException _ -> CONNECT;
              case null, default -> SERVER_ERROR;
            };
      };
    }

    /// The name in metrics: lower case.
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
