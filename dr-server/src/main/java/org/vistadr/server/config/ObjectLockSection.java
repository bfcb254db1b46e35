package org.vistadr.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.vistadr.model.ObjectLock;

/// `objectLock:` of a secondary.
///
/// @param lock how its copies are locked
public record ObjectLockSection(ObjectLock lock) {

  /// Reads the section.
  ///
  /// @param mode `governance` or `compliance`
  /// @param retain how long, `30d`
  /// @param legalHold whether copies of what people hold get a legal hold
  @JsonCreator
  public static ObjectLockSection of(
      Optional<String> mode, Optional<Duration> retain, Optional<Boolean> legalHold) {
    return new ObjectLockSection(
        new ObjectLock(
            mode.map(ObjectLockSection::mode).orElse(ObjectLock.Mode.GOVERNANCE),
            retain.orElse(Duration.ofDays(30)),
            legalHold.orElse(false)));
  }

  private static ObjectLock.Mode mode(String word) {
    return Arrays.stream(ObjectLock.Mode.values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'%s' is no mode of an object lock; there are governance and compliance"
                    .formatted(word)));
  }
}
