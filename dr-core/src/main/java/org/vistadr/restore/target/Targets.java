package org.vistadr.restore.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import org.vistadr.restore.refusal.RestoreRefusedException;
import org.vistadr.restore.refusal.RestoreRefusedException.Code;
import org.vistadr.restore.source.Sources;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ProviderProfile;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.ObjectTransfer;
import org.vistadr.storage.transfer.TransferLimits;

/// Opens the places that restores write to. Safe for use by many threads.
public final class Targets {

  private static final Logger LOG = LoggerFactory.getLogger(Targets.class);

  private final Catalog catalog;
  private final RestorePlaces places;
  private final Sources sources;
  private final ObjectTransfer transfer;

  public Targets(Catalog catalog, RestorePlaces places, Sources sources, TransferLimits limits) {
    this.catalog = catalog;
    this.places = places;
    this.sources = sources;
    this.transfer = new ObjectTransfer(limits);
  }

  /// Looks at the target of a request. A bucket must exist.
  ///
  /// @throws RestoreRefusedException when it cannot be a target
  /// @throws StorageException when it does not answer
  public Target open(RestorePlan.Request request) throws RestoreRefusedException, StorageException {
    var primary = places.primary();
    return switch (request.target()) {
      case RestoreTarget.InPlace() ->
          new BucketTarget(
              primary, primary.bucketState().regime(), "", true, primary.profile().etagIsMd5());
      case RestoreTarget.Bucket bucket -> {
        var store = store(bucket, request);
        yield new BucketTarget(
            store,
            regime(store, request),
            bucket.prefix(),
            false,
            store.profile().etagIsMd5() && primary.profile().etagIsMd5());
      }
      case RestoreTarget.Directory(var path) -> directory(path, request);
    };
  }

  /// What writes to a target for one restore.
  ///
  /// @param bandwidth holds the bytes that pass through here
  public TargetWriter writer(Target target, String restoreId, Bandwidth bandwidth) {
    return switch (target) {
      case BucketTarget bucket ->
          new BucketWriter(catalog, bucket, sources, transfer, bandwidth, restoreId);
      case DirectoryTarget directory ->
          new DirectoryWriter(catalog, directory, bandwidth, restoreId);
    };
  }

  /// What the provider of a target can do; empty for what is not a bucket that is known.
  public Optional<ProviderProfile> profile(RestoreTarget asked) {
    return switch (asked) {
      case RestoreTarget.InPlace() -> Optional.of(places.primary().profile());
      case RestoreTarget.Bucket(var site, var bucket, _) ->
          places.targets().store(site, bucket).map(ObjectStore::profile);
      case RestoreTarget.Directory _ -> Optional.empty();
    };
  }

  /// The primary's regime, when bytes are to be read from it. A primary that does not answer only
  /// stops what is to be restored in place; for another target the secondaries have the bytes.
  public Optional<Regime> primaryRegime(RestorePlan.Request request) throws StorageException {
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

  private ObjectStore store(RestoreTarget.Bucket asked, RestorePlan.Request request)
      throws RestoreRefusedException {
    var store = places.targets().store(asked.site(), asked.bucket());
    if (store.isEmpty()) {
      throw new RestoreRefusedException(
          Code.TARGET_UNKNOWN,
          "there is no site '%s' to restore to".formatted(asked.site()),
          "sites are %s; more can be named below targets: in config.yml"
              .formatted(
                  places.targets().names().stream()
                      .map(SiteName::value)
                      .collect(Collectors.joining(", "))),
          Map.of(),
          List.of(RestoreLine.of(request.withTarget(elsewhere(places.primary())))));
    }
    var owner = places.targets().owner(asked.site(), asked.bucket());
    if (owner.filter(places.primary().site()::equals).isPresent()) {
      // An undo reads and writes what another restore wrote, nothing else.
      if (request.undoes().isEmpty()) {
        TargetRule.checkWithinPrimary(request, asked, elsewhere(store.get()));
      }
    } else if (owner.filter(sources::knows).isPresent()) {
      throw TargetRule.refused(
          "%s is the bucket of the secondary %s: what is written there would mix with its copy"
              .formatted(store.get().bucket(), owner.get()),
          "name another bucket at the same site: %s/BUCKET".formatted(asked.site()),
          request.withTarget(elsewhere(store.get())));
    }
    return store.get();
  }

  /// A target that is no copy: a site that was named for that, else another bucket beside one.
  private RestoreTarget elsewhere(ObjectStore beside) {
    return places.targets().names().stream()
        .filter(site -> !sources.knows(site))
        .findFirst()
        .map(site -> new RestoreTarget.Bucket(site, Optional.empty(), ""))
        .orElseGet(() ->
            new RestoreTarget.Bucket(
                beside.site(), Optional.of(beside.bucket() + "-restored"), ""));
  }

  private static Regime regime(ObjectStore store, RestorePlan.Request request)
      throws RestoreRefusedException, StorageException {
    try {
      return store.bucketState().regime();
    } catch (StorageException.BucketMissing _) {
      throw new RestoreRefusedException(
          Code.TARGET_UNKNOWN,
          "the bucket %s does not exist at %s".formatted(store.bucket(), store.site()),
          "create it, switch its versioning on, and make the plan again",
          Map.of(),
          List.of(RestoreLine.of(request)));
    }
  }

  private DirectoryTarget directory(Path asked, RestorePlan.Request request)
      throws RestoreRefusedException {
    try {
      var root = AllowedDirectories.real(asked);
      if (!places.directories().allow(root)) {
        throw TargetRule.refused(
            "the daemon may not write to %s".formatted(root),
            "allow it with restore.directories: [%s] in config.yml and restart the daemon, use --direct, or download single objects: vistadr get"
                .formatted(asked),
            allowed(request));
      }
      var there = AllowedDirectories.existing(root);
      if (!Files.isDirectory(there)) {
        throw TargetRule.refused(
            "%s is no directory".formatted(there),
            "name a directory",
            request.withTarget(new RestoreTarget.Directory(Path.of(there + "-restored"))));
      }
      return new DirectoryTarget(
          catalog, root, FileNames.probe(there, root), places.primary().profile().etagIsMd5());
    } catch (IOException e) {
      throw TargetRule.refused(
          "cannot write to %s: %s".formatted(asked, e),
          "check that the directory, or the one above it, exists and may be written",
          "ls -ld " + AllowedDirectories.existing(asked));
    }
  }

  /// The same restore to a directory that is allowed, or without the daemon, which has no such
  /// rule.
  private String allowed(RestorePlan.Request request) {
    return places.directories().below().stream()
        .flatMap(List::stream)
        .findFirst()
        .map(allowed ->
            RestoreLine.of(
                request.withTarget(
                    new RestoreTarget.Directory(allowed.toAbsolutePath().resolve("restored")))))
        .orElseGet(() -> RestoreLine.of(request).replaceFirst("^vistadr ", "vistadr --direct "));
  }
}
