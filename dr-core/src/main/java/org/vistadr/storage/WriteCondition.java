package org.vistadr.storage;

/// What must be true of the target key for a write to happen. A provider without conditional writes
/// gets a look before the write instead, which is not atomic; [ProviderProfile] tells which it is.
public sealed interface WriteCondition {

  /// No condition.
  Always ALWAYS = new Always();

  /// The key must have no current object.
  Absent ABSENT = new Absent();

  /// No condition.
  record Always() implements WriteCondition {}

  /// The key must have no current object.
  record Absent() implements WriteCondition {}

  /// The current object must have this entity tag.
  ///
  /// @param etag entity tag without quotes
  record Matching(String etag) implements WriteCondition {}
}
