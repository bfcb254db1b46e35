package org.vistadr.segments;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vistadr.model.ObjectKey;

/// Reads the names of what replication moved aside: `.vistadr/history/<key>/<time>-<identity>`,
/// with segments of the key percent-encoded where they are empty, dots or hold a percent sign.
/// Pure.
final class AsideKeys {

  static final String PREFIX = ObjectKey.RESERVED_PREFIX + "history/";

  /// Where keys are kept that are too long for a name; only their hash is known.
  static final String HASHED_PREFIX = ObjectKey.RESERVED_PREFIX + "history-by-hash/";

  private static final Pattern NAME =
      Pattern.compile(
          Pattern.quote(PREFIX) + "(.*)/([0-9]{8}T[0-9]{6}Z)-[0-9a-f]{16}", Pattern.DOTALL);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private AsideKeys() {}

  /// @param key of the version at the primary
  /// @param time of the version at the primary, whole seconds
  record Named(ObjectKey key, Instant time) {}

  /// Empty for names of another shape.
  static Optional<Named> parse(ObjectKey aside) {
    Matcher name = NAME.matcher(aside.value());
    if (!name.matches()) {
      return Optional.empty();
    }
    try {
      String key =
          Stream.of(name.group(1).split("/", -1))
              .map(segment ->
                  segment.equals("%") ? "" : segment.replace("%2E", ".").replace("%25", "%"))
              .collect(Collectors.joining("/"));
      return Optional.of(new Named(new ObjectKey(key), Instant.from(TIME.parse(name.group(2)))));
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
