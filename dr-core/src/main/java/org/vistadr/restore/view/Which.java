package org.vistadr.restore.view;

import org.vistadr.model.VersionId;

/// Which version of a key is meant.
public sealed interface Which {

  /// The content that it had at a moment.
  record At(AsOf asOf) implements Which {}

  /// A version by the primary's id; of [VersionId#NULL] the newest one.
  record Version(VersionId id) implements Which {}
}
