package org.vistadr.restore.plan;

import java.time.Duration;
import java.util.Map;
import org.vistadr.model.PriceList;
import org.vistadr.model.SiteName;
import org.vistadr.storage.transfer.TransferLimits;

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
/// @param thaw how archives are asked
/// @param prices what the sites ask for; a site that is missing has unknown prices
public record RestoreSettings(
    int parallelism,
    ConfirmAbove confirmAbove,
    Duration planValidity,
    int bufferLimit,
    long multipartAbove,
    int tries,
    Duration longestBackoff,
    Thaw thaw,
    Map<SiteName, PriceList> prices) {

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

  /// Archives are asked as by default, and nobody's prices are known.
  public RestoreSettings(
      int parallelism,
      ConfirmAbove confirmAbove,
      Duration planValidity,
      int bufferLimit,
      long multipartAbove,
      int tries,
      Duration longestBackoff) {
    this(
        parallelism,
        confirmAbove,
        planValidity,
        bufferLimit,
        multipartAbove,
        tries,
        longestBackoff,
        Thaw.DEFAULT,
        Map.of());
  }

  /// @throws IllegalArgumentException when a number makes no sense
  public RestoreSettings {
    prices = Map.copyOf(prices);
    if (parallelism < 1 || bufferLimit < 0 || multipartAbove < bufferLimit || tries < 1) {
      throw new IllegalArgumentException(
          "restore settings need a parallelism and tries of at least 1 and limits that rise; got parallelism %d, bufferLimit %d, multipartAbove %d, tries %d"
              .formatted(parallelism, bufferLimit, multipartAbove, tries));
    }
  }

  /// How objects are moved.
  public TransferLimits transferLimits() {
    return new TransferLimits(bufferLimit, multipartAbove);
  }

  /// The same with another parallelism.
  public RestoreSettings withParallelism(int items) {
    return new RestoreSettings(
        items,
        confirmAbove,
        planValidity,
        bufferLimit,
        multipartAbove,
        tries,
        longestBackoff,
        thaw,
        prices);
  }

  /// The same with other limits of what is applied without the bucket's name.
  public RestoreSettings withConfirmAbove(ConfirmAbove limits) {
    return new RestoreSettings(
        parallelism,
        limits,
        planValidity,
        bufferLimit,
        multipartAbove,
        tries,
        longestBackoff,
        thaw,
        prices);
  }

  /// The same with another way to ask archives.
  public RestoreSettings withThaw(Thaw manner) {
    return new RestoreSettings(
        parallelism,
        confirmAbove,
        planValidity,
        bufferLimit,
        multipartAbove,
        tries,
        longestBackoff,
        manner,
        prices);
  }

  /// The same with other prices.
  public RestoreSettings withPrices(Map<SiteName, PriceList> lists) {
    return new RestoreSettings(
        parallelism,
        confirmAbove,
        planValidity,
        bufferLimit,
        multipartAbove,
        tries,
        longestBackoff,
        thaw,
        lists);
  }

  /// How archives are asked.
  ///
  /// @param days how long an object stays readable once it has thawed
  /// @param firstLook when an object that was asked for is looked at first; later looks are further
  ///   apart
  /// @param tick real time between two looks at the clock
  public record Thaw(int days, Duration firstLook, Duration tick) {
    /// Three days, looks from a minute on.
    public static final Thaw DEFAULT = new Thaw(3, Duration.ofMinutes(1), Duration.ofSeconds(2));

    /// @throws IllegalArgumentException when it is less than a day
    public Thaw {
      if (days < 1) {
        throw new IllegalArgumentException("a thaw lasts at least a day, got " + days);
      }
    }
  }

  /// A plan that writes more than any of these asks for the bucket's name.
  ///
  /// @param objects written
  /// @param bytes written
  /// @param overwrites objects that have content now
  public record ConfirmAbove(long objects, long bytes, long overwrites) {}
}
