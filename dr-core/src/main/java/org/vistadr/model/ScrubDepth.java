package org.vistadr.model;

/// How closely replicas are looked at.
public enum ScrubDepth {
  /// The secondary's listing has it, with the size and the entity tag that were recorded; and has
  /// nothing else. The whole bucket at once.
  LISTING,
  /// What the site says of it: its metadata, and the checksum that it computed where there is one
  /// that the catalog can compare with.
  CHECKSUM,
  /// Its bytes are read and hashed.
  READ_BACK
}
