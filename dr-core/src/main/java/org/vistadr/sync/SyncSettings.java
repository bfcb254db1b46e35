package org.vistadr.sync;

import java.time.Duration;
import java.util.List;
import org.vistadr.model.BrakeLimits;

/// How scanning and replicating go about it.
///
/// @param scanRanges key ranges listed at the same time
/// @param copiesAtOnce versions in flight per secondary
/// @param bufferLimit objects up to this size are read into memory and can be shared between
///   secondaries; bytes
/// @param bufferBudget memory for all such objects together; bytes
/// @param multipartAbove objects above this size are copied in parts; bytes
/// @param giveUpAfter tries before a version is given up
/// @param exclude globs of keys that are not protected, `temp/**` say
/// @param brake from where on findings are suspicious
public record SyncSettings(
    int scanRanges,
    int copiesAtOnce,
    int bufferLimit,
    long bufferBudget,
    long multipartAbove,
    int giveUpAfter,
    List<String> exclude,
    BrakeLimits brake) {

  /// Sensible for a small machine.
  public static final SyncSettings DEFAULT =
      new SyncSettings(4, 16, 1 << 20, 16L << 20, 64L << 20, 10, List.of(), BrakeLimits.DEFAULT);

  /// The longest wait between two tries of a version.
  public static final Duration LONGEST_BACKOFF = Duration.ofMinutes(15);

  /// Copies the list.
  public SyncSettings {
    exclude = List.copyOf(exclude);
  }

  /// The same with other limits of the brake.
  public SyncSettings withBrake(BrakeLimits limits) {
    return new SyncSettings(
        scanRanges,
        copiesAtOnce,
        bufferLimit,
        bufferBudget,
        multipartAbove,
        giveUpAfter,
        exclude,
        limits);
  }
}
