package org.vistadr.sync;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.vistadr.catalog.Catalog;
import org.vistadr.embedded.EmbeddedS3;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.Lag;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// A primary and its secondaries on real embedded servers, a real catalog and a synchronizer, with
/// a clock that the test moves.
final class SyncRig implements AutoCloseable {

  static final SiteName VERSIONED = new SiteName("versioned");
  static final SiteName UNVERSIONED = new SiteName("unversioned");

  private static EmbeddedS3 memory;
  private static EmbeddedS3 otherMemory;
  private static EmbeddedS3 directory;

  final Path home;
  final ObjectStore primary;
  final ObjectStore versioned;
  final ObjectStore unversioned;
  final TestClock clock = new TestClock();
  private final List<ObjectStore> opened = new ArrayList<>();
  private SiteConfig primarySite;
  Catalog catalog;
  Synchronizer synchronizer;
  private List<ObjectStore> secondaries;
  private ObjectStore primaryForSync;
  private SyncSettings settings = SyncSettings.DEFAULT.withBrake(BrakeLimits.NONE);

  SyncRig(boolean primaryVersioned) throws Exception {
    startServers();
    home = Files.createTempDirectory("vistadr-sync-rig-");
    primary = open(memory, SiteName.PRIMARY, primaryVersioned);
    versioned = open(otherMemory, VERSIONED, true);
    unversioned = open(directory, UNVERSIONED, false);
    primaryForSync = primary;
    secondaries = List.of(versioned, unversioned);
    start();
  }

  private static synchronized void startServers() throws Exception {
    if (memory == null) {
      Path jar = Path.of(System.getProperty("vistadr.s3proxy.jar"));
      Path logs = Files.createTempDirectory("vistadr-sync-servers-");
      Path data = Files.createDirectory(logs.resolve("data"));
      memory =
          EmbeddedS3.start(
              EmbeddedS3.Options.of(
                  jar, new EmbeddedS3.Storage.Memory(), logs.resolve("memory.log")));
      otherMemory =
          EmbeddedS3.start(
              EmbeddedS3.Options.of(
                  jar, new EmbeddedS3.Storage.Memory(), logs.resolve("other.log")));
      directory =
          EmbeddedS3.start(
              EmbeddedS3.Options.of(
                  jar, new EmbeddedS3.Storage.Directory(data), logs.resolve("directory.log")));
    }
  }

  /// Switches the primary's versioning off.
  void suspendVersioning() throws StorageException {
    try (BucketAdmin admin = new BucketAdmin(primarySite, Clock.systemUTC())) {
      admin.suspendVersioning();
    }
  }

  private ObjectStore open(EmbeddedS3 server, SiteName name, boolean keepsVersions)
      throws StorageException {
    SiteConfig site = server.site(name, name + "-" + UUID.randomUUID());
    if (name.equals(SiteName.PRIMARY)) {
      primarySite = site;
    }
    try (BucketAdmin admin = new BucketAdmin(site, Clock.systemUTC())) {
      admin.createBucket();
      if (keepsVersions) {
        admin.enableVersioning();
      }
    }
    ObjectStore store = ObjectStores.open(site, Clock.systemUTC());
    opened.add(store);
    return store;
  }

  /// Ends the running synchronizer as a crash between two transactions would, and starts anew on
  /// the same catalog with other views of the sites.
  void restart(ObjectStore primaryView, List<ObjectStore> secondaryViews) {
    restart(primaryView, secondaryViews, settings);
  }

  void restart(
      ObjectStore primaryView, List<ObjectStore> secondaryViews, SyncSettings newSettings) {
    catalog.close();
    primaryForSync = primaryView;
    secondaries = secondaryViews;
    settings = newSettings;
    start();
  }

  void restart() {
    restart(primary, List.of(versioned, unversioned));
  }

  private void start() {
    catalog = Catalog.open(home.resolve("catalog"), clock);
    catalog.declareSecondaries(secondaries.stream().map(ObjectStore::site).toList());
    synchronizer =
        new Synchronizer(
            catalog,
            primaryForSync,
            secondaries.stream().map(Secondary::of).toList(),
            settings,
            SyncListener.NONE,
            clock,
            RandomGenerator.getDefault());
  }

  /// Scans, then replicates to every secondary.
  void sync() throws StorageException {
    synchronizer.scan();
    replicate();
  }

  void replicate() {
    for (ObjectStore secondary : secondaries) {
      synchronizer.replicate(secondary.site());
    }
  }

  Lag lag(SiteName secondary) {
    return catalog.queue().lag(secondary, clock.instant());
  }

  WriteReceipt put(String key, String text) throws StorageException {
    return put(key, text.getBytes(StandardCharsets.UTF_8));
  }

  WriteReceipt put(String key, byte[] bytes) throws StorageException {
    return primary.put(
        new PutRequest(
            new ObjectKey(key),
            ObjectAttributes.ofContentType("image/jpeg"),
            WriteBody.Buffered.of(bytes),
            new WriteCondition.Always()));
  }

  void delete(String key) throws StorageException {
    primary.delete(new ObjectKey(key), new WriteCondition.Always());
  }

  /// The history of a key as a bucket lists it, oldest first: text of content, `-` for a delete
  /// marker.
  static List<String> history(ObjectStore store, String key) throws Exception {
    List<String> result = new ArrayList<>();
    for (ListedVersion version :
        ListingStream.ofKey(store, Regime.VERSIONED, new ObjectKey(key)).reversed()) {
      result.add(
          switch (version.entry()) {
            case org.vistadr.model.Entry.DeleteMarker() -> "-";
            case org.vistadr.model.Entry.Content _ ->
                text(store, version.key(), new Revision.Version(version.versionId()));
          });
    }
    return result;
  }

  /// The current text of a key, empty when it has none.
  static Optional<String> current(ObjectStore store, String key) throws Exception {
    try {
      return Optional.of(text(store, new ObjectKey(key), new Revision.Current()));
    } catch (StorageException.NotFound _) {
      return Optional.empty();
    }
  }

  static String text(ObjectStore store, ObjectKey key, Revision revision)
      throws StorageException, IOException {
    try (ObjectBody body = store.open(key, revision, new ByteRange.All())) {
      return new String(body.stream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    synchronizer.close();
    catalog.close();
    opened.forEach(ObjectStore::close);
  }

  /// A clock that starts now and moves when told.
  static final class TestClock extends Clock {
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    void forward(Duration by) {
      ahead.updateAndGet(before -> before.plus(by));
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Clock.systemUTC().instant().plus(ahead.get());
    }
  }
}
