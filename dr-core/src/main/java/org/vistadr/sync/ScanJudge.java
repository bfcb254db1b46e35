package org.vistadr.sync;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.BrakeLog;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.BrakeReason;
import org.vistadr.model.BrakeRule;
import org.vistadr.model.BucketProof;
import org.vistadr.model.Regime;
import org.vistadr.model.ScanFindings;
import org.vistadr.model.Suspicion;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Judges what a scan saw, and what copies since the last one showed, before any deletion that it
/// found may go on. Of one scan.
final class ScanJudge {

  private static final Logger LOG = LoggerFactory.getLogger(ScanJudge.class);

  private final Catalog catalog;
  private final ObjectStore primary;
  private final BrakeLimits limits;
  private final ContentJudge content;
  private final InstantSource clock;
  private final BucketMark mark;
  private BucketMark.Found found = BucketMark.Found.MISSING;

  /// @param random draws the bucket's mark
  ScanJudge(
      Catalog catalog,
      ObjectStore primary,
      BrakeLimits limits,
      ContentJudge content,
      InstantSource clock,
      RandomGenerator random) {
    this.catalog = catalog;
    this.primary = primary;
    this.limits = limits;
    this.content = content;
    this.clock = clock;
    this.mark = new BucketMark(catalog.brake(), primary, random);
  }

  /// Proves that the bucket is not another one.
  ///
  /// @throws StorageException.Unproved when it is; the brake is engaged then
  void beforeScan() throws StorageException {
    if (!limits.watched().contains(Suspicion.OTHER_BUCKET)) {
      return;
    }
    found = mark.look();
    if (found == BucketMark.Found.ANOTHER) {
      List<BrakeReason> reasons =
          BrakeRule.decide(
              limits,
              findings(
                  catalog.brake().found(since()),
                  Optional.empty(),
                  Regime.VERSIONED,
                  1,
                  BucketProof.ANOTHER));
      catalog.brake().engage(clock.instant(), BucketProof.ANOTHER, reasons);
      throw new StorageException.Unproved(
          primary.site(),
          "GetObject",
          "another bucket answers to the name %s: its mark %s is not the one that was written"
              .formatted(primary.bucket(), BucketMark.KEY));
    }
  }

  /// Judges a complete scan.
  ///
  /// @return why the brake was engaged; none for a day's work
  List<BrakeReason> judge(ScanLog.Scan scan, Optional<Regime> regimeBefore, RangeScan.Tally tally)
      throws StorageException {
    BrakeLog.Found changes = catalog.brake().found(since());
    BucketProof proof = proof(tally.recognised() > 0 || changes.objectsBefore() == 0);
    List<BrakeReason> reasons =
        Stream.concat(
                BrakeRule.decide(
                    limits, findings(changes, regimeBefore, scan.regime(), tally.keys(), proof))
                    .stream(),
                content.judge().stream())
            .toList();
    catalog
        .brake()
        .judge(
            new BrakeLog.Judgement(scan.number(), clock.instant(), proof, reasons),
            changes,
            since());
    content.forget();
    for (BrakeReason reason : reasons) {
      LOG.error("brake engaged scan={} reason=\"{}\"", scan.number(), reason.detail());
    }
    if (proof == BucketProof.RECOGNISED
        && limits.watched().contains(Suspicion.OTHER_BUCKET)
        && !catalog.brake().state().engaged()) {
      mark.write(found);
    }
    return reasons;
  }

  private static ScanFindings findings(
      BrakeLog.Found changes,
      Optional<Regime> regimeBefore,
      Regime regime,
      long listed,
      BucketProof proof) {
    return new ScanFindings(
        changes.objectsBefore(),
        changes.window().deleted(),
        changes.window().overwritten(),
        changes.window().grown(),
        listed,
        regimeBefore,
        regime,
        proof);
  }

  private Instant since() {
    return clock.instant().minus(limits.window());
  }

  private BucketProof proof(boolean recognised) {
    return switch (found) {
      case OURS -> BucketProof.MARKED;
      case ANOTHER -> BucketProof.ANOTHER;
      case MISSING, SPOILED -> recognised ? BucketProof.RECOGNISED : BucketProof.UNRECOGNISED;
    };
  }
}
