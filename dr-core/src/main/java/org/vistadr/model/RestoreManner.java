package org.vistadr.model;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// How a restore goes about it: in which order, how fast, and whether it thaws.
///
/// @param newestFirst whether what was written last comes back first; else keys go in UTF-8 order
/// @param first prefixes that come before everything else, the first one first
/// @param last prefixes that come after everything else, the last one last
/// @param bytesPerSecond the most bytes written in a second; empty is as fast as it goes
/// @param thaw how fast archived objects are asked for; empty leaves them out
public record RestoreManner(
    boolean newestFirst,
    List<String> first,
    List<String> last,
    OptionalLong bytesPerSecond,
    Optional<ThawTier> thaw) {

  /// In key order, as fast as it goes, nothing thawed.
  public static final RestoreManner DEFAULT =
      new RestoreManner(false, List.of(), List.of(), OptionalLong.empty(), Optional.empty());

  /// Copies the lists.
  ///
  /// @throws IllegalArgumentException when the bandwidth is not positive
  public RestoreManner {
    first = List.copyOf(first);
    last = List.copyOf(last);
    if (bytesPerSecond.isPresent() && bytesPerSecond.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "a bandwidth must be at least 1 byte per second, got " + bytesPerSecond.getAsLong());
    }
  }

  /// The same with a thaw.
  public RestoreManner withThaw(ThawTier tier) {
    return new RestoreManner(newestFirst, first, last, bytesPerSecond, Optional.of(tier));
  }

  /// The same with the most bytes a second.
  public RestoreManner withBytesPerSecond(OptionalLong limit) {
    return new RestoreManner(newestFirst, first, last, limit, thaw);
  }

  /// How fast an archive gives objects back, as S3's RestoreObject names it.
  public enum ThawTier {
    /// Minutes, at a high price; not from deep archives.
    EXPEDITED,
    /// Hours.
    STANDARD,
    /// Half a day or longer, at the lowest price.
    BULK;

    /// The name in requests and output.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
