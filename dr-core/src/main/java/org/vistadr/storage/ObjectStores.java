package org.vistadr.storage;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.vistadr.storage.s3.MinioChangeFeed;
import org.vistadr.storage.s3.S3ObjectStore;

/// Opens stores: the S3 adapter with pacing and retries around it.
public final class ObjectStores {

  private ObjectStores() {}

  /// Opens a store with real waiting and nobody watching. Sends nothing yet.
  ///
  /// @param clock real time, which signatures need
  public static ObjectStore open(SiteConfig site, InstantSource clock) {
    return open(site, clock, RequestObserver.NONE, new SecureRandom(), Sleeper.REAL);
  }

  /// Opens a store whose attempts are observed. Sends nothing yet.
  public static ObjectStore open(SiteConfig site, InstantSource clock, RequestObserver observer) {
    return open(site, clock, observer, new SecureRandom(), Sleeper.REAL);
  }

  /// Opens a store.
  ///
  /// @param clock real time, which signatures need
  /// @param observer sees every attempt
  /// @param random spreads retries; must be safe for many threads
  /// @param sleeper waits between attempts and for the pace
  public static ObjectStore open(
      SiteConfig site,
      InstantSource clock,
      RequestObserver observer,
      RandomGenerator random,
      Sleeper sleeper) {
    return new RetryingObjectStore(
        new LimitedObjectStore(new S3ObjectStore(site, clock), site.limits(), observer, sleeper),
        observer,
        random,
        sleeper);
  }

  /// A feed of the bucket's changes; empty where the provider offers none. Nothing is sent until
  /// somebody listens.
  public static Optional<ChangeFeed> changeFeed(SiteConfig site) {
    return site.profile().notifications()
        ? Optional.of(new MinioChangeFeed(site))
        : Optional.empty();
  }
}
