package org.vistadr.model;

import java.util.Optional;

/// What a complete scan saw, as far as the brake is concerned. Earlier scans of the window count
/// in.
///
/// @param objectsBefore keys with content when the window began
/// @param deleted keys that lost their content since
/// @param overwritten keys whose content was replaced since
/// @param grown those of them that grew by no more than a header, a padding and a tag would take
/// @param listed keys that the scan listed
/// @param regimeBefore the regime that the complete scan before saw
/// @param regime the regime that this scan saw
/// @param bucket what is known of the bucket behind the name
public record ScanFindings(
    long objectsBefore,
    long deleted,
    long overwritten,
    long grown,
    long listed,
    Optional<Regime> regimeBefore,
    Regime regime,
    BucketProof bucket) {}
