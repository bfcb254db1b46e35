package org.vistadr.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the primary's bucket was set to, as it was saved.
///
/// @param version its number; a new one is saved only when something differs
/// @param seenAt when it was first seen, in the primary's clock
/// @param replacedAt when the next version was first seen; absent for the newest one
/// @param bucket the bucket's name
/// @param digest the same for configurations without differences, SHA-256
/// @param accepted who said that it is meant; absent when nobody did
/// @param settings one for each setting
public record BucketConfigView(
    long version,
    Instant seenAt,
    Optional<Instant> replacedAt,
    String bucket,
    String digest,
    Optional<Accepted> accepted,
    List<Setting> settings) {

  /// @param at when, in the daemon's clock
  /// @param who role and fingerprint of the token, or `daemon`
  /// @param reason why it is meant
  public record Accepted(Instant at, String who, String reason) {}

  /// @param name `versioning`, `object-lock`, `encryption`, `public-access`, `ownership`, `policy`,
  ///   `cors`, `tags`, `lifecycle`, `notification`, `replication` or `acl`
  /// @param state `set`, `not-set`, `not-supported` or `not-readable`
  /// @param note the provider's code for the last two
  /// @param lines what it is set to; the order of the provider's answer does not show
  public record Setting(String name, String state, String note, List<String> lines) {}

  /// `GET /api/v1/bucket-config`.
  ///
  /// @param config the version that was asked for
  /// @param newest the newest version's number
  /// @param readAt when it was read last, changed or not, in the daemon's clock
  /// @param acceptedVersion the version that drift is measured from
  /// @param drift settings of the newest version that differ from the accepted one
  /// @param risks what puts the bucket at risk, of the version that was asked for
  public record State(
      BucketConfigView config,
      long newest,
      Optional<Instant> readAt,
      Optional<Long> acceptedVersion,
      List<String> drift,
      List<Risk> risks) {}

  /// @param setting which setting
  /// @param kind `expiry`, `noncurrent-expiry`, `open`, `not-blocked`, `versioning`, `unversioned`,
  ///   `unfinished-uploads`, `unreadable`
  /// @param warning whether status and alerts tell of it
  /// @param detail one sentence
  public record Risk(String setting, String kind, boolean warning, String detail) {}

  /// One version in `GET /api/v1/bucket-config/history`.
  ///
  /// @param version its number
  /// @param seenAt when it was first seen
  /// @param digest see [BucketConfigView]
  /// @param accepted who said that it is meant
  /// @param changed settings that differ from the version before; none for the oldest one
  public record Entry(
      long version,
      Instant seenAt,
      String digest,
      Optional<Accepted> accepted,
      List<String> changed) {}

  /// `GET /api/v1/bucket-config/diff`.
  ///
  /// @param from version's number
  /// @param fromSeenAt when it was first seen
  /// @param to version's number
  /// @param toSeenAt when it was first seen
  /// @param settings those that differ
  public record Diff(
      long from, Instant fromSeenAt, long to, Instant toSeenAt, List<SettingDiff> settings) {}

  /// @param name the setting
  /// @param before its state, see [Setting]
  /// @param after its state
  /// @param lines `-` only before, `+` only after, a space in both, `...` for what is left out
  public record SettingDiff(String name, String before, String after, List<String> lines) {}

  /// `POST /api/v1/bucket-config/accept`.
  ///
  /// @param version the number that the person saw; refused when it is not the newest any more
  /// @param reason why it is meant; kept in the audit log
  public record Accept(long version, String reason) {}

  /// `POST /api/v1/bucket-config/read`.
  ///
  /// @param saved number of the version that was saved; absent when nothing changed
  /// @param changed settings that differ from the version before
  /// @param brake why the brake was engaged by it
  /// @param unanswered settings that did not answer, and count as unchanged
  public record Reading(
      Optional<Long> saved, List<String> changed, List<String> brake, List<String> unanswered) {}

  /// `GET /api/v1/bucket-config/restore-plan`.
  ///
  /// @param version what it is restored from
  /// @param seenAt when that was first seen
  /// @param site where to
  /// @param bucket its bucket, which confirms
  /// @param plan names what would be done to what is there; changes with either
  /// @param steps one for each setting, in the order in which they are carried out
  public record Plan(
      long version, Instant seenAt, String site, String bucket, String plan, List<Step> steps) {}

  /// @param setting which setting
  /// @param action `write`, `remove`, `same`, `leave` or `cannot`
  /// @param why one sentence; may be empty
  /// @param lines what is there (`-`) and what will be (`+`)
  public record Step(String setting, String action, String why, List<String> lines) {}

  /// `POST /api/v1/bucket-config/restores`.
  ///
  /// @param version what to restore from
  /// @param to a site
  /// @param only these settings; none for all
  /// @param plan as the plan named it; refused when it would be another one now
  /// @param confirm name of the bucket
  /// @param reason why; kept in the audit log
  public record Restore(
      long version, String to, List<String> only, String plan, String confirm, String reason) {}

  /// What became of it.
  ///
  /// @param site where to
  /// @param bucket its bucket
  /// @param done one for each setting that was to be changed
  public record Restored(String site, String bucket, List<Done> done) {}

  /// @param setting which setting
  /// @param action `write` or `remove`
  /// @param proved whether what was read back is what was wanted
  /// @param detail one sentence; may be empty
  public record Done(String setting, String action, boolean proved, String detail) {}
}
