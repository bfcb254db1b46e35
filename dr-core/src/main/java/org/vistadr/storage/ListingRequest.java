package org.vistadr.storage;

import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.VersionId;

/// What a page of a listing shall hold.
///
/// @param prefix only keys that start with it; empty for all
/// @param from where to go on
/// @param limit at most so many entries, 1 to 1,000
public record ListingRequest(String prefix, Position from, int limit) {

  /// The most entries that providers give in one page.
  public static final int MAX_LIMIT = 1000;

  /// A listing of everything from the beginning.
  public static final ListingRequest ALL = new ListingRequest("", Position.BEGINNING, MAX_LIMIT);

  /// The same listing from another place on.
  public ListingRequest from(Position position) {
    return new ListingRequest(prefix, position, limit);
  }

  /// A place in a listing.
  public sealed interface Position {
    /// The first entry.
    Beginning BEGINNING = new Beginning();

    /// The first entry.
    record Beginning() implements Position {}

    /// The first entry of the first key above this one.
    ///
    /// @param key all versions of it are passed
    record AfterKey(ObjectKey key) implements Position {}

    /// The entry after this version of this key.
    ///
    /// @param key the key
    /// @param versionId the last version seen of it
    record AfterVersion(ObjectKey key, VersionId versionId) implements Position {}

    /// Where the provider said that the next page of a version listing begins, in its own words.
    /// With its marks behind the key MinIO goes on in the listing that it began; from the bare key
    /// it walks the bucket anew, and then leaves keys out.
    ///
    /// @param keyMarker the last key and the provider's marks
    /// @param versionIdMarker the provider's, if it gave one
    /// @param after the entry that the page ended with
    record Marker(String keyMarker, Optional<String> versionIdMarker, AfterVersion after)
        implements Position {}

    /// Where the provider said that the next page of a listing of current objects begins.
    ///
    /// @param token opaque
    record Token(String token) implements Position {}
  }
}
