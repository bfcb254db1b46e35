package org.vistadr.model;

/// What is known of the bucket that answers to the primary's name.
public enum BucketProof {
  /// It holds the object that was written into it to know it by.
  MARKED,
  /// Not marked, but versions that the catalog knows were listed again.
  RECOGNISED,
  /// Neither its mark nor a single known version is there.
  UNRECOGNISED,
  /// It is marked as another bucket.
  ANOTHER
}
