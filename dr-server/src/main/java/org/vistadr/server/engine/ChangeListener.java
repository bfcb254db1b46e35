package org.vistadr.server.engine;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.vistadr.model.ObjectKey;
import org.vistadr.storage.ChangeFeed;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.sync.Synchronizer;

/// Follows the primary's change feed on a virtual thread; a second one looks at the keys that it
/// told of, all of a moment at once, and prompts replication. When it falls far behind, the feed
/// waits. A feed that breaks is opened again after a growing pause. Scans stay the truth.
public final class ChangeListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ChangeListener.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Optional<Supplier<ChangeFeed>> feeds;
  private final String silent;
  private final Synchronizer synchronizer;
  private final Runnable prompt;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final GatheredHints hints = new GatheredHints(System::nanoTime);
  private final AtomicReference<@Nullable ChangeFeed> current = new AtomicReference<>();
  private volatile boolean listening;
  private volatile boolean told;

  /// A listener of the primary.
  ///
  /// @param wanted whether the configuration lets it listen
  /// @param prompt called after a hint was looked at
  public static ChangeListener of(Engine engine, boolean wanted, Runnable prompt) {
    SiteConfig site = engine.sites().primary();
    boolean offered = site.profile().notifications();
    Optional<Supplier<ChangeFeed>> feeds =
        wanted && offered
            ? Optional.of(() -> ObjectStores.changeFeed(site).orElseThrow())
            : Optional.empty();
    return new ChangeListener(feeds, wanted ? "not offered" : "off", engine.synchronizer(), prompt);
  }

  /// @param feeds opens a feed; empty for none
  /// @param silent what [#state()] says without a feed
  /// @param prompt called after a hint was looked at
  ChangeListener(
      Optional<Supplier<ChangeFeed>> feeds,
      String silent,
      Synchronizer synchronizer,
      Runnable prompt) {
    this.feeds = feeds;
    this.silent = silent;
    this.synchronizer = synchronizer;
    this.prompt = prompt;
  }

  /// Begins to listen where there is something to listen to.
  public void start() {
    feeds.ifPresent(feed -> {
      Thread.ofVirtual().name("change-looks").start(this::look);
      Thread.ofVirtual().name("change-listener").start(() -> follow(feed));
    });
  }

  /// `listening`, `reconnecting`, or why there is nothing to listen to.
  public String state() {
    return feeds.isEmpty() ? silent : listening ? "listening" : "reconnecting";
  }

  @Override
  public void close() {
    closed.countDown();
    ChangeFeed feed = current.get();
    if (feed != null) {
      feed.close();
    }
  }

  private void follow(Supplier<ChangeFeed> opener) {
    Duration pause = Duration.ofSeconds(1);
    while (closed.getCount() > 0) {
      try (ChangeFeed feed = opener.get()) {
        current.set(feed);
        if (closed.getCount() == 0) {
          return;
        }
        listening = true;
        long began = System.nanoTime();
        feed.listen(this::told);
        if (System.nanoTime() - began > LONGEST_PAUSE.toNanos()) {
          pause = Duration.ofSeconds(1);
        }
      } catch (StorageException | RuntimeException e) {
        if (closed.getCount() > 0) {
          // A server that keeps notifications back breaks every feed; once is enough to say so.
          LOG.atLevel(told ? Level.DEBUG : Level.INFO)
              .log(
                  "change feed broke, trying again in={}s error=\"{}\"",
                  pause.toSeconds(),
                  e.getMessage());
          told = true;
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

  private void told(ObjectKey key) {
    told = false;
    try {
      while (closed.getCount() > 0 && !hints.offer(key, PATIENCE)) {
        // The feed waits for the looks.
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    while (closed.getCount() > 0) {
      Collection<ObjectKey> keys = List.of();
      try {
        keys = hints.take(PATIENCE);
        if (!keys.isEmpty() && synchronizer.look(keys)) {
          prompt.run();
        }
      } catch (InterruptedException _) {
        return;
      } catch (StorageException e) {
        // The next scan finds them.
        LOG.debug("hints not followed keys={} error=\"{}\"", keys.size(), e.getMessage());
      } catch (RuntimeException e) {
        LOG.warn("hints not followed keys={}", keys.size(), e);
      }
    }
  }
}
