package org.vistadr.server.engine;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.ChangeFeed;
import org.vistadr.storage.StorageException;
import org.vistadr.sync.Synchronizer;

/// Follows the primary's change feed on a virtual thread: each hint is looked at, then replication
/// is prompted. A feed that breaks is opened again after a growing pause. Scans stay the truth.
public final class ChangeListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeListener.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Supplier<ChangeFeed> feeds;
  private final Synchronizer synchronizer;
  private final Runnable prompt;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicReference<@Nullable ChangeFeed> current = new AtomicReference<>();
  private volatile boolean listening;

  /// @param feeds opens a feed
  /// @param prompt called after a hint was looked at
  public ChangeListener(Supplier<ChangeFeed> feeds, Synchronizer synchronizer, Runnable prompt) {
    this.feeds = feeds;
    this.synchronizer = synchronizer;
    this.prompt = prompt;
  }

  /// Begins to listen.
  public void start() {
    Thread.ofVirtual().name("change-listener").start(this::follow);
  }

  /// Whether a feed is open.
  public boolean listening() {
    return listening;
  }

  @Override
  public void close() {
    closed.countDown();
    ChangeFeed feed = current.get();
    if (feed != null) {
      feed.close();
    }
  }

  private void follow() {
    Duration pause = Duration.ofSeconds(1);
    while (closed.getCount() > 0) {
      try (ChangeFeed feed = feeds.get()) {
        current.set(feed);
        if (closed.getCount() == 0) {
          return;
        }
        listening = true;
        long began = System.nanoTime();
        feed.listen(this::look);
        if (System.nanoTime() - began > LONGEST_PAUSE.toNanos()) {
          pause = Duration.ofSeconds(1);
        }
      } catch (StorageException | RuntimeException e) {
        if (closed.getCount() > 0) {
          LOG.info(
              "change feed broke, trying again in={}s error=\"{}\"",
              pause.toSeconds(),
              e.getMessage());
        }
      } finally {
        listening = false;
      }
      try {
        if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException _) {
        return;
      }
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  private void look(ObjectKey key) {
    try {
      if (synchronizer.look(key)) {
        prompt.run();
      }
    } catch (StorageException e) {
      // The next scan finds it.
      LOG.debug("hint not followed key={} error=\"{}\"", key, e.getMessage());
    }
  }
}
