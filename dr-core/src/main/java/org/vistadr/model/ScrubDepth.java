package org.vistadr.model;

/// How closely replicas are looked at.
public enum ScrubDepth {
  /// The object is there, with its size and its entity tag.
  PRESENCE,
  /// Its bytes are read and hashed.
  READ_BACK
}
