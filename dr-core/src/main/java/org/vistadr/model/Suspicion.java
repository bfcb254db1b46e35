package org.vistadr.model;

/// What makes a scan's findings look like a disaster at the primary instead of a day's work.
public enum Suspicion {
  /// Many keys lost their content.
  DELETIONS,
  /// Many keys hold other content than before.
  OVERWRITES,
  /// Many keys hold other content, nearly all of them a little larger: what encryption does.
  ENCRYPTION,
  /// Many overwritten keys hold bytes that look encrypted, and did not before.
  CONTENT,
  /// Many overwritten keys are encrypted by the store with another key, or cannot be read without.
  ENCRYPTION_KEY,
  /// Nothing is listed where there was content.
  EMPTIED,
  /// What answers to the bucket's name is another bucket.
  OTHER_BUCKET,
  /// The primary kept versions and does not any more.
  VERSIONING_OFF,
  /// Its lifecycle removes by itself what it did not remove before, or sooner.
  EXPIRY
}
