package org.vistadr.truth;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.Sha256;

/// A version that the test wrote, and when it lost it again. Times are those of the machine, which
/// test and server share.
final class Written {

  /// The bytes and what travels with them; none for a delete marker.
  record Content(Sha256 sha256, long size, String etag, ObjectAttributes attributes) {}

  final String key;
  final String versionId;
  final Optional<Content> content;

  /// When the request was answered: a look that began later sees the version.
  final Instant by;

  /// When the request began that removed it; a look that ended earlier saw it.
  Instant goneFrom = Instant.MAX;

  /// The null version that took its place; empty when it was removed by itself.
  Optional<Written> successor = Optional.empty();

  Written(String key, String versionId, Optional<Content> content, Instant by) {
    this.key = key;
    this.versionId = versionId;
    this.content = content;
    this.by = by;
  }

  boolean isNull() {
    return versionId.equals("null");
  }

  boolean isGone() {
    return goneFrom.isBefore(Instant.MAX);
  }

  @Override
  public String toString() {
    return "%s %s by %s%s"
        .formatted(
            versionId,
            content.map(held -> held.size() + " bytes " + held.etag()).orElse("marker"),
            by,
            isGone() ? " gone from " + goneFrom : "");
  }
}
