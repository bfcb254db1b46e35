package org.vistadr.server.resources;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.server.engine.Engine;

/// Reads the texts of requests strictly, with what to write instead.
final class Parameters {

  static final int DEFAULT_LIMIT = 100;
  static final int MAX_LIMIT = 1000;

  private Parameters() {}

  /// A moment: RFC 3339 with an offset. Zones are the business of whoever asks.
  static Optional<Instant> time(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
    } catch (DateTimeException _) {
      try {
        LocalDateTime without = LocalDateTime.parse(text);
        throw ApiException.bad(
            "time-needs-zone",
            "%s=%s has no offset".formatted(name, text),
            "say which zone you mean: %sZ or %s+01:00".formatted(without, without));
      } catch (DateTimeException _) {
        throw ApiException.bad(
            "time-invalid",
            "%s=%s is not a time".formatted(name, text),
            "write RFC 3339 with an offset: 2026-11-22T03:00:00Z");
      }
    }
  }

  /// A choice that is off when it is not given.
  static boolean flag(String name, @Nullable String text) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.isEmpty() || text.equals("true")) {
      return true;
    }
    throw ApiException.bad(
        "parameter-invalid", "%s=%s is neither true nor false".formatted(name, text), "say true");
  }

  /// A page's size.
  static int limit(@Nullable Integer limit) {
    if (limit == null) {
      return DEFAULT_LIMIT;
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ApiException.bad(
          "limit-invalid",
          "limit=%d is out of bounds".formatted(limit),
          "a page holds 1 to %d items; go on with cursor".formatted(MAX_LIMIT));
    }
    return limit;
  }

  /// A key, from the path or from `key=`.
  static ObjectKey key(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      throw ApiException.bad("key-missing", "no key was given", "say which: ?key=...");
    }
    try {
      return new ObjectKey(text);
    } catch (IllegalArgumentException e) {
      throw ApiException.bad("key-invalid", String.valueOf(e.getMessage()), "check the key");
    }
  }

  /// An opaque cursor around a text.
  static String cursor(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The text in a cursor.
  static Optional<String> fromCursor(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException _) {
      throw badCursor();
    }
  }

  /// The number in a cursor.
  static Optional<Long> numberFromCursor(@Nullable String cursor) {
    try {
      return fromCursor(cursor).map(Long::parseLong);
    } catch (NumberFormatException _) {
      throw badCursor();
    }
  }

  static ApiException badCursor() {
    return ApiException.bad(
        "cursor-invalid", "the cursor is not one of ours", "use `next` of the page before");
  }

  /// The secondary with a name.
  static SiteName secondary(Engine engine, String name) {
    return engine
        .secondary(name)
        .map(secondary -> secondary.site().name())
        .orElseThrow(() ->
            ApiException.missing(
                "there is no secondary '%s'".formatted(name),
                "see which there are",
                "vistadr sync list"));
  }
}
