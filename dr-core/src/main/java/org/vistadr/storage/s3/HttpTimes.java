package org.vistadr.storage.s3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Moments in headers, RFC 1123. The last one read is remembered: answers of the same second say
/// the same, and reading one costs as much as the rest of a head. Safe for use by many threads.
final class HttpTimes {

  private record Known(String text, Instant moment) {}

  private static volatile Known last = new Known("Thu, 01 Jan 1970 00:00:00 GMT", Instant.EPOCH);

  private HttpTimes() {}

  /// The moment, or empty when the text is none.
  static Optional<Instant> read(String text) {
    Known known = last;
    if (known.text.equals(text)) {
      return Optional.of(known.moment);
    }
    try {
      Instant moment = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      last = new Known(text, moment);
      return Optional.of(moment);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
