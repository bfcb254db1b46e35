package org.vistadr.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vistadr.model.ConfigVersion;
import org.vistadr.model.Hold;
import org.vistadr.model.NamedCheckpoint;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.Regime;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

/// What the catalog cannot be rebuilt without, one fact at a time: what segments on secondaries
/// hold. A later fact of the same version, scan, span or secondary replaces an earlier one.
/// Immutable.
public sealed interface CatalogFact {

  /// All that is known of one version.
  ///
  /// @param version the version
  /// @param attributes what travels with its bytes, JSON; empty when they were never read
  /// @param copies where it is durable, by the number of the secondary
  /// @param waiting where it is neither durable nor simply pending, by the number of the secondary
  record Version(
      RecordedVersion version,
      Optional<String> attributes,
      List<Copy> copies,
      List<Waiting> waiting)
      implements CatalogFact {
    /// Copies the lists.
    public Version {
      copies = List.copyOf(copies);
      waiting = List.copyOf(waiting);
    }
  }

  /// A durable replica.
  ///
  /// @param secondary number of the secondary
  /// @param location where it is not the version's own key
  /// @param remoteVersion version id at the secondary, where it has one
  /// @param etag entity tag at the secondary
  /// @param durableAt when it was proved
  /// @param storageClass the class that it was written with; empty for the default
  record Copy(
      int secondary,
      Optional<ObjectKey> location,
      Optional<VersionId> remoteVersion,
      String etag,
      Instant durableAt,
      Optional<String> storageClass) {}

  /// A version that is held, given up, missed, waived or pruned at a secondary.
  ///
  /// @param secondary number of the secondary
  /// @param state which of these
  /// @param missedInScan the scan that proved a missed version gone, else 0
  /// @param reason the last error, or why it was waived or pruned
  record Waiting(int secondary, ReplicaState state, long missedInScan, String reason) {}

  /// A scan that is over.
  ///
  /// @param reason why it is incomplete
  record Scan(
      long number,
      Instant startedAt,
      Optional<Instant> endedAt,
      Regime regime,
      ScanLog.State state,
      long keys,
      long versions,
      String reason)
      implements CatalogFact {}

  /// Complete scans in a row that saw the same regime.
  record Span(
      long firstScan, Regime regime, Instant firstAt, long lastScan, Instant lastAt, long scans)
      implements CatalogFact {}

  /// A secondary and how far it is.
  ///
  /// @param id its number in the catalog
  record Secondary(
      int id,
      SiteName name,
      boolean declared,
      Instant declaredAt,
      long backfilledThrough,
      long backfillUntil,
      Optional<Instant> recoveryPoint,
      long recoveryScan,
      long durableObjects,
      long durableBytes)
      implements CatalogFact {}

  /// All named checkpoints there are: those of an earlier fact that are not in it were deleted.
  ///
  /// @param changes grows with each change of a checkpoint
  record Checkpoints(long changes, List<NamedCheckpoint> checkpoints) implements CatalogFact {
    /// Copies the list.
    public Checkpoints {
      checkpoints = List.copyOf(checkpoints);
    }
  }

  /// All holds there are: those of an earlier fact that are not in it were removed.
  ///
  /// @param changes grows with each change of a hold
  record Holds(long changes, List<Hold> holds) implements CatalogFact {
    /// Copies the list.
    public Holds {
      holds = List.copyOf(holds);
    }
  }

  /// All versions of the primary's bucket configuration that are kept: those of an earlier fact
  /// that are not in it were forgotten.
  ///
  /// @param changes grows with each change of one
  record BucketConfigs(long changes, List<ConfigVersion> versions) implements CatalogFact {
    /// Copies the list.
    public BucketConfigs {
      versions = List.copyOf(versions);
    }
  }

  /// Sums over the primary.
  record Totals(
      long contentObjects,
      long contentBytes,
      long currentObjects,
      long currentBytes,
      long deleteMarkers,
      long purgedObjects,
      OptionalLong oldestModified)
      implements CatalogFact {}
}
