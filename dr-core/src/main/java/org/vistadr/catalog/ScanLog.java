package org.vistadr.catalog;

import java.time.Instant;
import java.util.Optional;
import org.vistadr.model.Regime;

/// Scans of the primary, numbered upwards. At most one is running.
public final class ScanLog {

  /// Begins a scan. One that a crash left running is closed as incomplete first.
  ///
  /// @param startedAt the start in the primary's clock
  public Scan begin(Instant startedAt, Regime regime) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Closes a scan as complete: every key range was listed to its end without an error.
  ///
  /// @param endedAt in the daemon's clock
  public void complete(long number, Instant endedAt, long keys, long versions) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// Closes a scan as incomplete; nothing may be concluded from what it did not see.
  public void abandon(long number, Instant endedAt, String reason) {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The last complete scan.
  public Optional<Scan> lastComplete() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// The number that an entry learned outside of a scan counts to: the running scan's number, or
  /// else the next one's. Conservative: the recovery point cannot pass it.
  public long numberForHint() {
    throw new UnsupportedOperationException("not written yet");
  }

  /// @param number grows by one with each scan
  /// @param startedAt in the primary's clock
  /// @param regime the bucket's regime when it began
  /// @param state how it stands
  public record Scan(
      long number, Instant startedAt, Regime regime, State state, long keys, long versions) {}

  /// How a scan stands.
  public enum State {
    /// Under way.
    RUNNING,
    /// Everything was listed.
    COMPLETE,
    /// It ended early.
    INCOMPLETE
  }
}
