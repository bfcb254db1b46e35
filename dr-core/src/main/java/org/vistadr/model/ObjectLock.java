package org.vistadr.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How objects of a bucket are locked against being removed before their time. Pure.
///
/// @param mode who may remove them before
/// @param retain how long each one is locked from the moment in which it is written, and from each
///   renewal on
/// @param legalHold whether copies of what people hold get a legal hold, which has no end
public record ObjectLock(Mode mode, Duration retain, boolean legalHold) {

  /// A lock is renewed when less than this share of its time is left.
  private static final double RENEWED_BELOW = 0.75;

  /// Who may remove a locked object.
  public enum Mode {
    /// Whoever has a right of its own for it.
    GOVERNANCE,
    /// Nobody, not even the owner of the account.
    COMPLIANCE
  }

  /// How one object is locked.
  ///
  /// @param mode empty when it has no retention
  /// @param until when its retention ends; empty when it has none
  /// @param legalHold whether it is held without an end besides
  public record State(Optional<Mode> mode, Optional<Instant> until, boolean legalHold) {
    /// Without a legal hold.
    public State(Optional<Mode> mode, Optional<Instant> until) {
      this(mode, until, false);
    }

    /// It has no retention.
    public static final State NONE = new State(Optional.empty(), Optional.empty());
  }

  /// @throws IllegalArgumentException when the time cannot be meant
  public ObjectLock {
    if (retain.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException("a lock lasts at least a day: retain: 30d");
    }
    if (retain.compareTo(Duration.ofDays(3653)) > 0) {
      // What is locked for longer than that by a mistake costs money that nobody can save.
      throw new IllegalArgumentException("a lock is renewed and lasts at most 3653 days");
    }
  }

  /// Whether an object is locked as it is written. Ours that are removed again at once are not.
  public boolean covers(ObjectKey key) {
    return !key.isReserved()
        || key.value().startsWith(ObjectKey.RESERVED_PREFIX + "catalog/")
        || key.value().startsWith(ObjectKey.RESERVED_PREFIX + "history/");
  }

  /// Until when an object is locked that is written or renewed now: whole seconds.
  public Instant until(Instant now) {
    return Instant.ofEpochSecond(now.plus(retain).getEpochSecond());
  }

  /// Until when an object is to be locked that must be kept; empty when it is locked for long
  /// enough. Never earlier than it is locked already, and never in a weaker mode.
  public Optional<State> renewed(State is, Instant now) {
    Instant soon = now.plusSeconds((long) (retain.toSeconds() * RENEWED_BELOW));
    boolean longEnough = is.until().filter(until -> until.isAfter(soon)).isPresent();
    boolean strongEnough = is.mode().filter(found -> found.compareTo(mode) >= 0).isPresent();
    if (longEnough && strongEnough) {
      return Optional.empty();
    }
    Instant until = is.until().filter(until(now)::isBefore).orElse(until(now));
    Mode strongest = is.mode().filter(found -> found.compareTo(mode) > 0).orElse(mode);
    return Optional.of(new State(Optional.of(strongest), Optional.of(until)));
  }

  /// `governance for 30 days`.
  public String words() {
    return "%s for %d days%s"
        .formatted(
            mode.name().toLowerCase(java.util.Locale.ROOT),
            retain.toDays(),
            legalHold ? ", with legal holds for what is held" : "");
  }
}
