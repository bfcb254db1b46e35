package org.vistadr.sync;

import java.time.Duration;
import org.vistadr.model.SiteName;

/// Told of progress, for metrics and progress bars. Calls come from many threads and must return at
/// once.
public interface SyncListener {

  /// Nobody listens.
  SyncListener NONE = new SyncListener() {};

  /// A try ended.
  ///
  /// @param operation what was done
  /// @param bytes object bytes written
  /// @param delay from the primary's time of the version to now; only when it became durable
  default void replicated(
      SiteName secondary, Operation operation, Result result, long bytes, Duration delay) {}

  /// Entries were read from the primary's listing.
  default void scanned(long versions) {}

  /// How a version reaches a secondary.
  enum Operation {
    /// Bytes were sent.
    PUT,
    /// Copied on the server side.
    COPY,
    /// A delete marker, or on an unversioned secondary a move to history.
    DELETE_MARKER
  }

  /// How it went.
  enum Result {
    /// Durable.
    OK,
    /// Another try follows, or it was given up.
    FAILED,
    /// It was there already.
    SKIPPED
  }
}
