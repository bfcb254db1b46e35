package org.vistadr.server.resources;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.vistadr.api.AmbiguousKey;
import org.vistadr.api.DiffPage;
import org.vistadr.api.MomentView;
import org.vistadr.api.ObjectListing;
import org.vistadr.model.Entry;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.Sha256;
import org.vistadr.model.StateAt;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.view.Footing;
import org.vistadr.restore.view.ViewEntry;
import org.vistadr.restore.view.Views;
import org.vistadr.server.engine.Engine;

/// Views between the engine and the wire.
///
/// @param engine what is asked
record ViewAnswers(Engine engine) {

  private static final int KEYS_NAMED = 10;

  MomentView moment(RestorePlan.Moment moment) {
    return moment(engine.restores().views(), moment);
  }

  static MomentView moment(Views views, RestorePlan.Moment moment) {
    Footing footing = views.footing(moment);
    return new MomentView(
        moment.at(),
        basis(moment),
        moment.basisAt(),
        moment.complete(),
        footing.regime().map(ViewAnswers::word),
        footing
            .nextRegime()
            .filter(next -> !footing.regime().equals(Optional.of(next)))
            .map(ViewAnswers::word),
        footing.scanAt(),
        footing.nextScanAt());
  }

  static String basis(RestorePlan.Moment moment) {
    // The wire knows one scan: `scan`.
    return switch (moment.basis()) {
      case VERSIONS -> "versions";
      case SCANS -> "scan";
    };
  }

  /// An object of a listing; empty for a key that is only ambiguous.
  Optional<ObjectListing.Item> item(ViewEntry entry) {
    return entry
        .version()
        .map(version -> {
          DiffPage.Content content = content(version);
          return new ObjectListing.Item(
              entry.key().value(),
              content.versionId(),
              content.lastModified(),
              content.size(),
              content.etag(),
              storageClass(version),
              content.sha256(),
              entry.deletedBy().map(RecordedVersion::effectiveAt),
              engine.catalog().replicas().everywhere(version.id()).stream()
                  .map(replica -> replica.secondary().value())
                  .sorted()
                  .toList());
        });
  }

  static DiffPage.Content content(RecordedVersion version) {
    return new DiffPage.Content(
        version.versionId().value(),
        version.lastModified(),
        version.entry().bytes(),
        etag(version),
        version.sha256().map(Sha256::hex));
  }

  static AmbiguousKey ambiguous(ObjectKey key, StateAt.Ambiguous doubt) {
    return new AmbiguousKey(
        key.value(),
        doubt.doubt().text(),
        doubt.doubt().words(),
        List.of(
            outcome(doubt.content()),
            switch (doubt.other()) {
              case StateAt.Recorded other -> outcome(other.content());
              case StateAt.NeverSeen() -> outcome("unseen", Optional.empty());
            }));
  }

  private static AmbiguousKey.Outcome outcome(Optional<RecordedVersion> content) {
    return outcome(content.isPresent() ? "content" : "nothing", content);
  }

  private static AmbiguousKey.Outcome outcome(String state, Optional<RecordedVersion> content) {
    return new AmbiguousKey.Outcome(
        state,
        content.map(version -> version.versionId().value()),
        content.map(RecordedVersion::lastModified),
        content.map(version -> version.entry().bytes()),
        content.map(ViewAnswers::etag));
  }

  /// Refuses a page that has ambiguous keys, naming them.
  static void requireCertain(List<AmbiguousKey> ambiguous) throws RestoreRefusedException {
    if (ambiguous.isEmpty()) {
      return;
    }
    List<String> named = ambiguous.stream().map(AmbiguousKey::key).limit(KEYS_NAMED).toList();
    throw new RestoreRefusedException(
        RestoreRefusedException.Code.TIME_AMBIGUOUS_KEYS,
        ambiguous.stream()
            .limit(KEYS_NAMED)
            .map(key -> "%s: %s".formatted(key.key(), key.reason()))
            .collect(Collectors.joining("; ", "what was there is ambiguous: ", "")),
        "name another moment, or leave 'strict' out and get the answer of the listing's order",
        Map.of("keys", String.join("\n", named)));
  }

  private static String etag(RecordedVersion version) {
    return version.entry() instanceof Entry.Content(var etag, _, _) ? etag : "";
  }

  private static String storageClass(RecordedVersion version) {
    return version.entry() instanceof Entry.Content(_, _, var name) ? name : "STANDARD";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
