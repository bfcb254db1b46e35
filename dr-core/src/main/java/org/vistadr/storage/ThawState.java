package org.vistadr.storage;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether an archived object can be read now, as the header `x-amz-restore` tells it.
public sealed interface ThawState {

  /// Nothing was asked for, or what had thawed froze over again.
  NotThawed NOT_THAWED = new NotThawed();

  /// Was asked for and is not there yet.
  Ongoing ONGOING = new Ongoing();

  /// Nothing was asked for, or what had thawed froze over again.
  record NotThawed() implements ThawState {}

  /// Was asked for and is not there yet.
  record Ongoing() implements ThawState {}

  /// Can be read.
  ///
  /// @param until when it freezes over again; [Instant#MAX] where the site does not say
  record Thawed(Instant until) implements ThawState {}

  /// Reads the header.
  ///
  /// @param header `ongoing-request="false", expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"`; empty
  ///   where there is none
  static ThawState read(Optional<String> header) {
    if (header.isEmpty()) {
      return NOT_THAWED;
    }
    if (header.get().contains("ongoing-request=\"true\"")) {
      return ONGOING;
    }
    Matcher expiry = Text.EXPIRY.matcher(header.get());
    if (!expiry.find()) {
      return new Thawed(Instant.MAX);
    }
    try {
      return new Thawed(
          ZonedDateTime.parse(expiry.group(1), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException _) {
      return new Thawed(Instant.MAX);
    }
  }

  /// The header's syntax.
  final class Text {
    private static final Pattern EXPIRY = Pattern.compile("expiry-date=\"([^\"]*)\"");

    private Text() {}
  }
}
