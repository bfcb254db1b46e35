package org.vistadr.truth;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.CatalogException;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.Lag;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;
import org.vistadr.restore.Restores;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.restore.target.AllowedDirectories;
import org.vistadr.restore.target.RestorePlaces;
import org.vistadr.restore.target.TargetStores;
import org.vistadr.segments.Adopted;
import org.vistadr.segments.Adoption;
import org.vistadr.segments.SegmentWriter;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.sync.Secondary;
import org.vistadr.sync.SyncListener;
import org.vistadr.sync.SyncSettings;
import org.vistadr.sync.Synchronizer;

/// A primary, a versioned and an unversioned secondary, and the engine between them, on MinIO where
/// the machine has it and on the embedded server elsewhere. The engine can be stopped at any moment
/// and started again.
final class TruthSites implements AutoCloseable {

  static final SiteName VERSIONED = new SiteName("versioned");
  static final SiteName UNVERSIONED = new SiteName("unversioned");

  /// What the server under the primary can do.
  ///
  /// @param name for the report
  /// @param oddKeys keys that it holds
  /// @param tags whether it keeps tags
  /// @param milliseconds whether its listings tell more than whole seconds
  record Server(String name, List<String> oddKeys, boolean tags, boolean milliseconds) {}

  private static final List<String> EVERYWHERE =
      List.of(
          "with space/a b  c.jpg",
          "plus+plus+.jpg",
          "percent%41%zz%.jpg",
          "umlaut-äöü-ß/日本語.jpg",
          "e\u0301-decomposed",
          "é-composed",
          "question?mark=1&b=2#hash",
          "quote\"s'`<xml>&amp;",
          "semi;colon:comma,equals=",
          "tilde~star*paren()",
          ".hidden",
          "a!b/c",
          "long/" + "x".repeat(200));

  private static final SyncSettings SYNC =
      new SyncSettings(4, 8, 4 << 10, 8L << 20, 6L << 20, 10, List.of(), BrakeLimits.NONE);
  private static final RestoreSettings RESTORE =
      new RestoreSettings(
          8,
          new RestoreSettings.ConfirmAbove(100, 1L << 30, 1),
          Duration.ofHours(1),
          4 << 10,
          6L << 20,
          3,
          Duration.ofMillis(50));

  final Server server;
  final RawBucket bucket;
  final ObjectStore primary;
  final List<ObjectStore> secondaries;
  private final List<SiteConfig> sites = new ArrayList<>();
  private final TargetStores targets;
  private final Path directory;
  private final RandomGenerator random;
  private final Clock clock = Clock.systemUTC();
  private Instant lastScan = Instant.MAX;
  private Catalog catalog;
  private Synchronizer synchronizer;
  private Restores restores;

  /// @param sameEndpoint whether secondaries are at the primary's endpoint under the same name, so
  ///   that copies between them stay at the server
  TruthSites(Path directory, RandomGenerator random, boolean sameEndpoint) {
    this.directory = directory;
    this.random = random;
    Optional<S3Servers.Running> minio = S3Servers.minio();
    SiteConfig site;
    if (minio.isPresent()) {
      site = minio(minio.get(), SiteName.PRIMARY, true);
      S3Servers.Running elsewhere =
          sameEndpoint
              ? minio.get()
              : new S3Servers.Running(otherName(minio.get().endpoint()), minio.get().keys());
      secondaries =
          List.of(
              TestS3.open(minio(elsewhere, VERSIONED, true)),
              TestS3.open(minio(elsewhere, UNVERSIONED, false)));
      // It does not list keys below the key of an object, a/b beside a, and refuses empty segments.
      var odd = new ArrayList<>(EVERYWHERE);
      odd.addAll(
          List.of("a", "a-b", "trailing/", "trailing/inner", "emoji-🎉/🎉.jpg", "\uFF61-half"));
      server = new Server("MinIO", odd, true, true);
    } else {
      site = TestS3.versioned(SiteName.PRIMARY);
      secondaries =
          List.of(
              TestS3.open(TestS3.versioned(VERSIONED)),
              TestS3.open(TestS3.unversioned(UNVERSIONED)));
      server = new Server("S3Proxy (no MinIO on the PATH)", EVERYWHERE, false, false);
    }
    bucket = new RawBucket(site);
    targets = new TargetStores(List.of(site), TestS3::open);
    primary = TestS3.open(site);
    open();
  }

