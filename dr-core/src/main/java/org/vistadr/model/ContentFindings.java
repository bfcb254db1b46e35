package org.vistadr.model;

import java.util.List;
import java.util.Map;

/// What the copies of a window showed of objects that were overwritten, as far as the brake is
/// concerned.
///
/// @param objectsBefore keys with content when the window began
/// @param overwritten objects whose new bytes were seen, or could not be read
/// @param hidden those of them whose bytes look encrypted now and did not before
/// @param rekeyed those that are encrypted with another key of a key service or a customer
/// @param unreadable those that the store gives to nobody without a key
/// @param kinds what the hidden ones were before, and how many of each
/// @param samples a few keys of each of the three
public record ContentFindings(
    long objectsBefore,
    long overwritten,
    long hidden,
    long rekeyed,
    long unreadable,
    Map<ContentKind, Long> kinds,
    Samples samples) {

  /// Copies the map.
  public ContentFindings {
    kinds = Map.copyOf(kinds);
  }

  /// A few keys.
  ///
  /// @param hidden whose bytes look encrypted
  /// @param rekeyed with another key, or unreadable
  public record Samples(List<ObjectKey> hidden, List<ObjectKey> rekeyed) {
    /// Copies the lists.
    public Samples {
      hidden = List.copyOf(hidden);
      rekeyed = List.copyOf(rekeyed);
    }
  }
}
