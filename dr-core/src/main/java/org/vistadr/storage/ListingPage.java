package org.vistadr.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.ListedVersion;

/// One proved page of a listing.
///
/// @param entries in listing order; may be empty although more pages follow
/// @param next where the next page begins; empty at the proved end of the listing
/// @param serverTime the site's clock when it answered
public record ListingPage(
    List<ListedVersion> entries, Optional<ListingRequest.Position> next, Instant serverTime) {}
