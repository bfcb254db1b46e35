package org.vistadr.model;

import java.util.Map;
import java.util.Optional;

/// Tells whether a copy still has the attributes that were written. Pure.
///
/// Compared is what every provider keeps: the media type and its kin, and user metadata. What a
/// provider adds of its own is no drift, and neither are tags and the storage class, which people
/// and lifecycle rules change on purpose.
public final class AttributeDrift {

  private AttributeDrift() {}

  /// What is different, in one sentence; empty when nothing is.
  ///
  /// @param written what the copy was given
  /// @param found what its site says of it now
  public static Optional<String> of(ObjectAttributes written, ObjectAttributes found) {
    return differs("content-type", written.contentType(), found.contentType())
        .or(() -> differs("content-encoding", written.contentEncoding(), found.contentEncoding()))
        .or(() ->
            differs(
                "content-disposition", written.contentDisposition(), found.contentDisposition()))
        .or(() -> differs("content-language", written.contentLanguage(), found.contentLanguage()))
        .or(() -> differs("cache-control", written.cacheControl(), found.cacheControl()))
        .or(() -> metadata(written.userMetadata(), found.userMetadata()));
  }

  private static Optional<String> metadata(Map<String, String> written, Map<String, String> found) {
    return written.entrySet().stream()
        .flatMap(entry ->
            differs(
                "x-amz-meta-" + entry.getKey(),
                Optional.of(entry.getValue()),
                Optional.ofNullable(found.get(entry.getKey())))
                .stream())
        .findFirst();
  }

  private static Optional<String> differs(
      String name, Optional<String> written, Optional<String> found) {
    return written.isEmpty() || written.equals(found)
        ? Optional.empty()
        : Optional.of(
            "%s is %s, %s was written"
                .formatted(
                    name,
                    found.map(AttributeDrift::quoted).orElse("not there"),
                    quoted(written.get())));
  }

  private static String quoted(String value) {
    return '"' + (value.length() > 80 ? value.substring(0, 80) + "…" : value) + '"';
  }
}
