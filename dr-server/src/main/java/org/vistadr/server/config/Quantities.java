package org.vistadr.server.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads amounts that people write with a unit: `15m`, `1 TiB`, `200 Mbit/s`. Strict: a number
/// without a unit is refused, because nobody remembers which unit was meant.
public final class Quantities {

  private static final Pattern SHAPE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([A-Za-z/]+)");
  private static final Pattern SHARE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*%");
  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Map<String, Long> SIZES =
      Map.of(
          "B", 1L,
          "kB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L,
          "TB", 1_000_000_000_000L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30,
          "TiB", 1L << 40);
  private static final Map<String, Long> BITS =
      Map.of(
          "bit/s", 1L,
          "kbit/s", 1_000L,
          "Mbit/s", 1_000_000L,
          "Gbit/s", 1_000_000_000L);

  private Quantities() {}

  /// A positive span of time: `30s`, `15m`, `24h`, `35d`.
  ///
  /// @throws IllegalArgumentException when it is not one
  public static Duration duration(String text) {
    Matcher parts = parts(text, "a time such as 30s, 15m, 24h or 35d");
    Duration unit = TIMES.get(parts.group(2));
    if (unit == null) {
      throw unknownUnit(text, "ms, s, m, h and d");
    }
    BigDecimal millis =
        new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit.toMillis()));
    return Duration.ofMillis(whole(millis, text));
  }

  /// A number of bytes: `512 KiB`, `1 TiB`, `20 GB`.
  ///
  /// @throws IllegalArgumentException when it is not one
  public static long bytes(String text) {
    Matcher parts = parts(text, "a size such as 512 KiB, 20 GB or 1 TiB");
    Long unit = SIZES.get(parts.group(2));
    if (unit == null) {
      throw unknownUnit(text, "B, kB, MB, GB, TB, KiB, MiB, GiB and TiB");
    }
    return whole(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)), text);
  }

  /// A rate in bytes per second: `200 Mbit/s`, `10 MiB/s`.
  ///
  /// @throws IllegalArgumentException when it is not one
  public static long bytesPerSecond(String text) {
    Matcher parts = parts(text, "a rate such as 200 Mbit/s or 10 MiB/s");
    String unit = parts.group(2);
    BigDecimal number = new BigDecimal(parts.group(1));
    Long bits = BITS.get(unit.endsWith("bit") ? unit + "/s" : unit);
    if (bits != null) {
      return whole(number.multiply(BigDecimal.valueOf(bits)).divide(BigDecimal.valueOf(8)), text);
    }
    Long size = unit.endsWith("/s") ? SIZES.get(unit.substring(0, unit.length() - 2)) : null;
    if (size == null) {
      throw unknownUnit(text, "bit/s, kbit/s, Mbit/s, Gbit/s, and sizes with /s");
    }
    return whole(number.multiply(BigDecimal.valueOf(size)), text);
  }

  /// A share of a whole, more than 0 and at most 1: `10%`, `0.5 %`.
  ///
  /// @throws IllegalArgumentException when it is not one
  public static double share(String text) {
    Matcher matcher = SHARE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'%s' is not a share such as 10%%".formatted(text));
    }
    double share = new BigDecimal(matcher.group(1)).movePointLeft(2).doubleValue();
    if (share <= 0 || share > 1) {
      throw new IllegalArgumentException(
          "'%s' must be more than 0%% and at most 100%%".formatted(text));
    }
    return share;
  }

  /// A span of time as people write it: `1d`, `15m`, `90s`.
  public static String words(Duration span) {
    long seconds = span.toSeconds();
    if (seconds > 0 && span.toMillisPart() == 0) {
      if (seconds % 86_400 == 0) {
        return seconds / 86_400 + "d";
      }
      if (seconds % 3_600 == 0) {
        return seconds / 3_600 + "h";
      }
      if (seconds % 60 == 0) {
        return seconds / 60 + "m";
      }
      return seconds + "s";
    }
    return span.toMillis() + "ms";
  }

  private static Matcher parts(String text, String example) {
    Matcher matcher = SHAPE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'%s' is not %s".formatted(text, example));
    }
    return matcher;
  }

  private static IllegalArgumentException unknownUnit(String text, String known) {
    return new IllegalArgumentException(
        "'%s' has an unknown unit; units are %s".formatted(text, known));
  }

  private static long whole(BigDecimal number, String text) {
    BigInteger value = number.toBigInteger();
    if (value.signum() <= 0 || value.bitLength() > 62) {
      throw new IllegalArgumentException(
          "'%s' must be more than zero and not absurd".formatted(text));
    }
    return value.longValue();
  }
}
