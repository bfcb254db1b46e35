package org.vistadr.api;

import java.time.Instant;
import java.util.Optional;

/// `GET /api/v1/findings`: a replica that is not what the catalog says, or something at a secondary
/// that is no replica.
///
/// @param id its number
/// @param secondary where
/// @param key the key
/// @param remoteVersion the version there that it is about, where the secondary has versions
/// @param kind `missing`, `changed`, `corrupt`, `metadata`, `swapped`, `extra`
/// @param state `open`, `being-repaired`, `repaired`, `acknowledged`, `gone`
/// @param foundAt in the daemon's clock
/// @param settledAt when it was repaired, acknowledged or gone; absent before
/// @param detail one sentence
/// @param copiedFrom the site that the repair copies from; absent before
/// @param reason why it was acknowledged; absent when it was not
public record FindingView(
    long id,
    String secondary,
    String key,
    Optional<String> remoteVersion,
    String kind,
    String state,
    Instant foundAt,
    Optional<Instant> settledAt,
    String detail,
    Optional<String> copiedFrom,
    Optional<String> reason) {

  /// `POST /api/v1/findings/{finding}/acknowledge`.
  ///
  /// @param reason why it may stay as it is
  public record Acknowledgement(String reason) {}
}
