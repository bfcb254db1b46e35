package org.vistadr.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `GET /api/v1/objects/{key}/versions` (or `?key=`): every version on every site, newest first.
///
/// @param key the key
/// @param versions newest first
public record KeyVersions(String key, List<Item> versions) {

  /// @param kind `content` or `delete-marker`
  /// @param origin `listed` or `inferred`
  /// @param at the primary's time of it
  /// @param current whether it is the key's state now
  /// @param versionId the primary's version id
  /// @param size bytes of content
  /// @param etag entity tag of content
  /// @param storageClass class of content
  /// @param sha256 hash, once its bytes were read
  /// @param atPrimary whether the primary still has it
  /// @param replicas state by secondary: `durable`, `pending`, `given up`, `held`, `missed`,
  ///   `waived`, `pruned`
  /// @param locks how its copies are locked, by secondary; only where that was asked for and the
  ///   secondary's copies are locked
  /// @param notes what is to be said of a state, by secondary: when and by which plan it was pruned
  public record Item(
      String kind,
      String origin,
      Instant at,
      boolean current,
      String versionId,
      Optional<Long> size,
      Optional<String> etag,
      Optional<String> storageClass,
      Optional<String> sha256,
      boolean atPrimary,
      Map<String, String> replicas,
      Map<String, Lock> locks,
      Map<String, String> notes) {

    /// What is missing is empty.
    public Item {
      locks = Map.copyOf(requireNonNullElse(locks, Map.of()));
    }
  }

  /// How one copy is locked, as its site says now.
  ///
  /// @param mode `governance` or `compliance`; absent without a retention
  /// @param until when its retention ends
  /// @param legalHold whether it is held without an end
  /// @param problem why it cannot be read; the rest says nothing then
  public record Lock(
      Optional<String> mode,
      Optional<Instant> until,
      boolean legalHold,
      Optional<String> problem) {}
}
