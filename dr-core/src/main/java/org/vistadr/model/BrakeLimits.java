package org.vistadr.model;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// From where on findings are suspicious.
///
/// @param watched what is looked for; what is not in it never engages the brake
/// @param minimum fewer changed keys than this are never suspicious, however small the bucket
/// @param deletedShare share of the keys that may lose their content within the window, 0 to 1
/// @param deletedCount number of keys that may, whatever their share
/// @param overwrittenShare share of the keys whose content may be replaced within the window
/// @param shiftedShare share of the keys that may come to look encrypted, or to be encrypted with
///   another key, within the window
/// @param shiftedCount number of keys that may, whatever their share
/// @param window how far back earlier scans count with the newest one
public record BrakeLimits(
    Set<Suspicion> watched,
    long minimum,
    double deletedShare,
    long deletedCount,
    double overwrittenShare,
    double shiftedShare,
    long shiftedCount,
    Duration window) {

  /// Sensible for buckets that an application works with.
  public static final BrakeLimits DEFAULT =
      new BrakeLimits(
          EnumSet.allOf(Suspicion.class), 20, 0.10, 50_000, 0.30, 0.05, 5_000, Duration.ofHours(1));

  /// Nothing is suspicious.
  public static final BrakeLimits NONE =
      new BrakeLimits(
          Set.of(),
          DEFAULT.minimum,
          DEFAULT.deletedShare,
          DEFAULT.deletedCount,
          DEFAULT.overwrittenShare,
          DEFAULT.shiftedShare,
          DEFAULT.shiftedCount,
          DEFAULT.window);

  /// @throws IllegalArgumentException when a limit cannot be meant
  public BrakeLimits {
    watched = Set.copyOf(watched);
    if (minimum < 1 || deletedCount < minimum || shiftedCount < minimum) {
      throw new IllegalArgumentException(
          "the minimum is at least 1 and not above the counts, is %d of %d and %d"
              .formatted(minimum, deletedCount, shiftedCount));
    }
    requireShare(deletedShare);
    requireShare(overwrittenShare);
    requireShare(shiftedShare);
  }

  /// Deletions since the last judgement that a hint may let go on to the secondaries before the
  /// next one: less than what could be suspicious.
  public long freeOfHints() {
    return watched.isEmpty() ? Long.MAX_VALUE : minimum;
  }

  /// The same of a scan: none, since it is about to be judged.
  public long freeOfScans() {
    return watched.isEmpty() ? Long.MAX_VALUE : 0;
  }

  private static void requireShare(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is more than 0% and at most 100%");
    }
  }
}
