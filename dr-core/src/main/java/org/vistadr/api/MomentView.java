package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// What a time resolved to, and what a view at it stands on.
///
/// @param at the moment
/// @param basis `versions`, or `scan` with the scan that is shown for an unversioned primary
/// @param basisAt the start of that scan; absent for `versions`
/// @param complete whether the catalog covers the moment
/// @param regime how the primary kept versions then: `versioned`, `suspended`, `unversioned`;
///   absent before the first scan
/// @param nextRegime what the next scan saw, where that differs: versioning was switched at some
///   moment between the two
/// @param scanAt the last complete scan up to what is shown
/// @param nextScanAt the first complete scan after it: the gap in which an unversioned primary
///   tells nothing
public record MomentView(
    Instant at,
    String basis,
    Optional<Instant> basisAt,
    boolean complete,
    Optional<String> regime,
    Optional<String> nextRegime,
    Optional<Instant> scanAt,
    Optional<Instant> nextScanAt) {}
