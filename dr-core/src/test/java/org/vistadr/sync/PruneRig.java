package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PrunePlan.Item;
import org.vistadr.model.PrunePlan.ItemState;
import org.vistadr.model.PruneRule.Why;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.RetentionPolicy;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.protect.Prune;
import org.vistadr.protect.PruneListener;
import org.vistadr.protect.PruneRefusedException;
import org.vistadr.protect.PruneRefusedException.Reason;
import org.vistadr.protect.PruneSettings;
import org.vistadr.protect.Scrub;
import org.vistadr.storage.BucketState;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ListingRequest;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Two secondaries of a primary with versions, a clock that moves at all sites, and prune keys that
/// can be locked out, denied or killed: what tests of retention need.
final class PruneRig implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final Optional<RetentionPolicy> MONTH =
      Optional.of(new RetentionPolicy(Duration.ofDays(35), 0, 0, 0, 0));
  static final Optional<RetentionPolicy> ALL = Optional.empty();

  final SyncRig rig = new SyncRig(true);
  private final List<Prune> prunes = new ArrayList<>();
  volatile Duration skew = Duration.ZERO;
  boolean noKey;
  boolean noRight;
  Optional<String> locked = Optional.empty();
  int killAfter = Integer.MAX_VALUE;
  volatile AtomicBoolean killed = new AtomicBoolean();

  PruneRig() throws Exception {
    rig.restart(moved(rig.primary), List.of(rig.versioned, rig.unversioned));
  }

  /// Versions that were superseded 40 days ago.
  void months() throws Exception {
    rig.put("once", "once 1");
    for (int i = 1; i <= 3; i++) {
      rig.put("a", "a " + i);
      if (i == 1) {
        rig.put("gone", "gone 1");
      } else if (i == 2) {
        rig.delete("gone");
      }
      rig.sync();
    }
    later();
  }

  void later() throws Exception {
    rig.clock.forward(Duration.ofDays(40));
    rig.sync();
  }

  Prune prune(Optional<RetentionPolicy> versioned, Optional<RetentionPolicy> unversioned) {
    var sites = new TreeMap<SiteName, PruneSettings.Site>();
    Duration objective = Duration.ofMinutes(15);
    sites.put(SyncRig.VERSIONED, new PruneSettings.Site(versioned, objective));
    sites.put(SyncRig.UNVERSIONED, new PruneSettings.Site(unversioned, objective));
    Map<SiteName, ObjectStore> stores = new HashMap<>();
    stores.put(SyncRig.VERSIONED, moved(rig.versioned));
    stores.put(SyncRig.UNVERSIONED, moved(rig.unversioned));
    Prune prune =
        new Prune(
            rig.catalog,
            new PruneSettings(sites, PruneSettings.VERIFIED_WITHIN),
            moved(rig.primary),
            stores,
            this::keyed,
            PruneListener.NONE,
            rig.clock,
            new Random());
    prunes.add(prune);
    return prune;
  }

  private ObjectStore keyed(SiteName site) throws PruneRefusedException {
    if (noKey) {
      throw new PruneRefusedException(Reason.NO_PRUNE_KEY, "no key", "add one", "vistadr check");
    }
    AtomicBoolean dead = killed;
    return new ForwardingObjectStore(
        site.equals(SyncRig.VERSIONED) ? rig.versioned : rig.unversioned) {
      @Override
      public synchronized void deleteVersion(ObjectKey key, VersionId versionId)
          throws StorageException {
        if (dead.get()) {
          throw new IllegalStateException("killed");
        }
        if (noRight) {
          throw new StorageException.AccessDenied(
              site, "DeleteObject", "AccessDenied", "%s: Access Denied.".formatted(key));
        }
        if (locked.equals(Optional.of(key.value()))) {
          throw new StorageException.AccessDenied(
              site, "DeleteObject", "AccessDenied", "the object is locked");
        }
        super.deleteVersion(key, versionId);
        if (--killAfter == 0) {
          dead.set(true);
          // As if the process were gone: nothing is recorded any more.
          rig.catalog.close();
        }
      }

      @Override
      public void close() {}
    };
  }

  private ObjectStore moved(ObjectStore store) {
    return new ForwardingObjectStore(store) {
      @Override
      public BucketState bucketState() throws StorageException {
        BucketState state = super.bucketState();
        Duration by = store.site().equals(SyncRig.UNVERSIONED) ? rigAhead().plus(skew) : rigAhead();
        return new BucketState(state.regime(), state.serverTime().plus(by));
      }
    };
  }

  private Duration rigAhead() {
    return Duration.between(Instant.now(), rig.clock.instant());
  }

  void restart() {
    killAfter = Integer.MAX_VALUE;
    killed = new AtomicBoolean();
    rig.restart(moved(rig.primary), List.of(rig.versioned, rig.unversioned));
  }

  void verify() throws StorageException {
    Scrub scrub =
        new Scrub(
            rig.catalog,
            Map.of(SyncRig.VERSIONED, rig.versioned, SyncRig.UNVERSIONED, rig.unversioned),
            rig.clock);
    for (SiteName site : List.of(SyncRig.VERSIONED, SyncRig.UNVERSIONED)) {
      scrub.run(site, ScrubDepth.LISTING, Long.MAX_VALUE);
    }
  }

  RecordedVersion version(String key, int number) {
    List<RecordedVersion> oldestFirst =
        rig.catalog.versions().history(new ObjectKey(key)).newestFirst().reversed();
    return oldestFirst.get(number - 1);
  }

  ReplicaState state(String key, int number) {
    long id = version(key, number).id();
    return rig.catalog.queue().ofKey(SyncRig.VERSIONED, new ObjectKey(key)).stream()
        .filter(row -> row.version().id() == id)
        .findFirst()
        .orElseThrow()
        .state();
  }

  List<Item> items(PrunePlan plan) {
    return rig.catalog.prunes().items(plan.id(), List.of(ItemState.values()), 0, 1_000);
  }

  List<String> details(PrunePlan plan, Why why) {
    return items(plan).stream().filter(item -> item.why() == why).map(Item::detail).toList();
  }

  List<String> rows(PrunePlan plan) {
    return items(plan).stream()
        .map(item ->
            "%s %s %s %s %s"
                .formatted(
                    item.version().key(),
                    rig.catalog
                            .versions()
                            .history(item.version().key())
                            .newestFirst()
                            .reversed()
                            .indexOf(item.version())
                        + 1,
                    item.at(),
                    item.state(),
                    item.why()))
        .sorted((a, b) -> order(a).compareTo(order(b)))
        .toList();
  }

  private static String order(String row) {
    String[] parts = row.split(" ");
    return parts[0] + parts[2] + parts[1];
  }

  PrunePlan ended(PrunePlan plan) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            rig.catalog.prunes().find(plan.id()).orElseThrow().state() != PrunePlan.State.RUNNING);
    return rig.catalog.prunes().find(plan.id()).orElseThrow();
  }

  long countOld() throws Exception {
    long old = 0;
    for (int i = 0; i < 12; i++) {
      old += SyncRig.history(rig.versioned, "k" + i).contains("old " + i) ? 1 : 0;
    }
    return old;
  }

  List<ObjectKey> names(ObjectStore store) throws StorageException {
    List<ObjectKey> names = new ArrayList<>();
    store
        .listObjects(new ListingRequest("", ListingRequest.Position.BEGINNING, 1000))
        .entries()
        .forEach(version -> names.add(version.key()));
    return names;
  }

  @Override
  public void close() {
    prunes.forEach(Prune::close);
    rig.close();
  }

  static void assertRefused(Prune prune, PrunePlan plan, Reason reason, String words) {
    assertThatThrownBy(() -> prune.run(plan.id(), "admin", "space"))
        .asInstanceOf(type(PruneRefusedException.class))
        .satisfies(refusal -> {
          assertThat(refusal.reason()).isEqualTo(reason);
          assertThat(refusal).hasMessageContaining(words);
          assertThat(refusal.hint()).isNotEmpty();
          assertThat(refusal.tryNext()).isNotEmpty();
        });
  }
}
