package org.vistadr.restore.drill;

import java.util.Optional;
import org.vistadr.model.Finding;

/// How one object of a drill came out.
sealed interface Rehearsed {

  /// It came back.
  ///
  /// @param proved whether its hash was compared; else its size and entity tag only
  /// @param seconds how long it took
  record Restored(boolean proved, double seconds) implements Rehearsed {}

  /// It did not, or not as it was written.
  ///
  /// @param kind what is wrong with the replica; empty when that is not known
  /// @param silent whether the secondary did not answer
  record Failed(Optional<Finding.Kind> kind, boolean silent, String detail) implements Rehearsed {}

  /// It would have to be thawed.
  record Archived(String detail) implements Rehearsed {}

  /// The drill cannot go on for a reason of this machine.
  record Broken(String detail) implements Rehearsed {}

  /// The daemon stops.
  record Stopped() implements Rehearsed {}
}
