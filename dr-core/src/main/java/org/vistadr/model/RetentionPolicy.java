package org.vistadr.model;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.LinkedHashMap;
import java.util.Map;

/// How long a secondary keeps versions. Days, weeks, months and years are those of UTC; a week
/// begins on Monday.
///
/// @param keepAll every version stays that was current at any moment within this time
/// @param daily what was current at the end of each of so many days stays, too
/// @param weekly the same of weeks
/// @param monthly the same of months
/// @param yearly the same of years
public record RetentionPolicy(Duration keepAll, int daily, int weekly, int monthly, int yearly) {

  /// Most periods of one kind.
  public static final int MOST = 1_000;

  /// @throws IllegalArgumentException when a time is not positive or a number out of bounds
  public RetentionPolicy {
    if (keepAll.isZero() || keepAll.isNegative()) {
      throw new IllegalArgumentException("keepAll must be longer than nothing");
    }
    for (int number : new int[] {daily, weekly, monthly, yearly}) {
      if (number < 0 || number > MOST) {
        throw new IllegalArgumentException(
            "daily, weekly, monthly and yearly are 0 to %d, not %d".formatted(MOST, number));
      }
    }
  }

  /// Everything that was current at this moment or later stays.
  public Instant windowStart(Instant now) {
    return now.minus(keepAll);
  }

  /// The last seconds of the periods whose ends are kept, with a word for each: `day 2026-11-28`.
  /// Whoever looks at a whole second sees its end.
  public Map<Instant, String> ends(Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    Map<Instant, String> ends = new LinkedHashMap<>();
    for (int i = 0; i < yearly; i++) {
      add(ends, "year", today.withDayOfYear(1).minusYears(i));
    }
    for (int i = 0; i < monthly; i++) {
      add(ends, "month", today.withDayOfMonth(1).minusMonths(i));
    }
    for (int i = 0; i < weekly; i++) {
      add(ends, "week", monday.minusWeeks(i));
    }
    for (int i = 0; i < daily; i++) {
      add(ends, "day", today.minusDays(i));
    }
    return ends;
  }

  private static void add(Map<Instant, String> ends, String period, LocalDate after) {
    Instant end = after.atStartOfDay(ZoneOffset.UTC).toInstant().minusSeconds(1);
    ends.putIfAbsent(end, "%s that ended %s".formatted(period, after.minusDays(1)));
  }

  /// The policy in one line, the same for the same policy.
  public String text() {
    StringBuilder text = new StringBuilder("keepAll ").append(words(keepAll));
    append(text, "daily", daily);
    append(text, "weekly", weekly);
    append(text, "monthly", monthly);
    append(text, "yearly", yearly);
    return text.toString();
  }

  private static void append(StringBuilder text, String word, int number) {
    if (number > 0) {
      text.append(", ").append(word).append(' ').append(number);
    }
  }

  private static String words(Duration time) {
    long seconds = time.toSeconds();
    if (time.toMillis() % 1_000 != 0 || seconds == 0) {
      return time.toMillis() + "ms";
    }
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
