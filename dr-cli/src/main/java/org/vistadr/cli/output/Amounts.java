package org.vistadr.cli.output;

import java.time.Duration;
import java.util.Locale;

/// Numbers as people read them: sizes in powers of 1024, counts grouped by a space, durations
/// short.
public final class Amounts {

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Amounts() {}

  /// `0 B`, `2.4 MiB`, `31 MiB`: one decimal below ten.
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = 0;
    // 1023.5 would be printed as 1024 of the unit below.
    while (value >= 1023.5 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    String digits =
        value < 9.95 ? String.format(Locale.ROOT, "%.1f", value) : Long.toString(Math.round(value));
    return digits + " " + UNITS[unit];
  }

  /// `2 204`.
  public static String count(long count) {
    String digits = Long.toString(Math.abs(count));
    StringBuilder grouped = new StringBuilder();
    for (int index = 0; index < digits.length(); index++) {
      if (index > 0 && (digits.length() - index) % 3 == 0) {
        grouped.append(' ');
      }
      grouped.append(digits.charAt(index));
    }
    return (count < 0 ? "-" : "") + grouped;
  }

  /// `1 object`, `2 204 objects`.
  public static String count(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /// `45s`, `3m04s`, `15m`, `1h10m`, `24h`, `3d4h`. Whole seconds, rounded down.
  public static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return pair(seconds / 60, "m", seconds % 60, "s");
    }
    if (seconds < 48 * 3600) {
      return pair(seconds / 3600, "h", seconds % 3600 / 60, "m");
    }
    long hours = seconds / 3600;
    return hours % 24 == 0 ? hours / 24 + "d" : hours / 24 + "d" + hours % 24 + "h";
  }

  /// Whole per cent of `done` in `total`; 100 only when nothing is left.
  public static int percent(long done, long total) {
    if (total <= 0 || done >= total) {
      return 100;
    }
    return (int) Math.min(99, Math.max(0, Math.floor(100.0 * done / total)));
  }

  private static String pair(long big, String bigUnit, long small, String smallUnit) {
    return small == 0
        ? big + bigUnit
        : String.format(Locale.ROOT, "%d%s%02d%s", big, bigUnit, small, smallUnit);
  }
}
