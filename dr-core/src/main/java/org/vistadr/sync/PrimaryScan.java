package org.vistadr.sync;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.KeyRange;
import org.vistadr.model.Regime;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// One complete reading of the primary's listing, by key ranges in parallel. It counts as complete
/// only when every range was listed to its end; otherwise what it found stays recorded and nothing
/// else is concluded.
final class PrimaryScan {

  private static final Logger LOG = LoggerFactory.getLogger(PrimaryScan.class);

  private final Catalog catalog;
  private final ObjectStore primary;
  private final KeyLooks looks;
  private final SyncSettings settings;
  private final SyncListener listener;
  private final InstantSource clock;
  private final AtomicBoolean stopped;
  private final ScanJudge judge;
  private final RandomGenerator random;

  PrimaryScan(
      Catalog catalog,
      ObjectStore primary,
      KeyLooks looks,
      SyncSettings settings,
      SyncListener listener,
      InstantSource clock,
      AtomicBoolean stopped,
      ScanJudge judge,
      RandomGenerator random) {
    this.catalog = catalog;
    this.primary = primary;
    this.looks = looks;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.stopped = stopped;
    this.judge = judge;
    this.random = random;
  }

  ScanReport run() throws StorageException {
    BucketState bucket = primary.bucketState();
    judge.beforeScan();
    Optional<Regime> regimeBefore = catalog.scans().lastComplete().map(ScanLog.Scan::regime);
    List<KeyRange> ranges =
        ScanRanges.plan(catalog, primary, looks.listingsAreTorn() ? 1 : settings.scanRanges());
    looks.forgetAnnounced();
    KeyFilter filter = new KeyFilter(settings.exclude());
    catalog.rangeDigests().begin(Stretches.rules(bucket.regime(), filter));
    ScanLog.Scan scan = catalog.scans().begin(bucket.serverTime(), bucket.regime());
    AtomicBoolean failed = new AtomicBoolean();
    RangeScan.Context context =
        new RangeScan.Context(
            catalog,
            primary,
            looks,
            filter,
            listener,
            () -> stopped.get() || failed.get(),
            scan.number(),
            scan.startedAt(),
            bucket.regime(),
            catalog.rangeDigests().hash(random));
    try {
      List<RangeScan.Result> results = runAll(context, ranges, failed);
      requireNothingLeftOut(results, bucket.regime());
      requireSameRegime(bucket);
      RangeScan.Tally tally =
          results.stream()
              .map(RangeScan.Result::tally)
              .reduce(RangeScan.Tally.NONE, RangeScan.Tally::plus);
      catalog.scans().complete(scan.number(), clock.instant(), tally.keys(), tally.versions());
      List<BrakeReason> reasons = judge.judge(scan, regimeBefore, tally);
      LOG.info(
          "scan={} complete regime={} ranges={} keys={} versions={} appended={} purged={}",
          scan.number(),
          bucket.regime(),
          ranges.size(),
          tally.keys(),
          tally.versions(),
          tally.appended(),
          tally.purged());
      return new ScanReport(
          scan.number(),
          scan.startedAt(),
          bucket.regime(),
          tally.keys(),
          tally.versions(),
          tally.appended(),
          tally.purged(),
          reasons);
    } catch (StorageException | RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      catalog.scans().abandon(scan.number(), clock.instant(), reason);
      LOG.warn("scan={} incomplete reason=\"{}\"", scan.number(), reason);
      throw e;
    }
  }

  /// A bucket whose versioning was switched while it was listed was read partly in the wrong way.
  private void requireSameRegime(BucketState before) throws StorageException {
    BucketState after = primary.bucketState();
    if (after.regime() != before.regime()) {
      throw new StorageException.Unproved(
          primary.site(),
          "GetBucketVersioning",
          "versioning changed from %s to %s during the scan"
              .formatted(before.regime(), after.regime()));
    }
  }

  private void requireNothingLeftOut(List<RangeScan.Result> results, Regime regime)
      throws StorageException {
    for (RangeSeams.Doubt doubt :
        RangeSeams.of(results.stream().map(RangeScan.Result::listed).toList())) {
      looks.requireListed(doubt.key(), doubt.range(), regime);
    }
  }

  private static List<RangeScan.Result> runAll(
      RangeScan.Context context, List<KeyRange> ranges, AtomicBoolean failed)
      throws StorageException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<RangeScan.Result>> running = new ArrayList<>();
      for (KeyRange range : ranges) {
        running.add(
            threads.submit(() -> {
              try {
                return new RangeScan(context, range).run();
              } catch (StorageException | RuntimeException e) {
                failed.set(true);
                throw e;
              }
            }));
      }
      return all(running);
    }
  }

  private static List<RangeScan.Result> all(List<Future<RangeScan.Result>> running)
      throws StorageException {
    List<RangeScan.Result> results = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (Future<RangeScan.Result> range : running) {
      try {
        results.add(range.get());
      } catch (ExecutionException e) {
        failures.add(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RangeScan.ScanStoppedException();
      }
    }
    // The range that failed first stopped the others; its reason is the one to tell.
    for (Throwable failure : failures) {
      if (failure instanceof StorageException storage) {
        throw storage;
      }
    }
    for (Throwable failure : failures) {
      if (!(failure instanceof RangeScan.ScanStoppedException)) {
        throw new IllegalStateException("scanning failed: " + failure.getMessage(), failure);
      }
    }
    if (!failures.isEmpty()) {
      throw new RangeScan.ScanStoppedException();
    }
    return results;
  }
}
