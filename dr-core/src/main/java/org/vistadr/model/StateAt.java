package org.vistadr.model;

import java.util.Locale;
import java.util.Optional;

/// What a key held at a moment, as far as what was recorded can tell.
///
/// The answer of the listing order is always there; an ambiguous state has a second one which what
/// was recorded does not rule out.
public sealed interface StateAt {

  /// The answer of the listing order: content or delete marker; empty when the key had no entry.
  Optional<RecordedVersion> entry();

  /// The content by the listing order; empty when the key was deleted or not there yet.
  default Optional<RecordedVersion> content() {
    return entry().filter(ViewAt::isContent);
  }

  /// The second answer and why there is one; empty when the state is certain.
  default Optional<Ambiguous> ambiguity() {
    return switch (this) {
      case Certain _ -> Optional.empty();
      case Ambiguous here -> Optional.of(here);
    };
  }

  /// Nothing else can have been there.
  record Certain(Optional<RecordedVersion> entry) implements StateAt {}

  /// One of two states was there, and nothing tells which.
  ///
  /// @param entry the answer of the listing order
  /// @param other the other one
  /// @param doubt why
  record Ambiguous(Optional<RecordedVersion> entry, Other other, Doubt doubt) implements StateAt {}

  /// The answer that the listing order does not give.
  sealed interface Other {
    /// The content of the other answer, where it is one that was recorded.
    default Optional<RecordedVersion> content() {
      return switch (this) {
        case Recorded(var entry) -> entry.filter(ViewAt::isContent);
        case NeverSeen() -> Optional.empty();
      };
    }
  }

  /// A recorded state.
  ///
  /// @param entry content or delete marker; empty when the key had no entry
  record Recorded(Optional<RecordedVersion> entry) implements Other {}

  /// A state that was overwritten before any look saw it. Nobody has its bytes.
  record NeverSeen() implements Other {}

  /// Why a state is ambiguous.
  enum Doubt {
    /// Several entries took effect in the second that was asked for.
    SAME_SECOND("it changed more than once within that second"),
    /// An entry is older by its time than a look that did not see it, so it appeared later.
    APPEARED_LATE("a version appeared later than its time says"),
    /// The key changed between two looks without leaving a time: its newest version was removed.
    CHANGED_BETWEEN_SCANS("its newest version was removed at an unknown moment between two scans"),
    /// The one version without an id was overwritten between two looks, perhaps more than once.
    OVERWRITTEN_UNSEEN("it was overwritten between two scans while no versions were kept");

    private final String words;

    Doubt(String words) {
      this.words = words;
    }

    /// One clause for people: "it changed more than once within that second".
    public String words() {
      return words;
    }

    /// The name in answers: `same-second`.
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
