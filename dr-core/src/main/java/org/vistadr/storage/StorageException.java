package org.vistadr.storage;

import org.jspecify.annotations.Nullable;
import org.vistadr.model.SiteName;

/// A site did not do what was asked, or did not prove that it did. Classified once, where it is
/// thrown.
///
/// Messages are lower case, name the site, the operation and the key, and never hold a secret. The
/// type decides what callers may do: [#retryable()] is about the same call again, later.
public abstract sealed class StorageException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient SiteName site;
  private final String operation;

  private StorageException(
      SiteName site, String operation, String message, @Nullable Throwable cause) {
    super("%s %s: %s".formatted(site, operation, message), cause);
    this.site = site;
    this.operation = operation;
  }

  private StorageException(SiteName site, String operation, String message) {
    super("%s %s: %s".formatted(site, operation, message));
    this.site = site;
    this.operation = operation;
  }

  /// The site that was asked.
  public SiteName site() {
    return site;
  }

  /// The S3 operation, `PutObject` say.
  public String operation() {
    return operation;
  }

  /// Whether the same call may succeed later without anybody changing anything.
  public boolean retryable() {
    return switch (this) {
      case Throttled _, Unavailable _, CorruptBody _, Unproved _ -> true;
      case NotFound _,
          BucketMissing _,
          AccessDenied _,
          PreconditionFailed _,
          Archived _,
          NoRoom _,
          Rejected _ ->
          false;
    };
  }

  /// The key or the version does not exist. Never thrown for a missing bucket or a refused request.
  public static final class NotFound extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message what was not found
    public NotFound(SiteName site, String operation, String message) {
      super(site, operation, message);
    }
  }

  /// The bucket does not exist.
  public static final class BucketMissing extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message names the bucket
    public BucketMissing(SiteName site, String operation, String message) {
      super(site, operation, message);
    }
  }

  /// Wrong credentials or a missing permission. Never read as absence.
  public static final class AccessDenied extends StorageException {
    private static final long serialVersionUID = 1L;
    private final String code;

    /// @param code the provider's error code, `SignatureDoesNotMatch` say
    public AccessDenied(SiteName site, String operation, String code, String message) {
      super(site, operation, message);
      this.code = code;
    }

    /// The provider's error code.
    public String code() {
      return code;
    }
  }

  /// The object is not in the state that the request asked for (412, or a 304/409 that means the
  /// same).
  public static final class PreconditionFailed extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message what differs
    public PreconditionFailed(SiteName site, String operation, String message) {
      super(site, operation, message);
    }
  }

  /// The bytes are in an archive class and must be thawed first.
  public static final class Archived extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message names object and class
    public Archived(SiteName site, String operation, String message) {
      super(site, operation, message);
    }
  }

  /// The site is full, or a quota is used up: no write of any size may succeed before somebody
  /// makes room.
  public static final class NoRoom extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message the provider's words, or how much is missing
    public NoRoom(SiteName site, String operation, String message) {
      super(site, operation, message);
    }
  }

  /// The site asks to slow down (503 SlowDown, 429).
  public static final class Throttled extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message the provider's words
    public Throttled(SiteName site, String operation, String message) {
      super(site, operation, message);
    }
  }

  /// No answer: connection refused or lost, deadline passed, server error. Whether a write happened
  /// is unknown.
  public static final class Unavailable extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message what was seen
    public Unavailable(SiteName site, String operation, String message, @Nullable Throwable cause) {
      super(site, operation, message, cause);
    }
  }

  /// Bytes differ from what was announced or from their hash.
  public static final class CorruptBody extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message expected and found
    public CorruptBody(SiteName site, String operation, String message) {
      super(site, operation, message);
    }
  }

  /// The site answered, and the answer proves nothing: foreign XML, a page out of order, a listing
  /// that repeats or lacks its token, another bucket's name.
  public static final class Unproved extends StorageException {
    private static final long serialVersionUID = 1L;

    /// @param message the rule that the answer breaks
    public Unproved(SiteName site, String operation, String message) {
      super(site, operation, message);
    }
  }

  /// The site understood and refuses: an invalid request, a call it does not have, an object it
  /// cannot hold.
  public static final class Rejected extends StorageException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    /// @param status HTTP status
    /// @param code the provider's error code
    public Rejected(SiteName site, String operation, int status, String code, String message) {
      super(site, operation, message);
      this.status = status;
      this.code = code;
    }

    /// HTTP status.
    public int status() {
      return status;
    }

    /// The provider's error code.
    public String code() {
      return code;
    }
  }
}
