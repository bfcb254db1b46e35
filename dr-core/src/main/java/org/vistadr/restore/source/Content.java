package org.vistadr.restore.source;

import java.util.Optional;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;
import org.vistadr.model.StateAt;
import org.vistadr.storage.ObjectBody;

/// Bytes of a version, opened for reading. The site proved that it sends exactly that version; the
/// reader compares the hash where it reads everything.
///
/// @param version the version
/// @param from the site that sends it
/// @param body the bytes; closed with this
/// @param doubt what else the key may have held at the moment that was asked for
public record Content(
    RecordedVersion version, SiteName from, ObjectBody body, Optional<StateAt.Ambiguous> doubt)
    implements AutoCloseable {

  @Override
  public void close() {
    body.close();
  }
}
