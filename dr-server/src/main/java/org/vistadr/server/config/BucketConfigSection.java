package org.vistadr.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.Optional;
import org.vistadr.protect.BucketConfigs;

/// `bucketConfig:` the settings of the primary's bucket.
///
/// @param settings how often they are read, and what is a risk
public record BucketConfigSection(BucketConfigs.Settings settings) {

  /// The defaults.
  public static final BucketConfigSection DEFAULT =
      new BucketConfigSection(BucketConfigs.Settings.DEFAULT);

  /// Reads the section; what is left out has its default.
  ///
  /// @param interval shortest time between two readings
  /// @param window what a lifecycle removes sooner than this is a risk
  @JsonCreator
  public static BucketConfigSection of(Optional<Duration> interval, Optional<Duration> window) {
    return new BucketConfigSection(
        new BucketConfigs.Settings(
            interval.orElse(DEFAULT.settings.interval()),
            window.orElse(DEFAULT.settings.window())));
  }
}
