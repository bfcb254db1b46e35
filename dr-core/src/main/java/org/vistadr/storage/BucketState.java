package org.vistadr.storage;

import java.time.Instant;
import org.vistadr.model.Regime;

/// A look at a bucket.
///
/// @param regime whether it keeps versions now
/// @param serverTime the site's clock, whole seconds, rounded down
public record BucketState(Regime regime, Instant serverTime) {}
