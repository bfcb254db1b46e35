package org.vistadr.restore.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.storage.StorageException;

/// How often something is tried and how long is waited between; a wait ends when the restore is
/// stopped. Safe for use by many threads.
final class Retries {

  private static final Duration FIRST_WAIT = Duration.ofMillis(200);

  private final RestoreSettings settings;
  private final RandomGenerator random;
  private final CountDownLatch stopped = new CountDownLatch(1);

  Retries(RestoreSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /// Ends all waits, now and later.
  void stop() {
    stopped.countDown();
  }

  boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /// Whether to try again after a failure; waits before it says so. Wrong bytes are not asked for
  /// again: another place may have the right ones.
  ///
  /// @param tries how often it was tried
  boolean again(StorageException failure, int tries) throws StoppedException {
    if (isStopped()) {
      throw new StoppedException();
    }
    if (!failure.retryable()
        || failure instanceof StorageException.CorruptBody
        || tries >= settings.tries()) {
      return false;
    }
    long most = FIRST_WAIT.toMillis() << Math.min(tries, 20);
    long wait = Math.min(most, settings.longestBackoff().toMillis());
    try {
      if (stopped.await(wait / 2 + jitter(wait / 2), TimeUnit.MILLISECONDS)) {
        throw new StoppedException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
    return true;
  }

  /// Waits, unless the restore is stopped meanwhile.
  void pause(Duration time) throws StoppedException, InterruptedException {
    if (stopped.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new StoppedException();
    }
  }

  private synchronized long jitter(long most) {
    return random.nextLong(most + 1);
  }

  /// The restore is being stopped; the item stays as it is.
  static final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
