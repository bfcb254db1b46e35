package org.vistadr.restore.view;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;
import org.vistadr.model.StateAt;

/// An address under which anybody can read exactly one version for a while.
///
/// @param version the version
/// @param site the site that sends it
/// @param url the address; whoever has it needs no credentials
/// @param expiresAt when the site stops answering it
/// @param doubt what else the key may have held at the moment that was asked for
public record Link(
    RecordedVersion version,
    SiteName site,
    String url,
    Instant expiresAt,
    Optional<StateAt.Ambiguous> doubt) {
  /// Without the address, which is a key to the bytes.
  @Override
  public String toString() {
    return "Link[key=%s, version=%s, site=%s, expiresAt=%s]"
        .formatted(version.key(), version.versionId(), site, expiresAt);
  }
}
