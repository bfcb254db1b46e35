package org.vistadr.server.engine;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.CatalogHolder;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Brake;
import org.vistadr.protect.BucketConfigs;
import org.vistadr.protect.ConfigRestores;
import org.vistadr.protect.LegalHolds;
import org.vistadr.protect.Locks;
import org.vistadr.protect.Prune;
import org.vistadr.protect.PruneListener;
import org.vistadr.protect.PruneSettings;
import org.vistadr.protect.Retention;
import org.vistadr.protect.Scrub;
import org.vistadr.restore.Restores;
import org.vistadr.restore.drill.Drills;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.restore.source.Sources;
import org.vistadr.restore.target.AllowedDirectories;
import org.vistadr.restore.target.RestorePlaces;
import org.vistadr.restore.target.TargetStores;
import org.vistadr.segments.SegmentWriter;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.config.DrillSection;
import org.vistadr.server.config.Prices;
import org.vistadr.server.config.RestoreSection;
import org.vistadr.server.config.Sites;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.RequestObserver;
import org.vistadr.storage.SiteConfig;
import org.vistadr.sync.Secondary;
import org.vistadr.sync.SyncListener;
import org.vistadr.sync.SyncSettings;
import org.vistadr.sync.Synchronizer;

/// What runs: the catalog, a store for each site and the synchronizer, opened from a configuration
/// and closed in the right order. Opening talks to no site, so a daemon starts while all of them
/// are down. Safe for use by many threads.
public final class Engine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /// Size of a catalog segment at most, about; bytes.
  private static final long SEGMENT_SIZE = 4L << 20;

  private final Sites sites;
  private final Path directory;
  private final Catalog catalog;
  private final SequencedMap<SiteName, ObjectStore> stores;
  private final TargetStores targets;
  private final Synchronizer synchronizer;
  private final Restores restores;
  private final Brake brake;
  private final Scrub scrub;
  private final BucketConfigs bucketConfigs;
  private final ConfigRestores configRestores;
  private final Locks locks;
  private final LegalHolds legalHolds;
  private final DrillSection drillSettings;
  private final Drills drills;
  private final Map<SiteName, SegmentWriter> segments;
  private final Prune prune;
  private volatile PruneListener pruned = PruneListener.NONE;
  private final Clock clock;

  private Engine(
      Sites sites,
      Path directory,
      Catalog catalog,
      SequencedMap<SiteName, ObjectStore> stores,
      TargetStores targets,
      Synchronizer synchronizer,
      Restores restores,
      Map<SiteName, SegmentWriter> segments,
      DrillSection drillSettings,
      Drills drills,
      PruneKeys pruneKeys,
      Duration verifiedWithin,
      BucketConfigs bucketConfigs,
      Clock clock) {
    this.sites = sites;
    this.directory = directory;
    this.catalog = catalog;
    this.stores = stores;
    this.targets = targets;
    this.synchronizer = synchronizer;
    this.restores = restores;
    this.brake =
        new Brake(
            catalog,
            sites.secondaries().stream().map(secondary -> secondary.site().name()).toList(),
            clock);
    this.scrub = new Scrub(catalog, stores.firstEntry().getValue(), stores, clock);
    this.bucketConfigs = bucketConfigs;
    PruneSettings retention = pruneSettings(sites, verifiedWithin);
    this.locks = locks(catalog, sites, stores, retention, clock);
    this.legalHolds =
        new LegalHolds(
            catalog,
            sites.secondaries().stream()
                .map(Sites.Secondary::site)
                .filter(site -> site.lock().filter(ObjectLock::legalHold).isPresent())
                .map(SiteConfig::name)
                .collect(Collectors.toMap(name -> name, name -> requireNonNull(stores.get(name)))),
            clock);
    this.configRestores =
        new ConfigRestores(
            catalog,
            sites.secondaries().stream()
                .map(secondary -> secondary.site().name())
                .collect(Collectors.toSet()),
            clock);
    this.drillSettings = drillSettings;
    this.drills = drills;
    this.segments = segments;
    this.prune =
        new Prune(
            catalog,
            retention,
            stores.firstEntry().getValue(),
            stores,
            pruneKeys,
            secondary -> pruned.pruned(secondary),
            clock,
            new SecureRandom());
    this.clock = clock;
  }

  /// Opens the catalog and everything on top of it.
  ///
  /// @param requests told of every request to a site
  /// @param listener told of the progress of scanning and replicating
  /// @param use told to others that find the catalog in use
  public static Engine open(
      DaemonConfiguration configuration,
      Sites sites,
      RequestObserver requests,
      SyncListener listener,
      Clock clock,
      CatalogHolder.Use use) {
    Path directory = configuration.store().path().toAbsolutePath();
    Catalog catalog = Catalog.open(directory, clock, use);
    SequencedMap<SiteName, ObjectStore> stores = new LinkedHashMap<>();
    TargetStores targets =
        new TargetStores(sites.named(), site -> ObjectStores.open(site, clock, requests));
    try {
      for (SiteConfig site : sites.all()) {
        stores.put(site.name(), ObjectStores.open(site, clock, requests));
      }
      catalog.declareSecondaries(
          sites.secondaries().stream().map(secondary -> secondary.site().name()).toList());
      catalog.runs().closeInterrupted(clock.instant());
      List<ObjectStore> secondaries = new ArrayList<>(stores.sequencedValues());
      ObjectStore primary = secondaries.removeFirst();
      Synchronizer synchronizer =
          new Synchronizer(
              catalog,
              primary,
              sites.secondaries().stream()
                  .map(secondary ->
                      new Secondary(
                          requireNonNull(stores.get(secondary.site().name())),
                          secondary.storageClass(),
                          secondary.copiesAtOnce()))
                  .toList(),
              settings(configuration),
              listener,
              clock,
              new Random());
      Restores restores =
          new Restores(
              catalog,
              new RestorePlaces(
                  primary, secondaries, targets, directories(configuration.restore())),
              settings(configuration.restore()).withPrices(Prices.of(configuration, sites)),
              clock,
              new SecureRandom(),
              new CatalogRefresh(synchronizer));
      Map<SiteName, SegmentWriter> segments = new LinkedHashMap<>();
      for (ObjectStore secondary : secondaries) {
        segments.put(
            secondary.site(),
            new SegmentWriter(
                catalog.segments(), secondary, directory, SEGMENT_SIZE, clock, new Random()));
      }
      DrillSection drill = configuration.drill();
      Drills drills =
          new Drills(
              catalog,
              restores.views(),
              new Sources(catalog, primary, secondaries),
              secondaries.stream().map(ObjectStore::site).toList(),
              directory,
              new Drills.Settings(
                  drill.sample(), drill.bytes(), configuration.restore().parallelism()),
              clock,
              new Random());
      return new Engine(
          sites,
          directory,
          catalog,
          stores,
          targets,
          synchronizer,
          restores,
          segments,
          drill,
          drills,
          new PruneKeys(sites, site -> ObjectStores.open(site, clock, requests)),
          configuration.protection().verify().maxAge(),
          new BucketConfigs(
              catalog,
              primary,
              configuration.protection().brake().limits(),
              configuration.protection().bucketConfig().settings(),
              clock),
          clock);
    } catch (RuntimeException e) {
      stores.values().forEach(ObjectStore::close);
      catalog.close();
      throw e;
    }
  }

  /// The sites as configured.
  public Sites sites() {
    return sites;
  }

  /// The directory of the catalog.
  public Path directory() {
    return directory;
  }

  /// The catalog.
  public Catalog catalog() {
    return catalog;
  }

  /// The synchronizer.
  public Synchronizer synchronizer() {
    return synchronizer;
  }

  /// Restores and views.
  public Restores restores() {
    return restores;
  }

  /// What people do about held deletions.
  public Brake brake() {
    return brake;
  }

  /// Looks at replicas again.
  public Scrub scrub() {
    return scrub;
  }

  /// What the primary's bucket is set to.
  public BucketConfigs bucketConfigs() {
    return bucketConfigs;
  }

  /// Sets buckets to what was saved.
  public ConfigRestores configRestores() {
    return configRestores;
  }

  /// Keeps copies locked.
  public Locks locks() {
    return locks;
  }

  /// Legal holds for what people hold.
  public LegalHolds legalHolds() {
    return legalHolds;
  }

  /// Rehearses restores.
  public Drills drills() {
    return drills;
  }

  /// Retention.
  public Prune prune() {
    return prune;
  }

  /// Has somebody told when retention removed something.
  public void onPruned(PruneListener listener) {
    pruned = listener;
  }

  /// How drills are configured.
  public DrillSection drillSettings() {
    return drillSettings;
  }

  /// Tells a secondary what the catalog knows.
  public SegmentWriter segments(SiteName secondary) {
    return requireNonNull(segments.get(secondary));
  }

  /// The daemon's clock.
  public Clock clock() {
    return clock;
  }

  /// The protected bucket.
  public ObjectStore primary() {
    return stores.firstEntry().getValue();
  }

  /// A site's store; empty when there is no such site.
  public Optional<ObjectStore> store(SiteName site) {
    return Optional.ofNullable(stores.get(site));
  }

  /// The store of a site or of another target that is configured; empty when there is none.
  public Optional<ObjectStore> anySite(String name) {
    return sites.named().stream()
        .map(SiteConfig::name)
        .filter(site -> site.value().equals(name))
        .findFirst()
        .flatMap(site -> store(site).or(() -> targets.store(site, Optional.empty())));
  }

  /// All stores, the primary first.
  public Map<SiteName, ObjectStore> stores() {
    return java.util.Collections.unmodifiableMap(stores);
  }

  /// A secondary by its name.
  public Optional<Sites.Secondary> secondary(String name) {
    return sites.secondaries().stream()
        .filter(secondary -> secondary.site().name().value().equals(name))
        .findFirst();
  }

  /// Takes up no new work and waits for copies in flight. Status can still be asked.
  public void stopWork() {
    closing("prune", prune);
    closing("drills", drills);
    closing("locks", locks);
    closing("legal holds", legalHolds);
    closing("scrub", scrub);
    closing("restores", restores);
    closing("synchronizer", synchronizer);
  }

  /// Closes stores and catalog, after [#stopWork].
  @Override
  public void close() {
    closing("targets", targets);
    stores.forEach((site, store) -> closing(site.value(), store));
    closing("catalog", catalog);
  }

  private static void closing(String what, AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.warn("cannot close what={} error={}", what, e.toString());
    }
  }

  private static PruneSettings pruneSettings(Sites sites, Duration verifiedWithin) {
    SortedMap<SiteName, PruneSettings.Site> settings = new TreeMap<>();
    sites
        .secondaries()
        .forEach(secondary ->
            settings.put(
                secondary.site().name(),
                new PruneSettings.Site(secondary.retention(), secondary.objective())));
    return new PruneSettings(settings, verifiedWithin);
  }

  private static Locks locks(
      Catalog catalog,
      Sites sites,
      Map<SiteName, ObjectStore> stores,
      PruneSettings retention,
      Clock clock) {
    Map<SiteName, Locks.Locked> locked = new LinkedHashMap<>();
    for (Sites.Secondary secondary : sites.secondaries()) {
      SiteName name = secondary.site().name();
      secondary
          .site()
          .lock()
          .ifPresent(
              lock -> locked.put(name, new Locks.Locked(requireNonNull(stores.get(name)), lock)));
    }
    return new Locks(catalog, locked, Retention.of(catalog, retention, clock), clock);
  }

  private static SyncSettings settings(DaemonConfiguration configuration) {
    SyncSettings defaults = SyncSettings.DEFAULT;
    return new SyncSettings(
        defaults.scanRanges(),
        defaults.copiesAtOnce(),
        defaults.bufferLimit(),
        defaults.bufferBudget(),
        defaults.multipartAbove(),
        defaults.giveUpAfter(),
        configuration.primary().orElseThrow().exclude(),
        configuration.protection().brake().limits());
  }

  private static AllowedDirectories directories(RestoreSection section) {
    return new AllowedDirectories(
        Optional.of(section.directories().stream().map(Path::of).toList()));
  }

  private static RestoreSettings settings(RestoreSection section) {
    return RestoreSettings.DEFAULT
        .withParallelism(section.parallelism())
        .withConfirmAbove(
            new RestoreSettings.ConfirmAbove(
                section.confirmAbove().objects(),
                section.confirmAbove().bytes(),
                section.confirmAbove().overwrites()))
        .withThaw(
            new RestoreSettings.Thaw(
                section.thawDays(),
                RestoreSettings.Thaw.DEFAULT.firstLook(),
                RestoreSettings.Thaw.DEFAULT.tick()));
  }
}
