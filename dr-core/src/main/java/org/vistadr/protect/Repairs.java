package org.vistadr.protect;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.FindingLog;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.AuditEvent;
import org.vistadr.model.Entry;
import org.vistadr.model.Finding;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;

/// Has replicas copied again that were found to be wrong, from any good copy, and proves what came
/// of it. Copying is replication's: the order of a key's versions and the layout are kept there.
/// Thread-safe.
final class Repairs {

  private static final int PAGE = 200;

  private final Catalog catalog;
  private final Optional<ObjectStore> primary;
  private final Map<SiteName, ObjectStore> secondaries;
  private final InstantSource clock;

  /// @param primary asked whether it has a version still; empty where only the catalog is to tell
  Repairs(
      Catalog catalog,
      Optional<ObjectStore> primary,
      Map<SiteName, ObjectStore> secondaries,
      InstantSource clock) {
    this.catalog = catalog;
    this.primary = primary;
    this.secondaries = secondaries;
    this.clock = clock;
  }

  /// Takes a replica back that is wrong, so that it is copied again, if there is a good copy.
  ///
  /// @throws StorageException when the primary cannot tell whether it has the version
  Repair repair(Finding finding, String who) throws StorageException {
    if (finding.kind() == Finding.Kind.EXTRA) {
      return new Repair.NotACopy();
    }
    RecordedVersion version = catalog.versions().find(finding.versionId()).orElseThrow();
    Optional<SiteName> from = goodCopy(version, finding.secondary());
    if (from.isEmpty()) {
      return new Repair.NoGoodCopy(lastGood(version));
    }
    if (catalog.replicas().find(finding.secondary(), version.id()).isPresent()) {
      catalog.replicas().refute(finding.secondary(), version.id(), "scrub: " + finding.detail());
    } else if (!catalog.replicas().wantAgain(finding.secondary(), version.id())) {
      return new Repair.NotWanted();
    }
    catalog.findings().move(finding.id(), Finding.State.BEING_REPAIRED, Optional.empty());
    catalog.findings().copiedFrom(finding.secondary(), version.id(), from.get());
    audit(
        finding,
        who,
        "finding-repaired",
        "",
        "from %s: %s".formatted(from.get(), finding.detail()));
    return new Repair.Copying(from.get());
  }

  /// Lets something extra be as it is, or gives a copy up that nobody has any more: it is waived
  /// then.
  ///
  /// @return empty when it is done, else why not
  Optional<String> acknowledge(Finding finding, String reason, String who) throws StorageException {
    if (finding.isWrong()) {
      Optional<String> refused = giveUp(finding, reason);
      if (refused.isPresent()) {
        return refused;
      }
    }
    catalog.findings().acknowledge(finding.id(), reason, clock.instant());
    audit(finding, who, "finding-acknowledged", reason, finding.detail());
    return Optional.empty();
  }

  private Optional<String> giveUp(Finding finding, String reason) throws StorageException {
    SiteName secondary = finding.secondary();
    RecordedVersion version = catalog.versions().find(finding.versionId()).orElseThrow();
    if (goodCopy(version, secondary).isPresent()) {
      return Optional.of("there is a good copy of it, so it can be repaired");
    }
    boolean others =
        catalog.queue().ofKey(secondary, version.key()).stream()
            .anyMatch(
                row -> row.state() == ReplicaState.GIVEN_UP && row.version().id() != version.id());
    if (others) {
      return Optional.of("other versions of %s are given up there".formatted(version.key()));
    }
    if (catalog.replicas().find(secondary, version.id()).isPresent()) {
      catalog.replicas().refute(secondary, version.id(), "scrub: " + finding.detail());
    }
    catalog
        .queue()
        .settle(
            secondary,
            List.of(new ReplicationQueue.Outcome.GivenUp(version.id(), finding.detail())));
    catalog.queue().waive(secondary, version.key(), reason);
    return Optional.empty();
  }

  private void audit(Finding finding, String who, String action, String reason, String detail) {
    catalog
        .audit()
        .add(
            AuditEvent.of(
                clock.instant(),
                who,
                action,
                "%s %s".formatted(finding.secondary(), finding.key()),
                reason,
                detail));
  }

  /// The site to copy from: the primary as long as it has the version, else a secondary whose
  /// replica has its hash and is not a finding itself.
  private Optional<SiteName> goodCopy(RecordedVersion version, SiteName target)
      throws StorageException {
    if (version.entry() instanceof Entry.DeleteMarker || primaryHas(version)) {
      return Optional.of(SiteName.PRIMARY);
    }
    return elsewhere(version, target);
  }

