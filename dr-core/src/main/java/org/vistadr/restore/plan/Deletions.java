package org.vistadr.restore.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.model.CurrentState;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ViewAt;
import org.vistadr.restore.source.Looked;

/// What an undelete has to know of a key's history. Pure.
final class Deletions {

  private Deletions() {}

  /// Whether a key is absent that was made and deleted after a moment.
  static boolean bornAndDeletedAfter(
      List<RecordedVersion> newestFirst, Looked looked, Instant moment) {
    return looked.current() instanceof CurrentState.Absent
        && ViewAt.newestContent(newestFirst)
            .filter(content -> content.effectiveAt().isAfter(moment))
            .isPresent();
  }

  /// When content was deleted: the time of the entry right above it, or what the bucket tells of
  /// its deletion when the catalog has not seen that yet.
  static Optional<Instant> deletedAt(
      List<RecordedVersion> newestFirst, RecordedVersion content, Looked looked) {
    return newestFirst.stream()
        .filter(version -> version.rank() > content.rank())
        .reduce((_, older) -> older)
        .map(RecordedVersion::effectiveAt)
        .or(looked::changedAt);
  }
}
