package org.vistadr.model;

/// A provider's identifier of one version of a key. Opaque: it has no order and no meaning
/// elsewhere.
///
/// @param value the identifier; `null` as text is the one mutable version of unversioned and
///   suspended buckets
public record VersionId(String value) {

  /// The version that unversioned and suspended buckets overwrite in place.
  public static final VersionId NULL = new VersionId("null");

  /// @throws IllegalArgumentException when empty
  public VersionId {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a version id must not be empty");
    }
  }

  /// Whether this is the mutable [#NULL] version.
  public boolean isNull() {
    return NULL.equals(this);
  }

  @Override
  public String toString() {
    return value;
  }
}
