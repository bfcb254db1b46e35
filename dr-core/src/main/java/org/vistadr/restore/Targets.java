package org.vistadr.restore;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.Regime;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreTarget;
import org.vistadr.model.SiteName;
import org.vistadr.restore.RestoreRefusedException.Code;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.TransferLimits;

/// Opens the places that restores write to. Safe for use by many threads.
final class Targets {

  private static final Logger LOG = LoggerFactory.getLogger(Targets.class);

  private final Catalog catalog;
  private final RestorePlaces places;
  private final Sources sources;
  private final ObjectTransfer transfer;

  Targets(Catalog catalog, RestorePlaces places, Sources sources, RestoreSettings settings) {
    this.catalog = catalog;
    this.places = places;
    this.sources = sources;
    this.transfer =
        new ObjectTransfer(new TransferLimits(settings.bufferLimit(), settings.multipartAbove()));
  }

  /// Looks at a target. The bucket must exist.
  ///
  /// @throws RestoreRefusedException when it cannot be a target
  /// @throws StorageException when it does not answer
  Target open(RestoreTarget asked) throws RestoreRefusedException, StorageException {
    return switch (asked) {
      case RestoreTarget.InPlace() ->
          new BucketTarget(
              places.primary(),
              places.primary().bucketState().regime(),
              "",
              true,
              places.primary().profile().etagIsMd5());
      case RestoreTarget.Bucket bucket -> {
        var store = store(bucket);
        yield new BucketTarget(
            store,
            store.bucketState().regime(),
            bucket.prefix(),
            false,
            store.profile().etagIsMd5() && places.primary().profile().etagIsMd5());
      }
      case RestoreTarget.Directory(var path) ->
          throw new RestoreRefusedException(
              Code.WRONG_STATE,
              "cannot restore to the directory " + path,
              "restore to a bucket, or fetch single objects with: vistadr get",
              Map.of());
    };
  }

  /// What writes to a target for one restore.
  TargetWriter writer(Target target, String restoreId) {
    return switch (target) {
      case BucketTarget bucket -> new BucketWriter(catalog, bucket, sources, transfer, restoreId);
    };
  }

  /// The primary's regime, when bytes are to be read from it. A primary that does not answer only
  /// stops what is to be restored in place; for another target the secondaries have the bytes.
  Optional<Regime> primaryRegime(RestorePlan.Request request) throws StorageException {
    boolean named = request.from().filter(places.primary().site()::equals).isPresent();
    if (request.from().isPresent() && !named && !request.target().inPlace()) {
      return Optional.empty();
    }
    try {
      return Optional.of(places.primary().bucketState().regime());
    } catch (StorageException e) {
      if (named || request.target().inPlace()) {
        throw e;
      }
      LOG.warn("restore source=primary state=left-out error=\"{}\"", e.getMessage());
      return Optional.empty();
    }
  }

  private ObjectStore store(RestoreTarget.Bucket asked) throws RestoreRefusedException {
    return places
        .targets()
        .store(asked.site(), asked.bucket())
        .orElseThrow(() ->
            new RestoreRefusedException(
                Code.NOT_FOUND,
                "there is no site '%s' to restore to".formatted(asked.site()),
                "sites are "
                    + places.targets().names().stream()
                        .map(SiteName::value)
                        .collect(Collectors.joining(", ")),
                Map.of()));
  }
}
