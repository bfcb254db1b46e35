package org.vistadr.storage;

import java.time.Duration;

/// Waits. Injected so that tests need not.
@FunctionalInterface
public interface Sleeper {

  /// Really waits.
  Sleeper REAL = Thread::sleep;

  /// Waits for a duration.
  void sleep(Duration duration) throws InterruptedException;
}
