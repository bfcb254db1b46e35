package org.vistadr.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.KeyChange;
import org.vistadr.catalog.VersionLog;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.Entry;
import org.vistadr.model.ListedVersion;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Origin;
import org.vistadr.model.Regime;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestoreRules;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.restore.target.AllowedDirectories;
import org.vistadr.restore.target.RestorePlaces;
import org.vistadr.restore.target.TargetStores;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.sync.Secondary;
import org.vistadr.sync.SyncListener;
import org.vistadr.sync.SyncSettings;
import org.vistadr.sync.Synchronizer;

/// A primary on a real server, a versioned and an unversioned secondary, the synchronizer between
/// them, and restores.
final class RestoreFixture implements AutoCloseable {

  static final SiteName B2 = new SiteName("b2");
  static final SiteName DISK = new SiteName("disk");

  /// A site beside the copies, at the primary's endpoint, whose bucket keeps versions.
  static final SiteName NEW = new SiteName("new-primary");

  /// One at another endpoint, whose bucket keeps none.
  static final SiteName PLAIN = new SiteName("plain");

  static final RestoreSettings SETTINGS =
      new RestoreSettings(
          4,
          new RestoreSettings.ConfirmAbove(100, 1L << 30, 1),
          Duration.ofHours(1),
          1 << 10,
          8L << 20,
          2,
          Duration.ofMillis(10));

  final SiteConfig newSite;
  final SiteConfig plainSite;
  final SiteConfig site;
  final TargetStores targets;
  final ObjectStore primary;
  final ObjectStore b2;
  final ObjectStore disk;
  final Catalog catalog;
  final Synchronizer sync;
  private final Clock clock = Clock.systemUTC();

  RestoreFixture(Path directory, boolean versioned) {
    this(
        directory,
        versioned
            ? TestS3.versioned(SiteName.PRIMARY)
            : TestS3.unversionedInMemory(SiteName.PRIMARY));
  }

  RestoreFixture(Path directory, SiteConfig primarySite) {
    site = primarySite;
    var b2Site = TestS3.versioned(B2);
    newSite = TestS3.versioned(NEW);
    plainSite = TestS3.unversioned(PLAIN);
    targets = new TargetStores(List.of(site, b2Site, newSite, plainSite), TestS3::open);
    primary = TestS3.open(site);
    b2 = TestS3.open(b2Site);
    disk = TestS3.open(TestS3.unversioned(DISK));
    catalog = Catalog.open(directory, clock);
    catalog.declareSecondaries(List.of(B2, DISK));
    sync =
        new Synchronizer(
            catalog,
            primary,
            List.of(Secondary.of(b2), Secondary.of(disk)),
            SyncSettings.DEFAULT.withBrake(BrakeLimits.NONE),
            SyncListener.NONE,
            clock,
            new SplittableRandom(1));
  }

  Restores restores() {
    return restores(primary, b2, disk);
  }

  Restores restores(ObjectStore primaryStore, ObjectStore... secondaries) {
    return restores(
        new RestorePlaces(primaryStore, List.of(secondaries), targets, AllowedDirectories.ANYWHERE),
        SETTINGS);
  }

  Restores restores(ObjectStore primaryStore, RestoreSettings settings) {
    return restores(
        new RestorePlaces(primaryStore, List.of(b2, disk), targets, AllowedDirectories.ANYWHERE),
        settings);
  }

  Restores restores(AllowedDirectories directories) {
    return restores(new RestorePlaces(primary, List.of(b2, disk), targets, directories));
  }

  Restores restores(RestorePlaces places) {
    return restores(places, SETTINGS);
  }

  private Restores restores(RestorePlaces places, RestoreSettings settings) {
    return new Restores(
        catalog, places, settings, clock, new SplittableRandom(System.nanoTime()), this::refresh);
  }

  private boolean refresh(RestoreScope scope) throws StorageException {
    if (scope instanceof RestoreScope.Parts(var keys, var prefixes) && prefixes.isEmpty()) {
      for (var key : keys) {
        sync.look(key);
      }
    } else {
      sync.scan();
    }
    return true;
  }

  void scan() throws StorageException {
    sync.scan();
  }

  void protect() throws StorageException {
    sync.scan();
    sync.replicate(B2);
    sync.replicate(DISK);
  }

  /// A moment that is after everything before the call and before everything after it, in the
  /// primary's clock, which counts in seconds.
  Instant moment() throws StorageException {
    var second = primary.bucketState().serverTime();
    while (!primary.bucketState().serverTime().isAfter(second)) {
      Thread.onSpinWait();
    }
    return second;
  }

