package org.vistadr.model;

import java.time.Instant;

/// A name that a person gave to a moment of the primary, to go back there. Immutable. It holds no
/// data: what the primary had then is the view at that moment.
///
/// @param at the moment
/// @param madeAt when the name was given, in the daemon's clock
/// @param madeBy role and fingerprint of the token
/// @param note what the person wrote with it; may be empty
/// @param held whether no retention may ever remove a version that its view shows
public record NamedCheckpoint(
    CheckpointName name, Instant at, Instant madeAt, String madeBy, String note, boolean held) {

  /// Most characters of a note.
  public static final int LONGEST_NOTE = 500;

  /// @throws IllegalArgumentException when the note is too long
  public NamedCheckpoint {
    if (note.length() > LONGEST_NOTE) {
      throw new IllegalArgumentException(
          "a note has at most %d characters; this one has %d"
              .formatted(LONGEST_NOTE, note.length()));
    }
  }

  /// The same, held or not.
  public NamedCheckpoint withHeld(boolean other) {
    return new NamedCheckpoint(name, at, madeAt, madeBy, note, other);
  }
}
