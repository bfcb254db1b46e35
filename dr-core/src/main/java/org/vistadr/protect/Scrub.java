package org.vistadr.protect;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ScrubLog;
import org.vistadr.model.Finding;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Looks at replicas again, at three depths: that the secondary lists them and nothing else, what
/// the site says of each, and their bytes. A listing is a whole round. The other depths make rounds
/// over all replicas, a budget at a time, so that nothing is looked at twice before everything was
/// looked at once. Changes nothing at a secondary. Thread-safe; one run per secondary at a time.
public final class Scrub implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);
  private static final int PAGE = 200;

  private final Catalog catalog;
  private final Map<SiteName, ObjectStore> stores;
  private final boolean primaryTagIsMd5;
  private final Repairs repairs;
  private final InstantSource clock;
  private final AtomicBoolean stopped = new AtomicBoolean();

  /// A scrub that knows of the primary what the catalog knows.
  ///
  /// @param stores of the secondaries, by name
  public Scrub(Catalog catalog, Map<SiteName, ObjectStore> stores, InstantSource clock) {
    this(catalog, Optional.empty(), stores, clock);
  }

  /// @param primary asked whether it still has what is to be repaired
  /// @param stores of the secondaries, by name
  public Scrub(
      Catalog catalog,
      ObjectStore primary,
      Map<SiteName, ObjectStore> stores,
      InstantSource clock) {
    this(catalog, Optional.of(primary), stores, clock);
  }

  private Scrub(
      Catalog catalog,
      Optional<ObjectStore> primary,
      Map<SiteName, ObjectStore> stores,
      InstantSource clock) {
    this.catalog = catalog;
    this.stores = Map.copyOf(stores);
    this.primaryTagIsMd5 = primary.filter(store -> store.profile().etagIsMd5()).isPresent();
    this.repairs = new Repairs(catalog, primary, this.stores, clock);
    this.clock = clock;
  }

  /// Makes a listing, or goes on with the round of another depth until it is over or the budget is
  /// used up.
  ///
  /// @param budget objects at checksum, bytes at read-back; a listing has none
  /// @throws StorageException when the secondary does not answer, or its listing proves nothing;
  ///   what was looked at one by one counts
  public Report run(SiteName secondary, ScrubDepth depth, long budget) throws StorageException {
    ObjectStore store = store(secondary);
    Regime regime = store.bucketState().regime();
    ReplicaLook look = new ReplicaLook(catalog, store, regime, primaryTagIsMd5, clock);
    try {
      long unproved = repairs.prove(secondary, look);
      Report report =
          depth == ScrubDepth.LISTING
              ? new ListingRound(catalog, store, regime, look, clock, stopped::get).run()
              : goOn(secondary, depth, budget, look);
      LOG.info(
          "scrub secondary={} depth={} objects={} compared={} bytes={} findings={} extra={}",
          secondary,
          depth,
          report.objects(),
          report.compared(),
          report.bytes(),
          report.findings() + unproved,
          report.extra());
      return report.plusFindings(unproved);
    } finally {
      SwapSearch.run(catalog, secondary);
    }
  }

  private Report goOn(SiteName secondary, ScrubDepth depth, long budget, ReplicaLook look)
      throws StorageException {
    ScrubLog.Tally all = ScrubLog.Tally.NONE;
    long findings = 0;
    while (!stopped.get() && used(depth, all) < budget) {
      List<RecordedVersion> page = catalog.scrub().next(secondary, depth, clock.instant(), PAGE);
      if (page.isEmpty()) {
        catalog.scrub().endRound(secondary, depth);
        break;
      }
      ScrubLog.Tally tally = ScrubLog.Tally.NONE;
      long through = 0;
      try {
        for (RecordedVersion version : page) {
          if (stopped.get() || used(depth, all.plus(tally)) >= budget) {
            break;
          }
          ReplicaLook.Seen seen = look.twice(depth, version);
          findings += seen.wrong().isPresent() ? 1 : 0;
          tally =
              tally.plus(
                  new ScrubLog.Tally(
                      1,
                      version.entry().bytes(),
                      seen.compared() ? 1 : 0,
                      seen.compared() ? 0 : 1));
          through = version.id();
        }
      } finally {
        if (through > 0) {
          catalog.scrub().looked(secondary, depth, through, tally);
        }
      }
      all = all.plus(tally);
    }
    return new Report(all, findings, 0, all.objects());
  }

  private static long used(ScrubDepth depth, ScrubLog.Tally tally) {
    return depth == ScrubDepth.READ_BACK ? tally.bytes() : tally.objects();
  }

  /// Ends runs after the object that they are at.
  @Override
  public void close() {
    stopped.set(true);
  }

  /// Has a replica copied again that was found to be not what it should be.
  ///
  /// @param who asked for it
  /// @throws StorageException when the primary cannot tell whether it has the version
  public Repair repair(Finding finding, String who) throws StorageException {
    return repairs.repair(finding, who);
  }

  /// Lets something extra be as it is. A wrong copy only when nobody has a good one: it is waived
  /// then, so that nothing relies on it.
  ///
  /// @param who decided it
  /// @param reason why, for the record
  /// @return empty when it is done, else why not, in one sentence
  /// @throws StorageException when the primary cannot tell whether it has the version
  public Optional<String> acknowledge(Finding finding, String reason, String who)
      throws StorageException {
    return repairs.acknowledge(finding, reason, who);
  }

  private ObjectStore store(SiteName secondary) {
    ObjectStore store = stores.get(secondary);
    if (store == null) {
      throw new IllegalArgumentException("there is no secondary " + secondary);
    }
    return store;
  }

  /// What a run did.
  ///
  /// @param tally what was looked at
  /// @param findings replicas that are not as they should be
  /// @param extra entries of a listing that no replica knows
  /// @param looks requests about single objects, without second looks
  public record Report(ScrubLog.Tally tally, long findings, long extra, long looks) {

    /// Replicas looked at.
    public long objects() {
      return tally.objects();
    }

    /// Their bytes.
    public long bytes() {
      return tally.bytes();
    }

    /// Those of which something could be compared.
    public long compared() {
      return tally.compared();
    }

    Report plusFindings(long more) {
      return new Report(tally, findings + more, extra, looks);
    }
  }
}
