package org.vistadr.restore.view;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.model.Regime;

/// What a view stands on: the complete scans around its moment and the regime that each saw. Where
/// the two differ, versioning was switched at an unknown moment between them.
///
/// @param regime what the last scan up to the moment saw; empty before the first scan
/// @param scanAt its start
/// @param nextRegime what the first scan after the moment saw; empty after the last scan
/// @param nextScanAt its start
public record Footing(
    Optional<Regime> regime,
    Optional<Instant> scanAt,
    Optional<Regime> nextRegime,
    Optional<Instant> nextScanAt) {}
