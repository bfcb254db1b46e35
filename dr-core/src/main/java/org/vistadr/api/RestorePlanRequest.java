package org.vistadr.api;

import static java.util.Objects.requireNonNullElse;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `POST /api/v1/restore-plans`: what to bring back, as of when, where to.
///
/// @param scope which keys
/// @param at the moment to bring back; absent only with `undelete`
/// @param undelete only remove delete markers; `at` then means: of keys that had content at that
///   moment, so that they were deleted later
/// @param from `primary` or a secondary; absent lets the daemon choose the cheapest healthy source
/// @param to `SITE`, `SITE/BUCKET` or `SITE/BUCKET/PREFIX`; absent restores in place
/// @param toDirectory a directory of the daemon's machine, instead of `to`
/// @param overwrite `if-changed` (default) puts an older version over a newer one where they
///   differ, `if-newer` only over what is older, `never` only brings missing objects back, `always`
///   rewrites equal ones too
/// @param onChange what happens to keys that change between plan and write: `skip` (default),
///   `fail`, `overwrite` or `keep-both`
/// @param deleteExtra whether keys born after the moment get a delete marker
/// @param nearest whether the nearest completed scan may stand for a moment between two scans of a
///   primary that keeps no versions
/// @param strict whether ambiguous keys forbid the plan
/// @param order `key` (default) or `newest-first`
/// @param first prefixes that come first
/// @param last prefixes that come last
/// @param bandwidth the most that is written, `40 MiB/s` or `200 Mbit/s`
/// @param thaw `standard`, `bulk` or `expedited`: ask archives for what they hold
public record RestorePlanRequest(
    Scope scope,
    Optional<Instant> at,
    boolean undelete,
    Optional<String> from,
    Optional<String> to,
    Optional<String> toDirectory,
    Optional<String> overwrite,
    Optional<String> onChange,
    boolean deleteExtra,
    boolean nearest,
    boolean strict,
    Optional<String> order,
    List<String> first,
    List<String> last,
    Optional<String> bandwidth,
    Optional<String> thaw) {

  /// What is missing is empty.
  public RestorePlanRequest {
    scope = requireNonNullElse(scope, Scope.NOTHING);
    first = List.copyOf(requireNonNullElse(first, List.of()));
    last = List.copyOf(requireNonNullElse(last, List.of()));
  }

  /// An undelete, all else by default.
  public static RestorePlanRequest undelete(Scope scope, Optional<Instant> at) {
    return new RestorePlanRequest(
        scope,
        at,
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        false,
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /// Which keys: some keys and prefixes, or all of them.
  ///
  /// @param keys these keys
  /// @param prefixes every key that starts with one of these
  /// @param all the whole bucket, instead
  /// @param include only keys that match one of these globs
  /// @param exclude no keys that match one of these globs
  public record Scope(
      List<String> keys,
      List<String> prefixes,
      boolean all,
      List<String> include,
      List<String> exclude) {

    /// The most keys of one plan. Prefixes and globs have no such bound.
    public static final int MOST_KEYS = 100_000;

    static final Scope NOTHING = new Scope(List.of(), List.of(), false, List.of(), List.of());

    /// What is missing is empty.
    public Scope {
      keys = List.copyOf(requireNonNullElse(keys, List.of()));
      prefixes = List.copyOf(requireNonNullElse(prefixes, List.of()));
      include = List.copyOf(requireNonNullElse(include, List.of()));
      exclude = List.copyOf(requireNonNullElse(exclude, List.of()));
    }
  }
}
