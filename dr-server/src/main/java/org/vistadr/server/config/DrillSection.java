package org.vistadr.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `drill:` rehearsals of restores.
///
/// @param interval when a part of each secondary is restored for a try; empty for never by itself
/// @param from only from this secondary; empty for each, one after the other
/// @param sample so many objects each time
/// @param bytes a drill reads, and has on the disk, so many at most
/// @param fullRestoreObjective how long a restore of the whole bucket may take
public record DrillSection(
    Optional<Timetable> interval,
    Optional<String> from,
    int sample,
    long bytes,
    Duration fullRestoreObjective) {

  /// The defaults.
  public static final DrillSection DEFAULT =
      new DrillSection(
          Optional.of(new Timetable.Every(Duration.ofDays(7))),
          Optional.empty(),
          200,
          1L << 30,
          Duration.ofHours(8));

  private static final Pattern OBJECTS = Pattern.compile("(\\d{1,7})(\\s*objects?)?");

  /// Reads the section; what is left out has its default.
  ///
  /// @param interval a timetable, or `off`
  /// @param sample `200 objects`
  /// @param bytes `1 GiB`
  /// @param fullRestoreObjective `8h`
  @JsonCreator
  public static DrillSection of(
      Optional<String> interval,
      Optional<String> from,
      Optional<String> sample,
      Optional<String> bytes,
      Optional<String> fullRestoreObjective) {
    return new DrillSection(
        interval.map(DrillSection::timetable).orElse(DEFAULT.interval),
        from,
        sample.map(DrillSection::objects).orElse(DEFAULT.sample),
        bytes.map(DrillSection::size).orElse(DEFAULT.bytes),
        fullRestoreObjective.map(Quantities::duration).orElse(DEFAULT.fullRestoreObjective));
  }

  /// Whether drills of a secondary run by themselves.
  public boolean covers(String secondary) {
    return interval.isPresent() && from.filter(name -> !name.equals(secondary)).isEmpty();
  }

  private static Optional<Timetable> timetable(String text) {
    // YAML takes an unquoted off for the truth value.
    return switch (text) {
      case "off", "false" -> Optional.empty();
      default -> Optional.of(Timetable.parse(text));
    };
  }

  private static int objects(String text) {
    Matcher number = OBJECTS.matcher(text.strip());
    if (!number.matches() || Integer.parseInt(number.group(1)) == 0) {
      throw new IllegalArgumentException(
          "'%s' is not a number of objects such as 200 objects".formatted(text));
    }
    return Integer.parseInt(number.group(1));
  }

  private static long size(String text) {
    long bytes = Quantities.bytes(text);
    if (bytes < 1) {
      throw new IllegalArgumentException("a drill needs bytes to read, such as 1 GiB");
    }
    return bytes;
  }
}
