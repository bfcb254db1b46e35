package org.vistadr.server.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.model.Regime;
import org.vistadr.model.SiteName;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Looks at every site once a minute, so that status and metrics can tell without asking a site
/// themselves. Safe for use by many threads.
public final class SiteWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SiteWatch.class);

  private final Map<SiteName, ObjectStore> stores;
  private final Clock clock;
  private final Map<SiteName, Sight> sights = new ConcurrentHashMap<>();
  private final Set<SiteName> looking = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          1, Thread.ofPlatform().daemon().name("site-watch").factory());

  /// @param stores the sites to look at
  public SiteWatch(Map<SiteName, ObjectStore> stores, Clock clock) {
    this.stores = stores;
    this.clock = clock;
  }

  /// Begins to look.
  public void start(Duration interval) {
    stores.forEach((site, store) -> {
      // One at a time for each site: a site that hangs delays nobody else.
      var _ =
          timer.scheduleWithFixedDelay(
              () -> lookAside(site, store), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    });
  }

  /// What was seen last; empty before the first look.
  public Optional<Sight> last(SiteName site) {
    return Optional.ofNullable(sights.get(site));
  }

  /// Looks now.
  public Sight look(ObjectStore store) {
    Instant before = clock.instant();
    Sight sight;
    try {
      BucketState state = store.bucketState();
      Instant middle = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
      // The site tells whole seconds, rounded down: on average half a second is missing.
      Duration skew = Duration.between(middle, state.serverTime().plusMillis(500));
      sight =
          new Sight(
              clock.instant(),
              true,
              Optional.of(state.regime()),
              skew.abs().compareTo(Duration.ofSeconds(1)) < 0
                  ? Optional.of(Duration.ZERO)
                  : Optional.of(skew),
              Optional.empty());
    } catch (StorageException e) {
      sight = new Sight(clock.instant(), false, Optional.empty(), Optional.empty(), Optional.of(e));
    }
    Sight previous = sights.put(store.site(), sight);
    tellChanges(store.site(), Optional.ofNullable(previous), sight);
    return sight;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void lookAside(SiteName site, ObjectStore store) {
    if (!looking.add(site)) {
      return;
    }
    Thread.ofVirtual()
        .name("look-" + site)
        .start(() -> {
          try {
            look(store);
          } catch (RuntimeException e) {
            LOG.warn("look failed site={} error={}", site, e.toString());
          } finally {
            looking.remove(site);
          }
        });
  }

  private static void tellChanges(SiteName site, Optional<Sight> previous, Sight now) {
    boolean was = previous.map(Sight::reachable).orElse(true);
    if (was && !now.reachable()) {
      LOG.warn(
          "site not usable site={} error=\"{}\" hint=\"{}\"",
          site,
          now.problem().map(Throwable::getMessage).orElse(""),
          now.problem().map(Hints::of).orElse(""));
    } else if (!was && now.reachable()) {
      LOG.info("site usable again site={}", site);
    }
  }

  /// One look at a site.
  ///
  /// @param at when
  /// @param reachable whether the bucket answered
  /// @param regime whether it keeps versions
  /// @param skew the site's clock minus ours; zero below the second that can be told
  /// @param problem why not
  public record Sight(
      Instant at,
      boolean reachable,
      Optional<Regime> regime,
      Optional<Duration> skew,
      Optional<StorageException> problem) {}
}
