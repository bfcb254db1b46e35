package org.vistadr.sync;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Sha256;

/// Where a secondary keeps aside the versions that are not current:
/// `.vistadr/history/<key>/<time>-<identity>`. Pure; the same version always gets the same place,
/// so that a repeated move changes nothing.
///
/// The key stays readable for a person with a plain S3 tool. Path segments that providers refuse
/// (empty, `.`, `..`) are percent-encoded, and so is `%` itself. A key that would become too long
/// is replaced by its hash.
final class HistoryKeys {

  private static final String PREFIX = ObjectKey.RESERVED_PREFIX + "history/";
  private static final String HASHED_PREFIX = ObjectKey.RESERVED_PREFIX + "history-by-hash/";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private HistoryKeys() {}

  /// The place of a recorded version.
  static ObjectKey of(RecordedVersion version) {
    return place(
        version.key(),
        version.lastModified(),
        "%s %s %d".formatted(version.versionId(), version.entry(), version.rank()));
  }

  /// The place of an object that was found where a version is about to be written and that the
  /// catalog does not know.
  static ObjectKey ofUnknown(ObjectKey key, Instant lastModified, String etag) {
    return place(key, lastModified, "unknown " + etag);
  }

  private static ObjectKey place(ObjectKey key, Instant time, String identity) {
    String leaf = "/" + TIME.format(time) + "-" + sha256(identity).substring(0, 16);
    String readable = PREFIX + encoded(key.value()) + leaf;
    return readable.getBytes(StandardCharsets.UTF_8).length <= ObjectKey.MAX_BYTES
        ? new ObjectKey(readable)
        : new ObjectKey(HASHED_PREFIX + sha256(key.value()) + leaf);
  }

  private static String encoded(String key) {
    StringBuilder result = new StringBuilder();
    for (String segment : key.split("/", -1)) {
      result.append(result.isEmpty() ? "" : "/").append(encodedSegment(segment));
    }
    return result.toString();
  }

  private static String encodedSegment(String segment) {
    return switch (segment) {
      case "" -> "%";
      case "." -> "%2E";
      case ".." -> "%2E%2E";
      default -> segment.replace("%", "%25");
    };
  }

  private static String sha256(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Sha256.digest(bytes, 0, bytes.length).hex();
  }
}
