package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `GET /api/v1/status`: am I protected?
///
/// @param schema `vistadr/v1`
/// @param isProtected whether every secondary is within its objective and nothing is given up
/// @param reasons why not, one sentence each; warnings too when protected
/// @param now the daemon's clock
/// @param daemon the running daemon
/// @param primary the primary
/// @param secondaries every secondary, in the order of the configuration
/// @param window the moments that can be restored
/// @param catalog the daemon's record of all that
/// @param brake whether deletions are held
public record Status(
    String schema,
    @com.fasterxml.jackson.annotation.JsonProperty("protected") boolean isProtected,
    List<String> reasons,
    Instant now,
    Daemon daemon,
    Primary primary,
    List<Secondary> secondaries,
    Window window,
    Catalog catalog,
    BrakeView brake) {

  /// The schema's name.
  public static final String SCHEMA = "vistadr/v1";

  /// @param version product version
  /// @param startedAt when this process began
  public record Daemon(String version, Instant startedAt) {}

  /// @param generation grows at each start and with each complete scan
  /// @param digest the same for catalogs with the same content, SHA-256; absent before the first
  ///   segment
  /// @param digestAt the catalog of this moment has it
  public record Catalog(long generation, Optional<String> digest, Optional<Instant> digestAt) {}

  /// @param name `primary`
  /// @param provider profile name
  /// @param endpoint where, without credentials
  /// @param bucket bucket
  /// @param regime `versioned`, `suspended`, `unversioned`; absent before the first look
  /// @param reachable result of the last look; absent before the first
  /// @param lastScan the last complete scan
  /// @param scanRunning whether one is under way
  /// @param events whether the primary tells of changes: `listening`, `reconnecting`, `off`
  ///   (configured), `not offered`
  /// @param objects current objects, from the catalog
  /// @param bytes their bytes
  /// @param noncurrentObjects older versions that hold content
  /// @param deleteMarkers delete markers
  public record Primary(
      String name,
      String provider,
      String endpoint,
      String bucket,
      Optional<String> regime,
      Optional<Boolean> reachable,
      Optional<LastScan> lastScan,
      boolean scanRunning,
      String events,
      long objects,
      long bytes,
      long noncurrentObjects,
      long deleteMarkers) {}

  /// @param number the scan's number
  /// @param startedAt in the primary's clock
  /// @param keys keys read
  /// @param versions versions and delete markers read
  public record LastScan(long number, Instant startedAt, long keys, long versions) {}

  /// @param name the secondary
  /// @param provider profile name
  /// @param endpoint where, without credentials
  /// @param bucket bucket
  /// @param state `initial_sync`, `in_sync`, `lagging`, `paused`, `failing`
  /// @param reason one sentence for the state; empty when in sync
  /// @param reachable result of the last look; absent before the first
  /// @param recoveryPoint absent while unknown
  /// @param lagSeconds now minus the recovery point; absent while unknown
  /// @param objectiveSeconds the lag that is allowed
  /// @param pending known changes that are not there
  /// @param givenUpObjects changes whose tries are used up
  /// @param heldObjects deletions kept back by the brake, or until the scan that found them is
  ///   judged
  /// @param missedVersions versions that the primary lost before they could be copied
  /// @param waivedObjects changes that it does not have because a person decided so: deletions that
  ///   were discarded, and what was given up and waived
  /// @param durableObjects versions with content that are safe there
  /// @param durableBytes their bytes
  /// @param oldestPending time and key of the oldest known change that is not there
  /// @param segmentsAt the catalog of this moment can be rebuilt from there; absent before segments
  ///   are
  /// @param proof what is known of whether its copies are good
  /// @param lock how its copies are locked; absent when they are not
  public record Secondary(
      String name,
      String provider,
      String endpoint,
      String bucket,
      String state,
      String reason,
      Optional<Boolean> reachable,
      Optional<Instant> recoveryPoint,
      Optional<Long> lagSeconds,
      long objectiveSeconds,
      Amount pending,
      long givenUpObjects,
      long heldObjects,
      long missedVersions,
      long waivedObjects,
      long durableObjects,
      long durableBytes,
      Optional<OldestPending> oldestPending,
      Optional<Instant> segmentsAt,
      Proof proof,
      Optional<Lock> lock) {}

  /// @param mode `governance` or `compliance`
  /// @param retainSeconds how long each copy is locked from its writing or the last renewal on
  /// @param legalHold whether copies of what people hold get a legal hold
  /// @param legallyHeld copies that have one
  /// @param renewedAt every copy of that time is locked for long enough; absent before the first
  ///   round
  public record Lock(
      String mode,
      long retainSeconds,
      boolean legalHold,
      long legallyHeld,
      Optional<Instant> renewedAt) {}

  /// Whether copies are good is only known of those that were read again.
  ///
  /// @param readBackCoverage share of them whose bytes were read and hashed: of this round before
  ///   the end of the first one, 1 after it
  /// @param readBackSince all of them were since then; absent before the end of the first round
  /// @param listedAt when the last whole listing of the secondary began; absent before the first
  /// @param listedObjects copies that it was compared with
  /// @param comparedShare share of the copies of which the site said a checksum that could be
  ///   compared; absent while nobody asked
  /// @param openFindings copies that are not what was written
  /// @param extraObjects what is there and is no copy, and nobody acknowledged
  /// @param drilledAt when the last drill ended; absent before the first
  /// @param drillState `succeeded` or `failed`; absent before the first
  /// @param projectedFullRestoreSeconds what it says of how long a restore of everything takes at
  ///   most
  public record Proof(
      double readBackCoverage,
      Optional<Instant> readBackSince,
      Optional<Instant> listedAt,
      long listedObjects,
      Optional<Double> comparedShare,
      long openFindings,
      long extraObjects,
      Optional<Instant> drilledAt,
      Optional<String> drillState,
      Optional<Long> projectedFullRestoreSeconds) {

    /// Nothing was read again yet.
    public static final Proof NONE =
        new Proof(
            0,
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /// @param objects how many
  /// @param bytes how much
  public record Amount(long objects, long bytes) {}

  /// @param key its key
  /// @param at its time at the primary
  public record OldestPending(String key, Instant at) {}

  /// @param from the earliest moment that can be restored; absent before the first complete scan
  /// @param to the latest
  /// @param basis `versions` (any second) or `scans` (exact at completed scans only), now
  /// @param intervals how exact the window is over time, oldest first
  /// @param sites how much of it each site has the bytes of
  public record Window(
      Optional<Instant> from,
      Optional<Instant> to,
      String basis,
      List<Interval> intervals,
      List<SiteWindow> sites) {}

  /// @param from its beginning
  /// @param to its end
  /// @param regime how the primary kept versions: `versioned`, `suspended`, `unversioned`
  /// @param basis `versions`: any second; `versions-and-scans`: any second for what has version
  ///   ids, completed scans for what has none; `scans`: completed scans only
  /// @param scans completed scans in it
  public record Interval(Instant from, Instant to, String regime, String basis, long scans) {}

  /// @param site the site
  /// @param from the earliest moment whose bytes it has; absent while unknown
  /// @param to the latest: of the primary the last scan, of a secondary its recovery point
  /// @param holes what is missing between
  public record SiteWindow(
      String site, Optional<Instant> from, Optional<Instant> to, List<Hole> holes) {}

  /// @param kind `unversioned`, `suspended`: overwritten content of that time is known at scans
  ///   only; `purged`: older versions that the primary no longer has; `missed`, `waived`,
  ///   `given-up`: versions that the secondary does not have
  /// @param from beginning of the time that is concerned; absent where it is not known
  /// @param to its end
  /// @param versions how many versions are missing; absent where nobody can know
  public record Hole(
      String kind, Optional<Instant> from, Optional<Instant> to, Optional<Long> versions) {}
}
