package org.vistadr.restore.target;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.SiteConfig;

/// The buckets that restores to another place write to, opened when they are first asked for. A
/// bucket that a configured site does not name is reached with that site's endpoint and
/// credentials. Safe for use by many threads.
public final class TargetStores implements AutoCloseable {

  private final Map<SiteName, SiteConfig> sites = new LinkedHashMap<>();
  private final Function<SiteConfig, ObjectStore> opener;
  private final Map<Place, ObjectStore> open = new LinkedHashMap<>();

  private record Place(SiteName site, String bucket) {}

  /// @param sites every site that can be named as a target
  /// @param opener opens a store; what it opens is closed here
  public TargetStores(List<SiteConfig> sites, Function<SiteConfig, ObjectStore> opener) {
    sites.forEach(site -> this.sites.put(site.name(), site));
    this.opener = opener;
  }

  /// Names of the sites that can be targets.
  public Set<SiteName> names() {
    return java.util.Collections.unmodifiableSet(sites.keySet());
  }

  /// The store of a bucket; nothing is sent.
  ///
  /// @param bucket empty for the one that the site names
  /// @return empty when there is no such site
  public synchronized Optional<ObjectStore> store(SiteName site, Optional<String> bucket) {
    return Optional.ofNullable(sites.get(site))
        .map(config -> {
          var place = new Place(site, bucket.orElse(config.bucket()));
          return open.computeIfAbsent(place, _ -> opener.apply(config.withBucket(place.bucket())));
        });
  }

  /// The configured site that a bucket belongs to, whichever credentials reach it.
  ///
  /// @param bucket empty for the one that the site names
  Optional<SiteName> owner(SiteName site, Optional<String> bucket) {
    var asked = Optional.ofNullable(sites.get(site));
    return sites.values().stream()
        .filter(other ->
            asked.isPresent()
                && other.endpoint().equals(asked.get().endpoint())
                && other.bucket().equals(bucket.orElse(asked.get().bucket())))
        .map(SiteConfig::name)
        .findFirst();
  }

  @Override
  public synchronized void close() {
    open.values().forEach(ObjectStore::close);
    open.clear();
  }
}
