package org.vistadr.server.jobs;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.TimeZone;
import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.ScheduleBuilder;
import org.quartz.SimpleScheduleBuilder;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.Timetable;

/// Timetables in Quartz' words.
public final class Timetables {

  private static final int LOOK_AHEAD = 400;

  private Timetables() {}

  /// @param key the key that holds it
  /// @throws ConfigProblem when a cron expression is none or never fires
  public static void check(String key, Timetable timetable) {
    if (timetable instanceof Timetable.Cron(String expression, _)) {
      try {
        if (new CronExpression(expression).getNextValidTimeAfter(Date.from(Instant.EPOCH))
            == null) {
          throw new ConfigProblem(
              key, "'%s' never comes".formatted(expression), "check the fields");
        }
      } catch (ParseException e) {
        throw new ConfigProblem(
            key,
            "'%s' is not a cron expression: %s".formatted(expression, e.getMessage()),
            "fields are: second minute hour day-of-month month day-of-week, ? for one of the days");
      }
    }
  }

  static ScheduleBuilder<?> schedule(Timetable timetable) {
    return switch (timetable) {
      // Missed fire times are counted and left out: the next one does the same work.
      case Timetable.Every(Duration interval) ->
          SimpleScheduleBuilder.simpleSchedule()
              .withIntervalInMilliseconds(interval.toMillis())
              .repeatForever()
              .withMisfireHandlingInstructionNextWithRemainingCount();
      case Timetable.Cron(String expression, var zone) ->
          CronScheduleBuilder.cronSchedule(expression)
              .inTimeZone(TimeZone.getTimeZone(zone))
              .withMisfireHandlingInstructionDoNothing();
    };
  }

  /// The longest gap between two fire times.
  static Duration longestGap(Timetable timetable, Instant from) {
    return switch (timetable) {
      case Timetable.Every(Duration interval) -> interval;
      case Timetable.Cron(String expression, var zone) -> {
        try {
          CronExpression cron = new CronExpression(expression);
          cron.setTimeZone(TimeZone.getTimeZone(zone));
          Duration longest = Duration.ZERO;
          Date before = cron.getNextValidTimeAfter(Date.from(from));
          for (int i = 0; before != null && i < LOOK_AHEAD; i++) {
            Date after = cron.getNextValidTimeAfter(before);
            if (after == null) {
              break;
            }
            Duration gap = Duration.between(before.toInstant(), after.toInstant());
            longest = gap.compareTo(longest) > 0 ? gap : longest;
            before = after;
          }
          yield longest;
        } catch (ParseException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }
}
