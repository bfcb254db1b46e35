package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Optional;

/// `restore:` how restores go about it.
///
/// @param parallelism objects brought back at the same time
/// @param confirmAbove above any of these a person has to type the bucket's name
/// @param thawDays for how many days an archived object is made readable
public record RestoreSection(int parallelism, ConfirmAbove confirmAbove, int thawDays) {

  /// The defaults.
  public static final RestoreSection DEFAULT = new RestoreSection(16, ConfirmAbove.DEFAULT, 3);

  /// Fills in the defaults.
  public RestoreSection {
    parallelism = parallelism == 0 ? 16 : parallelism;
    confirmAbove = requireNonNullElse(confirmAbove, ConfirmAbove.DEFAULT);
    thawDays = thawDays == 0 ? 3 : thawDays;
    if (thawDays < 1 || thawDays > 365) {
      throw new IllegalArgumentException("thawDays must be 1 to 365, is " + thawDays);
    }
  }

  /// @param objects objects that are written or deleted
  /// @param bytes bytes that are written
  /// @param overwrites newer content that is replaced
  public record ConfirmAbove(long objects, long bytes, long overwrites) {

    /// The defaults.
    public static final ConfirmAbove DEFAULT = new ConfirmAbove(100, 1L << 30, 1);

    /// Reads the section; what is left out has its default.
    @JsonCreator
    public static ConfirmAbove of(
        Optional<Long> objects, Optional<String> bytes, Optional<Long> overwrites) {
      return new ConfirmAbove(
          objects.orElse(DEFAULT.objects),
          bytes.map(Quantities::bytes).orElse(DEFAULT.bytes),
          overwrites.orElse(DEFAULT.overwrites));
    }
  }
}
