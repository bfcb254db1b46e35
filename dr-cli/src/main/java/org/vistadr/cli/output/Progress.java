package org.vistadr.cli.output;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Progress on standard error: redrawn in place on a terminal, else a plain line now and then. Not
/// thread-safe but for [#end()].
public final class Progress {

  private final Terminal terminal;
  private final Clock clock;
  private final Duration plainEvery;
  private final boolean quiet;
  private Instant lastPlain;
  private volatile boolean drawn;

  /// @param plainEvery the pace of plain lines
  /// @param quiet write nothing
  public Progress(Terminal terminal, Clock clock, Duration plainEvery, boolean quiet) {
    this.terminal = terminal;
    this.clock = clock;
    this.plainEvery = plainEvery;
    this.quiet = quiet;
    this.lastPlain = clock.instant();
  }

  /// Whether a bar can be drawn.
  public boolean redraws() {
    return terminal.canRedraw();
  }

  /// Shows the line now, or not when it is not yet time for a plain one.
  public void show(String line) {
    if (quiet) {
      return;
    }
    if (redraws()) {
      terminal.err().print("\r\u001b[2K" + line);
      terminal.err().flush();
      drawn = true;
      return;
    }
    Instant now = clock.instant();
    if (Duration.between(lastPlain, now).compareTo(plainEvery) >= 0) {
      terminal.say(line.strip());
      lastPlain = now;
    }
  }

  /// Leaves what was drawn and goes on below it.
  public void end() {
    if (drawn) {
      terminal.err().println();
      drawn = false;
    }
  }
}
