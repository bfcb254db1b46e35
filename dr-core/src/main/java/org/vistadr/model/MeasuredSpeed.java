package org.vistadr.model;

import java.time.Instant;

/// How fast a restore was.
///
/// @param from the site that had the bytes
/// @param onServer whether the provider copied them itself
/// @param objectsPerSecond objects written and verified
/// @param bytesPerSecond their bytes
/// @param at when it was measured
public record MeasuredSpeed(
    SiteName from, boolean onServer, double objectsPerSecond, double bytesPerSecond, Instant at) {}
