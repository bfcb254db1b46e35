package org.vistadr.server.resources;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.vistadr.api.KeyVersions;
import org.vistadr.catalog.ReplicaLog;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.server.config.Sites;
import org.vistadr.server.engine.Engine;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Asks secondaries that lock copies how those of a key are locked.
record LockViews(Engine engine) {

  /// Copies of a key that are asked about, the newest first; of the others nothing is said.
  private static final int AT_MOST = 200;

  /// Requests at a time; the site's own limit holds besides.
  private static final int AT_ONCE = 8;

  /// By catalog id and secondary.
  Map<Long, Map<String, KeyVersions.Lock>> of(ObjectKey key) {
    Map<Long, Map<String, KeyVersions.Lock>> locks = new HashMap<>();
    for (Sites.Secondary secondary : engine.sites().secondaries()) {
      SiteName site = secondary.site().name();
      if (secondary.site().lock().isPresent()) {
        engine
            .store(site)
            .ifPresent(store ->
                ask(store, copies(site, key))
                    .forEach((version, lock) ->
                        locks
                            .computeIfAbsent(version, _ -> new TreeMap<>())
                            .put(site.value(), lock)));
      }
    }
    return locks;
  }

  private List<ReplicaLog.Replica> copies(SiteName site, ObjectKey key) {
    return engine.catalog().replicas().ofKey(site, key).stream()
        .filter(replica -> !replica.marker() && replica.remoteVersion().isPresent())
        .limit(AT_MOST)
        .toList();
  }

  private static Map<Long, KeyVersions.Lock> ask(
      ObjectStore store, List<ReplicaLog.Replica> copies) {
    Map<Long, Future<KeyVersions.Lock>> running = new HashMap<>();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      for (ReplicaLog.Replica copy : copies) {
        running.put(copy.versionId(), threads.submit(() -> lock(store, copy)));
      }
    }
    Map<Long, KeyVersions.Lock> locks = new HashMap<>();
    running.forEach((version, lock) -> locks.put(version, lock.resultNow()));
    return locks;
  }

  private static KeyVersions.Lock lock(ObjectStore store, ReplicaLog.Replica copy) {
    VersionId version = copy.remoteVersion().orElseThrow();
    try {
      ObjectLock.State state = store.lock(copy.location(), version);
      return new KeyVersions.Lock(
          state.mode().map(mode -> mode.name().toLowerCase(Locale.ROOT)),
          state.until(),
          state.legalHold(),
          Optional.empty());
    } catch (StorageException e) {
      return new KeyVersions.Lock(
          Optional.empty(), Optional.empty(), false, Optional.of(String.valueOf(e.getMessage())));
    }
  }
}
