package org.vistadr.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Moments as people read them, always in the reader's zone and in UTC when they matter.
public final class Moments {

  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private Moments() {}

  /// `2026-11-22 03:00:00` in the zone.
  public static String local(Instant instant, ZoneId zone) {
    return FULL.format(instant.atZone(zone));
  }

  /// `2026-11-22 03:00:00 Europe/Paris`.
  public static String withZone(Instant instant, ZoneId zone) {
    return local(instant, zone) + " " + name(zone);
  }

  /// `02:00:00 UTC` on the day of `now`, else with the date.
  public static String utc(Instant instant, Instant now) {
    boolean today = instant.truncatedTo(ChronoUnit.DAYS).equals(now.truncatedTo(ChronoUnit.DAYS));
    return (today ? TIME : FULL).format(instant.atZone(ZoneOffset.UTC)) + " UTC";
  }

  /// `2026-11-22 03:00:00 Europe/Paris = 02:00:00 UTC (47 minutes ago)`.
  public static String echo(Instant instant, ZoneId zone, Instant now) {
    String ago = " (" + ago(instant, now) + ")";
    ZonedDateTime local = instant.atZone(zone);
    if (local.getOffset().equals(ZoneOffset.UTC)) {
      return local(instant, ZoneOffset.UTC) + " UTC" + ago;
    }
    ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
    boolean sameDay = local.toLocalDate().equals(utc.toLocalDate());
    return withZone(instant, zone) + " = " + (sameDay ? TIME : FULL).format(utc) + " UTC" + ago;
  }

  /// `12 seconds ago`, `47 minutes ago`, `5 hours ago`, `12 days ago`; `now` within a second.
  public static String ago(Instant instant, Instant now) {
    long seconds = Duration.between(instant, now).toSeconds();
    if (seconds < 0) {
      return "in " + words(-seconds);
    }
    return seconds == 0 ? "now" : words(seconds) + " ago";
  }

  /// The zone's name, `UTC` for all spellings of it.
  public static String name(ZoneId zone) {
    return zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  private static String words(long seconds) {
    if (seconds < 60) {
      return Amounts.count(seconds, "second");
    }
    if (seconds < 3600) {
      return Amounts.count(seconds / 60, "minute");
    }
    if (seconds < 48 * 3600) {
      return Amounts.count(seconds / 3600, "hour");
    }
    return Amounts.count(seconds / 86400, "day");
  }
}