  private SiteConfig minio(S3Servers.Running running, SiteName name, boolean versioned) {
    SiteConfig site = S3Servers.site(running, name, TestS3.freshName() + "-" + name, "minio");
    TestS3.admin(
        site,
        admin -> {
          admin.createBucket();
          if (versioned) {
            admin.enableVersioning();
          }
        });
    sites.add(site);
    return site;
  }

  private static URI otherName(URI endpoint) {
    return URI.create("http://localhost:" + endpoint.getPort());
  }

  private void open() {
    catalog = Catalog.open(directory.resolve("catalog"), clock);
    catalog.declareSecondaries(List.of(VERSIONED, UNVERSIONED));
    synchronizer =
        new Synchronizer(
            catalog,
            primary,
            secondaries.stream().map(Secondary::of).toList(),
            SYNC,
            SyncListener.NONE,
            clock,
            RandomGenerator.getDefault());
    restores =
        new Restores(
            catalog,
            new RestorePlaces(primary, secondaries, targets, AllowedDirectories.ANYWHERE),
            RESTORE,
            clock,
            RandomGenerator.getDefault(),
            _ -> {
              synchronizer.scan();
              return true;
            });
  }

  Synchronizer synchronizer() {
    return synchronizer;
  }

  Restores restores() {
    return restores;
  }

  Catalog catalog() {
    return catalog;
  }

  /// Ends the engine as it is, in the midst of what it does, and starts it anew on the same
  /// catalog.
  void restart() {
    catalog.close();
    open();
  }

  /// Tells every secondary what the catalog knows.
  void tell() throws Exception {
    for (ObjectStore secondary : secondaries) {
      new SegmentWriter(catalog.segments(), secondary, directory, 8 << 10, clock, random).write();
    }
  }

  /// Ends the engine, loses its catalog and goes on with the one that a secondary tells.
  Adopted adopt(SiteName from) throws Exception {
    catalog.close();
    Path lost = directory.resolve("catalog");
    Files.move(lost, directory.resolve("lost-" + System.nanoTime()));
    ObjectStore secondary =
        secondaries.stream().filter(store -> store.site().equals(from)).findFirst().orElseThrow();
    Adopted adopted =
        new Adoption(secondary, List.of(VERSIONED, UNVERSIONED), clock, Adoption.Progress.NONE)
            .adopt(lost);
    open();
    return adopted;
  }

  /// A scan and both replications that may end in the middle, since the engine is stopped or the
  /// bucket changes under it.
  Thread syncInBackground() {
    Synchronizer running = synchronizer;
    boolean scanFirst = random.nextBoolean();
    return Thread.ofVirtual()
        .start(() -> {
          try {
            if (scanFirst) {
              running.scan();
            }
            running.replicate(VERSIONED);
            running.replicate(UNVERSIONED);
          } catch (StorageException | CatalogException | IllegalStateException e) {
            // What was found so far is recorded; the next run goes on.
          }
        });
  }

  /// A whole scan.
  Truth.Run scan() throws StorageException {
    Instant from = clock.instant();
    lastScan = synchronizer.scan().startedAt();
    return new Truth.Run(from, clock.instant());
  }

  /// A replication; empty when the secondary does not say that it has all of the last scan.
  Optional<Truth.Run> replicate(SiteName secondary) {
    Instant from = clock.instant();
    synchronizer.replicate(secondary);
    Instant to = clock.instant();
    return switch (catalog.queue().lag(secondary, to)) {
      case Lag.Known(var recoveryPoint, _) when !recoveryPoint.isBefore(lastScan) ->
          Optional.of(new Truth.Run(from, to));
      case Lag.Known _, Lag.Unknown _ -> Optional.empty();
    };
  }

  /// What a secondary still lacks.
  List<String> lacking(SiteName secondary) {
    return Stream.of(ReplicaState.PENDING, ReplicaState.GIVEN_UP, ReplicaState.MISSED)
        .flatMap(state ->
            catalog.queue().list(secondary, state, Optional.empty(), 10).stream()
                .map(row ->
                    "%s lacks %s: %s after %d tries: %s"
                        .formatted(
                            secondary, row.version(), state, row.attempts(), row.lastError())))
        .toList();
  }

  @Override
  public void close() {
    restores.close();
    synchronizer.close();
    catalog.close();
    // MinIO only lets go of null markers while no versions are kept.
    bucket.versioning(false);
    bucket.close();
    targets.close();
    primary.close();
    secondaries.forEach(ObjectStore::close);
    sites.forEach(site -> TestS3.admin(site, BucketAdmin::deleteBucketAndContents));
  }
}
