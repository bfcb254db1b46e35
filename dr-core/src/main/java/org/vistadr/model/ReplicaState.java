package org.vistadr.model;

/// The state of a secondary's copy of one version.
public enum ReplicaState {
  /// Waiting to be copied, or between two tries.
  PENDING,
  /// Kept back by the brake until a person decides.
  HELD,
  /// The secondary acknowledged all bytes and their hash was compared.
  DURABLE,
  /// Retries used up: named, counted and holding the recovery point back until it is retried or
  /// waived.
  GIVEN_UP,
  /// The primary lost the version before it could be copied, which a complete scan proved. Counted
  /// for ever; the recovery point skips the scans that still saw it.
  MISSED,
  /// An operator decided to go on without it.
  WAIVED,
  /// Removed by retention.
  PRUNED
}