  private Optional<SiteName> elsewhere(RecordedVersion version, SiteName target) {
    return version.sha256().isEmpty()
        ? Optional.empty()
        : catalog.replicas().everywhere(version.id()).stream()
            .map(ReplicaLog.Replica::secondary)
            .filter(site -> !site.equals(target) && secondaries.containsKey(site))
            .filter(site -> !catalog.findings().isOpen(site, version.id()))
            .findFirst();
  }

  /// The catalog knows of a loss only since the last scan.
  private boolean primaryHas(RecordedVersion version) throws StorageException {
    if (version.purgedInScan().isPresent()
        || !(version.entry() instanceof Entry.Content(String etag, long size, _))) {
      return false;
    }
    if (primary.isEmpty()) {
      return true;
    }
    Revision revision =
        version.versionId().isNull()
            ? new Revision.Matching(etag)
            : new Revision.Version(version.versionId());
    try {
      return primary.get().head(version.key(), revision).size() == size;
    } catch (StorageException.NotFound | StorageException.PreconditionFailed _) {
      return false;
    }
  }

  /// The newest earlier version of the key with content that a site has, as far as is known.
  private Optional<Repair.Version> lastGood(RecordedVersion lost) throws StorageException {
    for (RecordedVersion version : catalog.versions().history(lost.key()).newestFirst()) {
      if (version.rank() < lost.rank() && version.entry() instanceof Entry.Content) {
        Optional<SiteName> site =
            primaryHas(version)
                ? Optional.of(SiteName.PRIMARY)
                : catalog.replicas().everywhere(version.id()).stream()
                    .map(ReplicaLog.Replica::secondary)
                    .filter(name -> secondaries.containsKey(name))
                    .filter(name -> !catalog.findings().isOpen(name, version.id()))
                    .findFirst();
        if (site.isPresent()) {
          return Optional.of(new Repair.Version(version.key(), version.effectiveAt(), site.get()));
        }
      }
    }
    return Optional.empty();
  }

  /// Reads back what was copied again since. What could not be copied is open again, and says why.
  ///
  /// @return what is still wrong
  long prove(SiteName secondary, ReplicaLook look) throws StorageException {
    long findings = 0;
    long after = 0;
    for (List<Finding> page = beingRepaired(after); !page.isEmpty(); page = beingRepaired(after)) {
      for (Finding finding : page) {
        after = finding.id();
        if (finding.secondary().equals(secondary)) {
          findings += isProved(finding, look) ? 0 : 1;
        }
      }
    }
    return findings;
  }

  private List<Finding> beingRepaired(long after) {
    return catalog
        .findings()
        .list(Finding.State.BEING_REPAIRED, FindingLog.Concern.COPIES, after, PAGE);
  }

  private boolean isProved(Finding finding, ReplicaLook look) throws StorageException {
    RecordedVersion version = catalog.versions().find(finding.versionId()).orElseThrow();
    if (catalog.replicas().find(finding.secondary(), version.id()).isEmpty()) {
      return isOnItsWay(finding, version);
    }
    ReplicaLook.Seen seen = look.twice(ScrubDepth.READ_BACK, version);
    if (seen.wrong().isPresent()) {
      return false;
    }
    catalog.findings().move(finding.id(), Finding.State.REPAIRED, Optional.of(clock.instant()));
    return true;
  }

  private boolean isOnItsWay(Finding finding, RecordedVersion version) {
    Optional<ReplicationQueue.Pending> row =
        catalog.queue().ofKey(finding.secondary(), version.key()).stream()
            .filter(pending -> pending.version().id() == version.id())
            .findFirst();
    ReplicaState state = row.map(ReplicationQueue.Pending::state).orElse(ReplicaState.PENDING);
    boolean lostMeanwhile =
        state == ReplicaState.MISSED && elsewhere(version, finding.secondary()).isPresent();
    if (state == ReplicaState.PENDING
        || (lostMeanwhile && catalog.replicas().wantAgain(finding.secondary(), version.id()))) {
      return true;
    }
    catalog
        .findings()
        .reopen(
            finding.id(),
            "%s could not be copied again: %s"
                .formatted(
                    finding.key(),
                    row.map(ReplicationQueue.Pending::lastError)
                        .filter(error -> !error.isEmpty())
                        .orElse("no site has it any more")));
    return false;
  }
}
