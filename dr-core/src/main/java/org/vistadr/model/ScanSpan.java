package org.vistadr.model;

import java.time.Instant;
import java.util.Optional;

/// When a scan read the primary: it saw each key at some moment of this span.
///
/// @param startedAt in the primary's clock
/// @param endedAt empty while it runs, and for one that a crash cut off
public record ScanSpan(Instant startedAt, Optional<Instant> endedAt) {

  /// The span of a scan that is taken for one moment: what it saw counts as of its start.
  public static ScanSpan instant(Instant startedAt) {
    return new ScanSpan(startedAt, Optional.of(startedAt));
  }
}
