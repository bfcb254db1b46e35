package org.vistadr.restore;

import java.time.Duration;

/// How restoring goes about it.
///
/// @param parallelism items in flight per restore
/// @param confirmAbove from where on a plan asks for the bucket's name
/// @param planValidity how long a plan can be applied
/// @param bufferLimit objects up to this size pass through memory when they come from a secondary;
///   bytes
/// @param multipartAbove objects above this size are written in parts; bytes
/// @param tries per item, before it counts as failed
/// @param longestBackoff the longest wait between two tries
public record RestoreSettings(
    int parallelism,
    ConfirmAbove confirmAbove,
    Duration planValidity,
    int bufferLimit,
    long multipartAbove,
    int tries,
    Duration longestBackoff) {

  /// Sensible for a small machine.
  public static final RestoreSettings DEFAULT =
      new RestoreSettings(
          16,
          new ConfirmAbove(100, 1L << 30, 1),
          Duration.ofHours(1),
          1 << 20,
          64L << 20,
          4,
          Duration.ofSeconds(20));

  /// @throws IllegalArgumentException when a number makes no sense
  public RestoreSettings {
    if (parallelism < 1 || bufferLimit < 0 || multipartAbove < bufferLimit || tries < 1) {
      throw new IllegalArgumentException(
          "restore settings need a parallelism and tries of at least 1 and limits that rise; got parallelism %d, bufferLimit %d, multipartAbove %d, tries %d"
              .formatted(parallelism, bufferLimit, multipartAbove, tries));
    }
  }

  /// The same with another parallelism.
  public RestoreSettings withParallelism(int items) {
    return new RestoreSettings(
        items, confirmAbove, planValidity, bufferLimit, multipartAbove, tries, longestBackoff);
  }

  /// The same with other limits of what is applied without the bucket's name.
  public RestoreSettings withConfirmAbove(ConfirmAbove limits) {
    return new RestoreSettings(
        parallelism, limits, planValidity, bufferLimit, multipartAbove, tries, longestBackoff);
  }

  /// A plan that writes more than any of these asks for the bucket's name.
  ///
  /// @param objects written
  /// @param bytes written
  /// @param overwrites objects that have content now
  public record ConfirmAbove(long objects, long bytes, long overwrites) {}
}
