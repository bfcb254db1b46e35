package org.vistadr.protect;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;

/// What became of the wish to repair a finding.
public sealed interface Repair {

  /// The replica is copied again; the next run of the scrub reads it back.
  ///
  /// @param from the site that has a good copy
  record Copying(SiteName from) implements Repair {}

  /// Neither the primary nor any secondary has a copy that is known to be good.
  ///
  /// @param lastGood the newest earlier version of the key of which there is one
  record NoGoodCopy(Optional<Version> lastGood) implements Repair {}

  /// What is extra is not repaired, and nothing is ever removed.
  record NotACopy() implements Repair {}

  /// The copy was waived or pruned meanwhile: a person or the retention decided that it need not be
  /// there.
  record NotWanted() implements Repair {}

  /// A version.
  ///
  /// @param at from when on a view shows it
  /// @param site a site that has it
  record Version(ObjectKey key, Instant at, SiteName site) {}
}