  /// Makes the catalog believe that the primary has an object.
  ///
  /// @return a moment at which it does
  Instant pretend(String key, Entry.Content content) throws StorageException {
    var second = moment();
    var scan = catalog.scans().begin(second, Regime.VERSIONED);
    var entry =
        new KeyChange.NewEntry(
            VersionLog.FIRST_RANK,
            Origin.LISTED,
            new VersionId("v-" + key),
            second.minusSeconds(1),
            content);
    catalog
        .versions()
        .record(
            scan.number(),
            Optional.empty(),
            List.of(new KeyChange(new ObjectKey(key), List.of(entry), List.of())),
            Long.MAX_VALUE);
    catalog.scans().complete(scan.number(), second, 1, 1);
    return second;
  }

  void put(String key, String content) throws StorageException {
    put(primary, key, content.getBytes(UTF_8));
  }

  void put(ObjectStore store, String key, byte[] content) throws StorageException {
    var meta = new TreeMap<String, String>();
    meta.put("owner", "owner of " + key);
    var attributes =
        new ObjectAttributes(
            Optional.of("image/jpeg"),
            Optional.empty(),
            Optional.of("attachment"),
            Optional.empty(),
            Optional.of("max-age=60"),
            Optional.empty(),
            Optional.empty(),
            meta,
            new TreeMap<>());
    store.put(
        new PutRequest(
            new ObjectKey(key), attributes, WriteBody.Buffered.of(content), WriteCondition.ALWAYS));
  }

  void delete(String key) throws StorageException {
    primary.delete(new ObjectKey(key), WriteCondition.ALWAYS);
  }

  /// The key's content, `-` when it has none.
  String content(String key) throws Exception {
    return content(primary, key);
  }

  static String content(ObjectStore store, String key) throws Exception {
    try (var body = store.open(new ObjectKey(key), Revision.CURRENT, new ByteRange.All())) {
      return new String(body.stream().readAllBytes(), UTF_8);
    } catch (StorageException.NotFound _) {
      return "-";
    }
  }

  ObjectAttributes attributes(String key) throws StorageException {
    return primary.head(new ObjectKey(key), Revision.CURRENT).attributes();
  }

  /// Versions and markers of a key, newest first.
  List<ListedVersion> versions(String key) throws StorageException {
    return versions(primary, key);
  }

  static List<ListedVersion> versions(ObjectStore store, String key) throws StorageException {
    return store
        .listVersions(new ListingRequest(key, ListingRequest.Position.BEGINNING, 1000))
        .entries()
        .stream()
        .filter(version -> version.key().value().equals(key))
        .toList();
  }

  /// Removes the bytes of all versions of a key at the primary, for good.
  void purge(String key) throws StorageException {
    for (var version : versions(key)) {
      primary.deleteVersion(version.key(), version.versionId());
    }
  }

  static boolean isContent(ListedVersion version) {
    return version.entry() instanceof Entry.Content;
  }

  static RestorePlan.Request key(String key, Instant at) {
    return request(RestoreScope.keys(List.of(new ObjectKey(key))), at, false);
  }

  static RestorePlan.Request prefix(String prefix, Instant at, boolean deleteExtra) {
    return request(RestoreScope.prefix(prefix), at, deleteExtra);
  }

  static RestorePlan.Request undelete(RestoreScope scope) {
    return RestorePlan.Request.of(new RestoreGoal.Undelete(Optional.empty()), scope);
  }

  static RestorePlan.Request request(RestoreScope scope, Instant at, boolean deleteExtra) {
    return RestorePlan.Request.of(new RestoreGoal.AsOf(Optional.of(at)), scope)
        .withRules(RestoreRules.DEFAULT.withDeleteExtra(deleteExtra));
  }

  /// Plans, confirms with the bucket's name and waits for the end.
  Restore run(Restores restores, RestorePlan.Request request) throws Exception {
    return run(restores, restores.plan(request).id());
  }

  Restore run(Restores restores, String planId) throws Exception {
    var restore = restores.apply(planId, Optional.of(primary.bucket()));
    return end(restores, restore.id());
  }

  static Restore end(Restores restores, String restoreId) throws InterruptedException {
    var ended = restores.await(restoreId, Duration.ofSeconds(60)).orElseThrow();
    if (!ended.state().ended()) {
      throw new AssertionError("still " + ended);
    }
    return ended;
  }

  @Override
  public void close() {
    sync.close();
    catalog.close();
    targets.close();
    primary.close();
    b2.close();
    disk.close();
  }
}
