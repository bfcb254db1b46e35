package org.vistadr.model;

import java.util.List;
import java.util.regex.Pattern;

/// The name of a checkpoint: short, and never to be taken for a time.
///
/// @param value 1 to 64 lower-case letters, digits, `.`, `_` and `-`, starting with a letter or a
///   digit
public record CheckpointName(String value) implements Comparable<CheckpointName> {

  /// Most characters of a name.
  public static final int LONGEST = 64;

  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9._-]*");

  /// Words that mean a time.
  private static final List<String> TIMES = List.of("now", "latest", "today", "yesterday");

  /// Whole numbers, dates with or without an hour, and lengths of time such as `2h30m`.
  private static final Pattern TIME =
      Pattern.compile(
          "\\d+|\\d{4}-\\d{2}-\\d{2}(t.*)?|\\d{8}t.*"
              + "|(\\d+(s|m|h|d|w|secs?|mins?|seconds?|minutes?|hours?|days?|weeks?))+([._-]?ago)?");

  /// @throws IllegalArgumentException when it is no such name; the message says what is wrong
  public CheckpointName {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a checkpoint needs a name");
    }
    if (value.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a checkpoint's name has at most %d characters; this one has %d"
              .formatted(LONGEST, value.length()));
    }
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a checkpoint's name is made of lower-case letters, digits, '.', '_' and '-', and starts with a letter or a digit; got '%s'"
              .formatted(value));
    }
    if (TIMES.contains(value) || TIME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a checkpoint's name must not be readable as a time; '%s' is".formatted(value));
    }
  }

  @Override
  public int compareTo(CheckpointName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
