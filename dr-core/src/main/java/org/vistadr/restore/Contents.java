package org.vistadr.restore;

import java.time.Instant;
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
import org.vistadr.model.VersionId;
import org.vistadr.model.ViewAt;
import org.vistadr.restore.RestoreRefusedException.Code;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.StorageException;

/// Opens versions for reading wherever they can be had. Safe for use by many threads.
final class Contents {

  private static final Logger LOG = LoggerFactory.getLogger(Contents.class);

  private final Catalog catalog;
  private final Sources sources;
  private final Moments moments;

  Contents(Catalog catalog, Sources sources, Moments moments) {
    this.catalog = catalog;
    this.sources = sources;
    this.moments = moments;
  }

  Content at(ObjectKey key, Optional<Instant> at, ByteRange range)
      throws RestoreRefusedException, StorageException {
    var moment = moments.forKey(key, at);
    var history = catalog.versions().history(key).newestFirst();
    var version = ViewAt.content(history, moment.viewedAt());
    if (version.isEmpty()) {
      throw notFound("%s was not there at %s".formatted(key, moment.at()));
    }
    return open(version.get(), range);
  }

  Content of(ObjectKey key, VersionId versionId, ByteRange range)
      throws RestoreRefusedException, StorageException {
    var version = find(key, versionId);
    if (version.isEmpty() && moments.refreshed(RestoreScope.keys(List.of(key)))) {
      version = find(key, versionId);
    }
    if (version.isEmpty()) {
      throw notFound("%s has no content with version %s".formatted(key, versionId));
    }
    return open(version.get(), range);
  }

  private Optional<RecordedVersion> find(ObjectKey key, VersionId versionId) {
    return catalog.versions().history(key).newestFirst().stream()
        .filter(version -> version.versionId().equals(versionId) && ViewAt.isContent(version))
        .findFirst();
  }

  private Content open(RecordedVersion version, ByteRange range)
      throws RestoreRefusedException, StorageException {
    var regime = catalog.reach().lastScan().map(ScanLog.Scan::regime).orElse(Regime.VERSIONED);
    Optional<StorageException> failure = Optional.empty();
    for (var source : sources.of(version, Optional.empty(), Optional.of(regime))) {
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
        return new Content(version, source.site(), body);
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

  private static RestoreRefusedException notFound(String message) {
    return new RestoreRefusedException(
        Code.NOT_FOUND, message, "see when it was: vistadr history KEY", Map.of());
  }
}
