package org.vistadr.model;

/// How the catalog came to know an entry of a key's history.
public enum Origin {
  /// The primary listed it.
  LISTED,
  /// A complete scan proved that the key's current state changed without a new version: its newest
  /// version was removed so that an older one shows again, or the key vanished.
  INFERRED
}
