package org.vistadr.restore.view;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.StateAt;
import org.vistadr.model.VersionId;
import org.vistadr.model.ViewAt;
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.source.Content;
import org.vistadr.restore.source.Source;
import org.vistadr.restore.source.Sources;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// Opens versions for reading wherever they can be had. Safe for use by many threads.
public final class Contents {

  private static final Logger LOG = LoggerFactory.getLogger(Contents.class);

  private final Catalog catalog;
  private final Sources sources;
  private final Moments moments;

  public Contents(Catalog catalog, Sources sources, Moments moments) {
    this.catalog = catalog;
    this.sources = sources;
    this.moments = moments;
  }

  Content open(ObjectKey key, Which which, ByteRange range)
      throws RestoreRefusedException, StorageException {
    return open(find(key, which), range);
  }

  /// A link to exactly that version at a site that has it under an id of its own.
  Link link(ObjectKey key, Which which, Duration validity)
      throws RestoreRefusedException, StorageException {
    var found = find(key, which);
    var version = found.version();
    Optional<StorageException> failure = Optional.empty();
    for (var source : sources.of(version, Optional.empty(), Optional.of(regime()))) {
      if (!isFixed(source)) {
        continue;
      }
      try {
        var head = source.store().head(source.key(), source.revision());
        if (head.size() != version.entry().bytes() || !head.etag().equals(source.etag())) {
          LOG.warn("link key=\"{}\" site={} error=\"other bytes\"", version.key(), source.site());
          continue;
        }
        var expiresAt = moments.now().plus(validity).truncatedTo(ChronoUnit.SECONDS);
        var url = source.store().presignGet(source.key(), linked(source), validity);
        return new Link(version, source.site(), url, expiresAt, found.doubt());
      } catch (StorageException e) {
        LOG.warn("link key=\"{}\" site={} error=\"{}\"", key, source.site(), e.getMessage());
        failure = Optional.of(e);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    throw new RestoreRefusedException(
        Code.NO_SOURCE,
        "no site has version %s of %s under an id of its own, so a link could show another"
            .formatted(version.versionId(), key),
        "download it: vistadr get KEY --version " + version.versionId(),
        Map.of());
  }

  /// Whether what is at a place can only be that version: it has an id, or lies below the reserved
  /// prefix, where nothing is overwritten.
  private static boolean isFixed(Source source) {
    return switch (source.revision()) {
      case Revision.Version(var id) -> !id.isNull();
      case Revision.Matching _ -> source.key().isReserved();
      case Revision.Current _ -> false;
    };
  }

  /// A link cannot carry a condition.
  private static Revision linked(Source source) {
    return switch (source.revision()) {
      case Revision.Version version -> version;
      case Revision.Matching _, Revision.Current _ -> Revision.CURRENT;
    };
  }

  private Found find(ObjectKey key, Which which) throws RestoreRefusedException {
    return switch (which) {
      case Which.At(var asOf) -> {
        var states = moments.forKey(key, asOf);
        var state = states.of(key);
        var version = state.content();
        if (version.isEmpty()) {
          throw notFound("%s was not there at %s".formatted(key, states.moment().at()));
        }
        yield new Found(version.get(), state.ambiguity());
      }
      case Which.Version(var id) -> new Found(find(key, id), Optional.empty());
    };
  }

  private RecordedVersion find(ObjectKey key, VersionId versionId) throws RestoreRefusedException {
    var version = known(key, versionId);
    if (version.isEmpty() && moments.refreshed(RestoreScope.keys(List.of(key)))) {
      version = known(key, versionId);
    }
    return version.orElseThrow(
        () -> notFound("%s has no content with version %s".formatted(key, versionId)));
  }

  private Regime regime() {
    return catalog.reach().lastScan().map(ScanLog.Scan::regime).orElse(Regime.VERSIONED);
  }

  private Optional<RecordedVersion> known(ObjectKey key, VersionId versionId) {
    return catalog.versions().history(key).newestFirst().stream()
        .filter(version -> version.versionId().equals(versionId) && ViewAt.isContent(version))
        .findFirst();
  }

  private Content open(Found found, ByteRange range)
      throws RestoreRefusedException, StorageException {
    var version = found.version();
    Optional<StorageException> failure = Optional.empty();
    for (var source : sources.of(version, Optional.empty(), Optional.of(regime()))) {
      try {
        var body = source.pinned().open(range);
        if (body.head().size() != version.entry().bytes()) {
          body.close();
          throw new StorageException.CorruptBody(
              source.site(),
              "GetObject",
              "%s has %d bytes, expected %d"
                  .formatted(version.key(), body.head().size(), version.entry().bytes()));
        }
        return new Content(version, source.site(), body, found.doubt());
      } catch (StorageException e) {
        LOG.warn(
            "content key=\"{}\" site={} error=\"{}\"",
            version.key(),
            source.site(),
            e.getMessage());
        failure = Optional.of(e);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    throw new RestoreRefusedException(
        Code.NO_SOURCE,
        "%s version %s is at no site any more".formatted(version.key(), version.versionId()),
        "look for another version: vistadr history KEY",
        Map.of());
  }

  /// @param doubt what else the key may have held at the moment
  private record Found(RecordedVersion version, Optional<StateAt.Ambiguous> doubt) {}

  private static RestoreRefusedException notFound(String message) {
    return new RestoreRefusedException(
        Code.NOT_FOUND, message, "see when it was: vistadr history KEY", Map.of());
  }
}
