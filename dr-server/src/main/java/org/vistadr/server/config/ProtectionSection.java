package org.vistadr.server.config;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.Suspicion;
import org.vistadr.protect.PruneSettings;

/// `protection:` what keeps the copies from being destroyed.
///
/// @param brake when deletions are held
/// @param verify how often, and how many, replicas are looked at again
/// @param retention of every secondary that names none of its own
/// @param bucketConfig how often the primary's bucket settings are read, and what is a risk
public record ProtectionSection(
    Brake brake, Verify verify, RetentionSection retention, BucketConfigSection bucketConfig) {

  /// The defaults.
  public static final ProtectionSection DEFAULT =
      new ProtectionSection(
          new Brake(BrakeLimits.DEFAULT),
          Verify.DEFAULT,
          RetentionSection.FOREVER,
          BucketConfigSection.DEFAULT);

  /// Fills in the defaults.
  public ProtectionSection {
    brake = requireNonNullElse(brake, new Brake(BrakeLimits.DEFAULT));
    verify = requireNonNullElse(verify, Verify.DEFAULT);
    retention = requireNonNullElse(retention, RetentionSection.FOREVER);
    bucketConfig = requireNonNullElse(bucketConfig, BucketConfigSection.DEFAULT);
  }

  /// `verify:`
  ///
  /// @param interval when a part of each secondary is looked at
  /// @param objects so many replicas are looked for at each run
  /// @param readBack so many bytes are read and hashed at each run
  /// @param maxAge nothing is pruned relying on copies that were not all looked at within this time
  public record Verify(Timetable interval, long objects, long readBack, Duration maxAge) {

    /// The defaults.
    public static final Verify DEFAULT =
        new Verify(
            new Timetable.Every(Duration.ofDays(1)),
            200_000,
            2L << 30,
            PruneSettings.VERIFIED_WITHIN);

    /// Reads the section; what is left out has its default.
    ///
    /// @param readBack bytes, `2 GiB`
    @JsonCreator
    public static Verify of(
        Optional<Timetable> interval,
        Optional<Long> objects,
        Optional<String> readBack,
        Optional<Duration> maxAge) {
      return new Verify(
          interval.orElse(DEFAULT.interval),
          objects.orElse(DEFAULT.objects),
          readBack.map(Quantities::bytes).orElse(DEFAULT.readBack),
          maxAge.orElse(DEFAULT.maxAge));
    }
  }

  /// `brake:`
  ///
  /// @param limits from where on findings are suspicious
  public record Brake(BrakeLimits limits) {

    /// Reads the section; what is left out has its default.
    ///
    /// @param maxDeleted a share, `10%`
    /// @param maxOverwritten a share, `30%`
    /// @param maxShifted a share, `5%`
    /// @param ignore suspicions that never engage the brake
    @JsonCreator
    public static Brake of(
        Optional<Long> minimum,
        Optional<String> maxDeleted,
        Optional<Long> maxDeletedObjects,
        Optional<String> maxOverwritten,
        Optional<String> maxShifted,
        Optional<Long> maxShiftedObjects,
        Optional<Duration> window,
        Optional<List<String>> ignore) {
      BrakeLimits defaults = BrakeLimits.DEFAULT;
      long fewest = minimum.orElse(defaults.minimum());
      return new Brake(
          new BrakeLimits(
              watched(ignore.orElse(List.of())),
              fewest,
              maxDeleted.map(Quantities::share).orElse(defaults.deletedShare()),
              maxDeletedObjects.orElse(defaults.deletedCount()),
              maxOverwritten.map(Quantities::share).orElse(defaults.overwrittenShare()),
              maxShifted.map(Quantities::share).orElse(defaults.shiftedShare()),
              maxShiftedObjects.orElse(Math.max(fewest, defaults.shiftedCount())),
              window.orElse(defaults.window())));
    }

    private static Set<Suspicion> watched(List<String> ignored) {
      Set<Suspicion> watched = EnumSet.allOf(Suspicion.class);
      for (String word : ignored) {
        watched.remove(suspicion(word));
      }
      return watched;
    }

    private static Suspicion suspicion(String word) {
      for (Suspicion suspicion : Suspicion.values()) {
        if (word(suspicion).equals(word)) {
          return suspicion;
        }
      }
      throw new IllegalArgumentException(
          "'%s' is no suspicion; there are %s"
              .formatted(
                  word,
                  String.join(
                      ", ", EnumSet.allOf(Suspicion.class).stream().map(Brake::word).toList())));
    }

    /// The suspicion's word in files and answers.
    public static String word(Suspicion suspicion) {
      return suspicion.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
