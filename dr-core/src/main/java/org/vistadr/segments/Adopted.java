package org.vistadr.segments;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.Sha256;
import org.vistadr.model.SiteName;

/// A catalog that was rebuilt from a secondary.
///
/// @param from the secondary
/// @param stateAt the catalog is that of this moment; empty without segments
/// @param digest of the catalog as it was rebuilt from segments
/// @param proved whether that is the digest that the lost catalog had
/// @param segments read
/// @param versions rebuilt from segments
/// @param listed versions that no segment tells of and that were found in the secondary's listing
/// @param uncertain what is not known, one sentence each; empty when the catalog is the lost one
public record Adopted(
    SiteName from,
    Optional<Instant> stateAt,
    Optional<Sha256> digest,
    boolean proved,
    long segments,
    long versions,
    long listed,
    List<String> uncertain) {
  /// Copies the list.
  public Adopted {
    uncertain = List.copyOf(uncertain);
  }
}
