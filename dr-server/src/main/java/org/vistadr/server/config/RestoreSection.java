package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `restore:` how restores go about it.
///
/// @param parallelism objects brought back at the same time
/// @param confirmAbove above any of these a person has to type the bucket's name
/// @param thawDays for how many days an archived object is made readable
/// @param directories where on this machine restores may write: these and what is below them
public record RestoreSection(
    int parallelism, ConfirmAbove confirmAbove, int thawDays, List<String> directories) {

  /// The defaults.
  public static final RestoreSection DEFAULT =
      new RestoreSection(16, ConfirmAbove.DEFAULT, 3, List.of());

  /// Fills in the defaults.
  public RestoreSection {
    parallelism = parallelism == 0 ? 32 : parallelism;
    confirmAbove = requireNonNullElse(confirmAbove, ConfirmAbove.DEFAULT);
    thawDays = thawDays == 0 ? 3 : thawDays;
    if (thawDays < 1 || thawDays > 365) {
      throw new IllegalArgumentException("thawDays must be 1 to 365, is " + thawDays);
    }
    directories = List.copyOf(requireNonNullElse(directories, List.of()));
    for (var directory : directories) {
      if (!Path.of(directory).isAbsolute()) {
        throw new IllegalArgumentException(
            "restore.directories: '%s' is no absolute path".formatted(directory));
      }
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
