package org.vistadr.restore.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.vistadr.model.ObjectKey;

/// Names of objects that are written beside the key that they belong to. Pure.
public final class Beside {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int LONGEST_EXTENSION = 16;

  private Beside() {}

  /// `a/image.jpg` becomes `a/image.restored-20261122T030000Z.jpg`. A key that would become too
  /// long loses characters before that.
  ///
  /// @param at the same for all tries, so that a repeated one finds what it wrote
  public static ObjectKey name(ObjectKey key, Instant at) {
    var text = key.value();
    int dot = text.lastIndexOf('.');
    boolean extended = dot > text.lastIndexOf('/') + 1 && text.length() - dot <= LONGEST_EXTENSION;
    var extension = extended ? text.substring(dot) : "";
    var suffix = ".restored-" + TIME.format(at) + extension;
    var stem = text.substring(0, text.length() - extension.length());
    int room = ObjectKey.MAX_BYTES - bytes(suffix);
    while (bytes(stem) > room) {
      stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
    }
    return new ObjectKey(stem + suffix);
  }

  private static int bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }
}
