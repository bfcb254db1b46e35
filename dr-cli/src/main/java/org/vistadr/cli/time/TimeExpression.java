package org.vistadr.cli.time;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vistadr.cli.time.ParsedTime.At;
import org.vistadr.cli.time.ParsedTime.Checkpoint;
import org.vistadr.cli.time.ParsedTime.Correction;
import org.vistadr.cli.time.ParsedTime.Latest;
import org.vistadr.cli.time.ParsedTime.Refused;

/// Reads a moment as a person writes it, and refuses what could mean two. The zone of a text
/// without one is the caller's, never the daemon's, and only where a person can see the echo. Pure
/// but for the clock; thread-safe.
public final class TimeExpression {

  private static final String CHECKPOINT = "checkpoint:";
  private static final Pattern CHECKPOINT_NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern RELATIVE =
      Pattern.compile("-((?:\\d+[a-z]+)+)|((?:\\d+ ?[a-z]+ ?)+) ago");
  private static final Pattern STEP = Pattern.compile("(\\d+) ?([a-z]+)");
  private static final Pattern DATE_TIME =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2}|yesterday|today)[T ](\\d{1,2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)"
              + " ?(.*)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}|yesterday|today");
  private static final Pattern CLOCK_TIME = Pattern.compile("\\d{1,2}:\\d{2}(:\\d{2})?");
  private static final Pattern OFFSET = Pattern.compile("[+-]\\d{2}:\\d{2}");
  private static final DateTimeFormatter MINUTES =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter UTC_SHORT =
      DateTimeFormatter.ofPattern("HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter UTC_LONG =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Instant now;
  private final ZoneId zone;
  private final boolean zoneMayBeLeftOut;

  /// @param clock for `now`, relative times and to refuse the future
  /// @param zone the caller's zone
  /// @param zoneMayBeLeftOut whether a person sees how a time without a zone was understood
  public TimeExpression(Clock clock, ZoneId zone, boolean zoneMayBeLeftOut) {
    this.now = clock.instant();
    this.zone = zone;
    this.zoneMayBeLeftOut = zoneMayBeLeftOut;
  }

  /// Reads the text.
  public ParsedTime parse(String text) {
    String trimmed = text.strip().replaceAll("\\s+", " ");
    String lower = trimmed.toLowerCase(Locale.ROOT);
    if (lower.equals("now")) {
      return new At(now.truncatedTo(ChronoUnit.SECONDS));
    }
    if (lower.equals("latest")) {
      return new Latest();
    }
    if (lower.startsWith(CHECKPOINT)) {
      return checkpoint(trimmed.substring(CHECKPOINT.length()));
    }
    Matcher relative = RELATIVE.matcher(lower);
    if (relative.matches()) {
      return relative(trimmed, relative.group(1) != null ? relative.group(1) : relative.group(2));
    }
    Matcher dateTime = DATE_TIME.matcher(trimmed);
    if (dateTime.matches()) {
      return dateTime(trimmed, dateTime.group(1), dateTime.group(2), dateTime.group(3));
    }
    if (DATE.matcher(lower).matches()) {
      return bareDate(trimmed, lower);
    }
    if (CLOCK_TIME.matcher(lower).matches()) {
      return bareTime(trimmed);
    }
    return unreadable(trimmed);
  }

  private static ParsedTime checkpoint(String name) {
    return CHECKPOINT_NAME.matcher(name).matches()
        ? new Checkpoint(name)
        : new Refused(
            "checkpoint-unreadable",
            name.isEmpty()
                ? "no checkpoint is named"
                : "'%s' is no name of a checkpoint".formatted(name),
            "names are made of a-z, 0-9, '.', '_' and '-'; see vistadr checkpoint list",
            List.of());
  }

  private ParsedTime relative(String text, String steps) {
    Duration back = Duration.ZERO;
    Matcher step = STEP.matcher(steps);
    try {
      while (step.find()) {
        long amount = Long.parseLong(step.group(1));
        back = back.plus(unit(step.group(2)).multipliedBy(amount));
      }
      return new At(now.truncatedTo(ChronoUnit.SECONDS).minus(back));
    } catch (DateTimeException | ArithmeticException | NumberFormatException unknown) {
      return new Refused(
          "time-unreadable",
          "cannot read the time '%s': units are s, m, h, d and w".formatted(text),
          "write it like '2h ago', '1d ago' or -90m",
          List.of());
    }
  }

  private static Duration unit(String name) {
    return switch (name) {
      case "s", "sec", "secs", "second", "seconds" -> Duration.ofSeconds(1);
      case "m", "min", "mins", "minute", "minutes" -> Duration.ofMinutes(1);
      case "h", "hour", "hours" -> Duration.ofHours(1);
      case "d", "day", "days" -> Duration.ofDays(1);
      case "w", "week", "weeks" -> Duration.ofDays(7);
      default -> throw new DateTimeException("no unit " + name);
    };
  }

  private ParsedTime dateTime(String text, String date, String time, String suffix) {
    LocalDateTime local;
    try {
      local =
          LocalDateTime.of(date(date), LocalTime.parse(time.indexOf(':') == 1 ? "0" + time : time));
    } catch (DateTimeException noSuchTime) {
      return new Refused(
          "time-unreadable",
          "there is no such time: " + text,
          "check the day, the hour and the minute",
          List.of());
    }
    if (suffix.isEmpty()) {
      return zoneMayBeLeftOut ? inZone(local, zone, false) : needsZone(text, local);
    }
    if (suffix.equalsIgnoreCase("z") || suffix.equalsIgnoreCase("utc")) {
      return past(local.toInstant(ZoneOffset.UTC));
    }
    if (OFFSET.matcher(suffix).matches()) {
      try {
        return past(local.toInstant(ZoneOffset.of(suffix)));
      } catch (DateTimeException tooFar) {
        return unknownZone(text, suffix);
      }
    }
    if (suffix.indexOf('/') > 0) {
      return region(text, local, suffix);
    }
    return ZoneAbbreviations.refuse(text, local, suffix, zone);
  }

  private LocalDate date(String text) {
    LocalDate today = now.atZone(zone).toLocalDate();
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "today" -> today;
      case "yesterday" -> today.minusDays(1);
      default -> LocalDate.parse(text);
    };
  }

  private ParsedTime region(String text, LocalDateTime local, String name) {
    if (ZoneId.getAvailableZoneIds().contains(name)) {
      return inZone(local, ZoneId.of(name), true);
    }
    return unknownZone(text, name);
  }

  private ParsedTime inZone(LocalDateTime local, ZoneId in, boolean named) {
    List<ZoneOffset> offsets = in.getRules().getValidOffsets(local);
    String where = named ? in.getId() : in.getId() + " (your zone)";
    if (offsets.size() == 1) {
      return past(local.toInstant(offsets.getFirst()));
    }
    if (offsets.isEmpty()) {
      Duration skipped = in.getRules().getTransition(local).getDuration();
      return new Refused(
          "time-skipped",
          "%s does not exist in %s (clocks go forward)".formatted(MINUTES.format(local), where),
          "say which one you mean",
          List.of(
              correction(local.minus(skipped), in, "before the clocks went forward"),
              correction(local.plus(skipped), in, "after it")));
    }
    return new Refused(
        "time-ambiguous",
        "%s happens twice in %s (clocks go back)".formatted(MINUTES.format(local), where),
        "say which one you mean",
        List.of(
            correction(local, offsets.get(0), "first"),
            correction(local, offsets.get(1), "second")));
  }

  private ParsedTime past(Instant instant) {
    if (!instant.isAfter(now)) {
      return new At(instant);
    }
    LocalDateTime sameTime =
        LocalDateTime.of(now.atZone(zone).toLocalDate(), instant.atZone(zone).toLocalTime());
    if (sameTime.atZone(zone).toInstant().isAfter(now)) {
      sameTime = sameTime.minusDays(1);
    }
    return new Refused(
        "time-in-future",
        "%s is in the future".formatted(UTC_LONG.format(instant)),
        "only the past can be shown or brought back",
        List.of(
            new Correction("now", UTC_SHORT.format(now)),
            correction(sameTime, zone, "the same time of day, last")));
  }

  private ParsedTime bareDate(String text, String lower) {
    LocalDate day;
    try {
      day = date(lower);
    } catch (DateTimeException noSuchDay) {
      return unreadable(text);
    }
    LocalDateTime end = day.plusDays(1).atStartOfDay();
    boolean over = !end.atZone(zone).toInstant().isAfter(now);
    return new Refused(
        "time-ambiguous",
        "'%s' is a day, not a moment".formatted(text),
        "say the time of day",
        List.of(
            correction(day.atStartOfDay(), zone, "the start of that day"),
            over ? correction(end, zone, "its end") : new Correction("now", "the present")));
  }

  private ParsedTime bareTime(String text) {
    LocalTime time;
    try {
      time = LocalTime.parse(text.indexOf(':') == 1 ? "0" + text : text);
    } catch (DateTimeException noSuchTime) {
      return unreadable(text);
    }
    LocalDate today = now.atZone(zone).toLocalDate();
    Correction yesterday =
        correction(LocalDateTime.of(today.minusDays(1), time), zone, "yesterday");
    LocalDateTime todayAt = LocalDateTime.of(today, time);
    boolean past = !todayAt.atZone(zone).toInstant().isAfter(now);
    return new Refused(
        "time-ambiguous",
        "'%s' has no day".formatted(text),
        "say the day",
        past ? List.of(correction(todayAt, zone, "today"), yesterday) : List.of(yesterday));
  }

  private Refused needsZone(String text, LocalDateTime local) {
    Correction utc = correction(local, ZoneOffset.UTC, "in UTC");
    Correction callers = correction(local, zone, "in your zone, " + zone.getId());
    return new Refused(
        "time-needs-zone",
        "'%s' has no zone, and nobody is there to see how it is understood".formatted(text),
        "write the zone into the time",
        callers.expression().equals(utc.expression()) ? List.of(utc) : List.of(callers, utc));
  }

  private static Refused unknownZone(String text, String name) {
    List<Correction> nearest =
        ZoneId.getAvailableZoneIds().stream()
            .filter(known -> known.equalsIgnoreCase(name))
            .map(known -> new Correction(text.replace(name, known), known))
            .toList();
    return new Refused(
        "time-unreadable",
        "unknown zone '%s'".formatted(name),
        "use an offset like +01:00 or a name like Europe/Paris",
        nearest);
  }

  private Refused unreadable(String text) {
    return new Refused(
        "time-unreadable",
        "cannot read the time '%s'".formatted(text),
        "write it like '2026-11-22 03:00', '2026-11-22T02:00Z', '2h ago', -90m, 'yesterday 18:00',"
            + " now,"
            + " latest or checkpoint:NAME",
        List.of());
  }

  static Correction correction(LocalDateTime local, ZoneId in, String words) {
    ZoneOffset offset = in.getRules().getOffset(local);
    Instant instant = local.toInstant(offset);
    DateTimeFormatter format = local.getSecond() == 0 ? MINUTES : SECONDS;
    boolean sameDay = instant.atZone(ZoneOffset.UTC).toLocalDate().equals(local.toLocalDate());
    return new Correction(
        format.format(local).replace(' ', 'T') + offset.getId(),
        words + ", " + (sameDay ? UTC_SHORT : UTC_LONG).format(instant));
  }
}
