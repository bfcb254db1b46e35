package org.vistadr.model;

/// Whether a bucket kept versions when it was looked at.
public enum Regime {
  /// Every write and delete adds a version.
  VERSIONED,
  /// Old versions are kept; new writes overwrite the `null` version in place.
  SUSPENDED,
  /// One mutable version per key.
  UNVERSIONED
}
