package org.vistadr.sync;

import java.time.Instant;
import java.util.List;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.Regime;

/// What a complete scan found.
///
/// @param number the scan's number
/// @param startedAt in the primary's clock
/// @param regime the primary's regime
/// @param keys keys read
/// @param versions versions and delete markers read
/// @param appended entries new to the catalog
/// @param purged entries that the primary no longer has
/// @param suspicions why the brake was engaged by it; none for a day's work
public record ScanReport(
    long number,
    Instant startedAt,
    Regime regime,
    long keys,
    long versions,
    long appended,
    long purged,
    List<BrakeReason> suspicions) {}
