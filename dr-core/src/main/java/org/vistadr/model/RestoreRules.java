package org.vistadr.model;

import java.util.Locale;

/// What a restore may do, and what it does in cases of doubt.
///
/// @param overwrite what to do with keys that have other content now
/// @param onChange what to do with keys that changed between plan and write
/// @param deleteExtra whether keys born after the moment are deleted
/// @param nearest whether the nearest completed scan may stand for a moment between two scans of a
///   primary that keeps no versions
/// @param strict whether keys whose state at the moment is ambiguous forbid the plan
public record RestoreRules(
    Overwrite overwrite, OnChange onChange, boolean deleteExtra, boolean nearest, boolean strict) {

  /// Older content over newer where they differ, nothing deleted, no doubt resolved silently.
  public static final RestoreRules DEFAULT =
      new RestoreRules(Overwrite.IF_CHANGED, OnChange.SKIP, false, false, false);

  /// The same with another rule for keys that have other content.
  public RestoreRules withOverwrite(Overwrite other) {
    return new RestoreRules(other, onChange, deleteExtra, nearest, strict);
  }

  /// The same with another rule for keys that change meanwhile.
  public RestoreRules withOnChange(OnChange other) {
    return new RestoreRules(overwrite, other, deleteExtra, nearest, strict);
  }

  /// The same, deleting keys born after the moment or not.
  public RestoreRules withDeleteExtra(boolean other) {
    return new RestoreRules(overwrite, onChange, other, nearest, strict);
  }

  /// The same, taking the nearest scan or not.
  public RestoreRules withNearest(boolean other) {
    return new RestoreRules(overwrite, onChange, deleteExtra, other, strict);
  }

  /// The same, refusing ambiguous keys or not.
  public RestoreRules withStrict(boolean other) {
    return new RestoreRules(overwrite, onChange, deleteExtra, nearest, other);
  }

  /// What to do with keys that have other content now.
  public enum Overwrite {
    /// Put the older content over it.
    IF_CHANGED,
    /// Write equal ones too.
    ALWAYS,
    /// Only over content that is older than what comes back.
    IF_NEWER,
    /// Leave every key alone that has content.
    NEVER;

    /// The name in requests and output: `if-changed`.
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// What to do with a key that is no longer as the plan saw it.
  public enum OnChange {
    /// Leave it and say so.
    SKIP,
    /// End the restore.
    FAIL,
    /// Write over what came since; it stays as a version, or is put aside.
    OVERWRITE,
    /// Leave it and write the wanted content beside it, under a name of its own.
    KEEP_BOTH;

    /// The name in requests and output: `keep-both`.
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
