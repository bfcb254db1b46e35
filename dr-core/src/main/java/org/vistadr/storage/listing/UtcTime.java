package org.vistadr.storage.listing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/// Times as listings have them, `2026-11-25T22:30:00.123Z`. The library's parser costs as much as
/// all else that is done with a listed key. Pure.
final class UtcTime {

  private static final long SECONDS_PER_DAY = 86_400;

  private UtcTime() {}

  /// @throws DateTimeException when the text is no such time
  static Instant parse(String text) {
    int length = text.length();
    if (length < 20
        || length > 30
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(10) != 'T'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':'
        || text.charAt(length - 1) != 'Z'
        || (length > 20 && (text.charAt(19) != '.' || length == 21))) {
      return Instant.parse(text);
    }
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    int fraction = number(text, 20, length - 1);
    if (hour > 23 || minute > 59 || second > 59 || (hour | minute | second | fraction) < 0) {
      return Instant.parse(text);
    }
    for (int digits = length - 21; digits < 9; digits++) {
      fraction *= 10;
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    if ((year | month | day) < 0) {
      return Instant.parse(text);
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    return Instant.ofEpochSecond(
        days * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second, length == 20 ? 0 : fraction);
  }

  /// The digits between two places; -1 when one is none, 0 when there are none.
  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
