package org.vistadr.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When a task runs: `5m`, or `cron 0 30 3 * * ?`, or `cron 0 30 3 * * ? Europe/Paris`. A cron
/// expression has seconds first; without a zone it is in UTC.
public sealed interface Timetable {

  /// Again and again, a fixed time apart, beginning at start.
  ///
  /// @param interval the time between two starts, at least a second
  record Every(Duration interval) implements Timetable {
    /// @throws IllegalArgumentException when it is less than a second
    public Every {
      if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("an interval is at least 1s");
      }
    }
  }

  /// At the times of a cron expression.
  ///
  /// @param expression six or seven fields, seconds first
  /// @param zone the zone they are in
  record Cron(String expression, ZoneId zone) implements Timetable {}

  /// Reads one.
  ///
  /// @throws IllegalArgumentException when it is none; a cron expression itself is checked when it
  ///   is scheduled
  @JsonCreator
  static Timetable parse(String text) {
    if (!text.startsWith("cron ")) {
      return new Every(Quantities.duration(text));
    }
    Matcher cron =
        Pattern.compile("cron\\s+((?:\\S+\\s+){5}[^\\s/]\\S*(?:\\s+[\\d*,/-]+)?)(?:\\s+(\\S+))?")
            .matcher(text.strip());
    if (!cron.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a timetable such as 5m or cron 0 30 3 * * ? Europe/Paris".formatted(text));
    }
    try {
      return new Cron(
          cron.group(1), cron.group(2) == null ? ZoneOffset.UTC : ZoneId.of(cron.group(2)));
    } catch (DateTimeException _) {
      throw new IllegalArgumentException("'%s' is not a time zone".formatted(cron.group(2)));
    }
  }

  /// As people read it.
  default String words() {
    return switch (this) {
      case Every(Duration interval) -> "every " + Quantities.words(interval);
      case Cron(String expression, ZoneId zone) -> "cron " + expression + " " + zone;
    };
  }
}
