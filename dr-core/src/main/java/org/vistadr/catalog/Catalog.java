package org.vistadr.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.model.SiteName;

/// Our append-only record of every version seen and of where its bytes are: an embedded H2 file.
///
/// What a method of the catalog or of one of its parts has returned from is on disk and survives
/// `kill -9` (`WRITE_DELAY=0`). Times are UTC. Keys are bytes, compared as bytes. Safe for use by
/// many threads; writes are short transactions. Programming errors and broken files are unchecked
/// [CatalogException]s.
public final class Catalog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Catalog.class);

  private final CatalogDirectory directory;
  private final Store store;
  private final Secondaries secondaries;
  private final VersionLog versions;
  private final ScanLog scans;
  private final ReplicationQueue queue;
  private final ReplicaLog replicas;
  private final RunLog runs;
  private final RestoreLog restores;
  private final ThawLog thaws;
  private final PlanSums planSums;
  private final RestoreCourse course;
  private final RepeatedRequests requests;
  private final RestoreReports reports;
  private final Reach reach;
  private final BrakeLog brake;
  private final HeldRows held;
  private final OverwriteLog overwrites;
  private final AuditLog audit;
  private final FindingLog findings;
  private final ScrubLog scrub;
  private final DrillLog drills;
  private final SegmentLog segments;
  private final CheckpointLog checkpoints;
  private final HoldLog holds;
  private final PruneLog prunes;
  private final BucketConfigLog bucketConfig;
  private final LockLog locks;
  private final LegalHoldLog legalHolds;
  private final RangeDigests rangeDigests;

  private Catalog(
      CatalogDirectory directory, Store store, Generation generation, InstantSource clock) {
    this.directory = directory;
    this.store = store;
    secondaries = new Secondaries(store, clock);
    rangeDigests = new RangeDigests(store);
    versions = new VersionLog(store, rangeDigests);
    scans = new ScanLog(store, generation);
    queue = new ReplicationQueue(store, secondaries);
    replicas = new ReplicaLog(store, secondaries);
    runs = new RunLog(store);
    restores = new RestoreLog(store);
    thaws = new ThawLog(store);
    planSums = new PlanSums(store);
    course = new RestoreCourse(store);
    requests = new RepeatedRequests(store);
    reports = new RestoreReports(store);
    reach = new Reach(store);
    brake = new BrakeLog(store);
    held = new HeldRows(store, secondaries);
    overwrites = new OverwriteLog(store);
    audit = new AuditLog(store);
    findings = new FindingLog(store, secondaries);
    scrub = new ScrubLog(store, secondaries, findings);
    drills = new DrillLog(store, secondaries);
    segments = new SegmentLog(store, secondaries, generation);
    checkpoints = new CheckpointLog(store);
    holds = new HoldLog(store);
    prunes = new PruneLog(store, secondaries);
    bucketConfig = new BucketConfigLog(store);
    locks = new LockLog(store, secondaries);
    legalHolds = new LegalHoldLog(store, secondaries);
  }

  /// Opens the catalog in a directory and creates or migrates it. Before a migration the file is
  /// copied beside itself.
  ///
  /// @param directory created when missing; holds `catalog.mv.db`, copies made before migrations
  ///   and the generation file by which a catalog that went back in time is noticed
  /// @throws CatalogException when another process has it open, when it was written by a newer
  ///   version (the message names the file to go back with), or when the generation file knows a
  ///   later state
  public static Catalog open(Path directory, Clock clock) {
    return open(directory, clock, CatalogHolder.Use.DAEMON);
  }

  /// As [#open(Path, Clock)].
  ///
  /// @param use told to others that find the catalog in use
  public static Catalog open(Path directory, Clock clock, CatalogHolder.Use use) {
    return open(directory, clock, use, "classpath:db/catalog");
  }

  /// Whether a catalog was ever opened in this directory.
  public static boolean exists(Path directory) {
    return Files.exists(directory.resolve(Store.NAME + ".mv.db"));
  }

  /// Opens with migrations from elsewhere too, for tests of migrations.
  static Catalog open(Path path, InstantSource clock, CatalogHolder.Use use, String... migrations) {
    CatalogDirectory directory = CatalogDirectory.claim(path, use);
    try {
      Generation.refuseMissing(directory);
      Store store = new Store(directory.path());
      try {
        new Schema(directory, store, migrations).bringUpToDate(clock);
        directory.restrictFiles();
        Generation generation = new Generation(directory, store);
        generation.begin();
        return new Catalog(directory, store, generation, clock);
      } catch (RuntimeException e) {
        store.closeAfter(e);
        throw e;
      }
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /// The open database, for the parts of this package and their tests.
  Store store() {
    return store;
  }

  /// Makes the secondaries known by name. A new one gets every version ever recorded into its queue
  /// (see [ReplicationQueue#backfill]); one that is no longer named keeps its records and is left
  /// alone.
  public void declareSecondaries(List<SiteName> names) {
    secondaries.declare(names);
  }

  /// Tells others that find the catalog in use where they may speak to its holder.
  ///
  /// @param address a URL
  public void listensAt(String address) {
    try {
      directory.sign(CatalogHolder.me(CatalogHolder.Use.DAEMON, Optional.of(address)));
    } catch (IOException e) {
      throw directory.failure("write who has the catalog", e);
    }
  }

  /// Histories of keys.
  public VersionLog versions() {
    return versions;
  }

  /// Ranges of keys that listed as the catalog has them.
  public RangeDigests rangeDigests() {
    return rangeDigests;
  }

  /// Scans of the primary.
  public ScanLog scans() {
    return scans;
  }

  /// What is waiting for each secondary.
  public ReplicationQueue queue() {
    return queue;
  }

  /// What is durable at each secondary.
  public ReplicaLog replicas() {
    return replicas;
  }

  /// Runs of tasks, and which tasks are paused.
  public RunLog runs() {
    return runs;
  }

  /// Restore plans and restores.
  public RestoreLog restores() {
    return restores;
  }

  /// What restores wait for in archives.
  public ThawLog thaws() {
    return thaws;
  }

  /// What plans add up, and how fast restores were.
  public PlanSums planSums() {
    return planSums;
  }

  /// The course of restores.
  public RestoreCourse course() {
    return course;
  }

  /// Requests that were made before.
  public RepeatedRequests requests() {
    return requests;
  }

  /// What is told of restores afterwards.
  public RestoreReports reports() {
    return reports;
  }

  /// Which moments the catalog can tell of.
  public Reach reach() {
    return reach;
  }

  /// What the brake decided.
  public BrakeLog brake() {
    return brake;
  }

  /// Deletions that are held.
  public HeldRows held() {
    return held;
  }

  /// What became of content that was overwritten.
  public OverwriteLog overwrites() {
    return overwrites;
  }

  /// Who changed what, and why.
  public AuditLog audit() {
    return audit;
  }

  /// What looking at replicas found.
  public FindingLog findings() {
    return findings;
  }

  /// How far replicas were looked at again.
  public ScrubLog scrub() {
    return scrub;
  }

  /// Rehearsals of restores.
  public DrillLog drills() {
    return drills;
  }

  /// What secondaries have of the catalog.
  public SegmentLog segments() {
    return segments;
  }

  /// Moments that people gave a name.
  public CheckpointLog checkpoints() {
    return checkpoints;
  }

  /// What is exempt from retention.
  public HoldLog holds() {
    return holds;
  }

  /// What retention removes.
  public PruneLog prunes() {
    return prunes;
  }

  /// What the primary's bucket was set to.
  public BucketConfigLog bucketConfig() {
    return bucketConfig;
  }

  /// How far locks were renewed.
  public LockLog locks() {
    return locks;
  }

  /// Legal holds at secondaries.
  public LegalHoldLog legalHolds() {
    return legalHolds;
  }

  /// Fills this catalog, which must be empty, with what another one knew.
  ///
  /// @throws CatalogException when it knows something already
  public CatalogImport fill() {
    return new CatalogImport(store, secondaries);
  }

  /// Whether it knows nothing: no version and no scan.
  public boolean isEmpty() {
    return store.read(handle ->
        handle
                .select("SELECT (SELECT COUNT(*) FROM version) + (SELECT COUNT(*) FROM scan)")
                .map((row, _) -> row.getLong(1))
                .one()
            == 0);
  }

  /// Bytes of the catalog file.
  public long fileSize() {
    try {
      return Files.size(directory.database());
    } catch (IOException e) {
      throw directory.failure("read the size of the catalog", e);
    }
  }

  /// Whether the store answers; false instead of an exception.
  public boolean answers() {
    try {
      return store.read(
          handle -> handle.select("SELECT 1").map((row, _) -> row.getInt(1)).one() == 1);
    } catch (RuntimeException e) {
      log.debug("the catalog does not answer", e);
      return false;
    }
  }

  @Override
  public void close() {
    try {
      store.close();
    } finally {
      directory.close();
    }
  }
}
