package org.vistadr.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.PlanSums;
import org.vistadr.embedded.S3Servers;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.BrakeLimits;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Restore;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreGoal;
import org.vistadr.model.RestoreItem;
import org.vistadr.model.RestoreManner;
import org.vistadr.model.RestoreManner.ThawTier;
import org.vistadr.model.RestorePlan;
import org.vistadr.model.RestorePlan.Amount;
import org.vistadr.model.RestorePortion;
import org.vistadr.model.RestoreScope;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;
import org.vistadr.restore.plan.RestoreSettings;
import org.vistadr.restore.target.AllowedDirectories;
import org.vistadr.restore.target.RestorePlaces;
import org.vistadr.restore.target.TargetStores;
import org.vistadr.storage.BucketAdmin;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.CopySource;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.Revision;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;
import org.vistadr.sync.Secondary;
import org.vistadr.sync.SyncListener;
import org.vistadr.sync.SyncSettings;
import org.vistadr.sync.Synchronizer;

/// Restores of what lies in archives, over days that the test lets pass.
final class ThawIT {

  private static final SiteName COLD = new SiteName("cold");
  private static final SiteName WARM = new SiteName("warm");
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final MovedClock clock = new MovedClock(Instant.now().plusSeconds(60));
  private FreezingStore primary;
  private FreezingStore cold;
  private ObjectStore warm;
  private Catalog catalog;
  private Synchronizer sync;
  private Restores restores;

  @BeforeEach
  void open() {
    primary = new FreezingStore(TestS3.open(TestS3.versioned(SiteName.PRIMARY)), clock);
    cold = new FreezingStore(TestS3.open(TestS3.versioned(COLD)), clock);
    warm = TestS3.open(TestS3.versioned(WARM));
    start(primary, 4);
  }

  @AfterEach
  void close() {
    stop();
    primary.close();
    cold.close();
    warm.close();
  }

  private void start(ObjectStore primaryStore, int parallelism) {
    start(primaryStore, cold, parallelism);
  }

  private void start(ObjectStore primaryStore, ObjectStore archive, int parallelism) {
    catalog = Catalog.open(directory, Clock.systemUTC());
    catalog.declareSecondaries(List.of(COLD, WARM));
    sync =
        new Synchronizer(
            catalog,
            primary,
            List.of(new Secondary(archive, Optional.of("GLACIER"), 4), Secondary.of(warm)),
            SyncSettings.DEFAULT.withBrake(BrakeLimits.NONE),
            SyncListener.NONE,
            Clock.systemUTC(),
            new SplittableRandom(1));
    restores =
        new Restores(
            catalog,
            new RestorePlaces(
                primaryStore,
                List.of(archive, warm),
                new TargetStores(List.of(), TestS3::open),
                AllowedDirectories.NONE),
            RestoreFixture.SETTINGS
                .withParallelism(parallelism)
                .withThaw(new RestoreSettings.Thaw(3, Duration.ofMinutes(1), Duration.ofMillis(5))),
            clock,
            new SplittableRandom(7),
            _ -> false);
    restores.resumeInterrupted();
  }

  private void stop() {
    restores.close();
    sync.close();
    catalog.close();
  }

  private VersionId put(String key, String content) throws StorageException {
    return primary
        .put(
            new PutRequest(
                new ObjectKey(key),
                ObjectAttributes.ofContentType("image/jpeg"),
                WriteBody.Buffered.of(content.getBytes(UTF_8)),
                WriteCondition.ALWAYS))
        .versionId()
        .orElseThrow();
  }

  private void delete(String... keys) throws StorageException {
    for (var key : keys) {
      primary.delete(new ObjectKey(key), WriteCondition.ALWAYS);
    }
    sync.scan();
  }

  private String content(String key) throws Exception {
    try (var body = primary.open(new ObjectKey(key), Revision.CURRENT, new ByteRange.All())) {
      return new String(body.stream().readAllBytes(), UTF_8);
    } catch (StorageException.NotFound _) {
      return "-";
    }
  }

  /// What was there before everything that the test did after this moment.
  private Instant moment() throws StorageException {
    var second = primary.bucketState().serverTime();
    while (!primary.bucketState().serverTime().isAfter(second)) {
      Thread.onSpinWait();
    }
    return second;
  }

  private static RestorePlan.Request request(Instant at, Optional<ThawTier> tier) {
    var request =
        RestorePlan.Request.of(new RestoreGoal.AsOf(Optional.of(at)), RestoreScope.prefix("p/"));
    return tier.map(asked -> request.withManner(RestoreManner.DEFAULT.withThaw(asked)))
        .orElse(request);
  }

  private Restore apply(RestorePlan.Request request) throws Exception {
    return restores.apply(restores.plan(request).id(), Optional.of(primary.bucket()));
  }

  private Restore now(Restore restore) {
    return restores.find(restore.id()).orElseThrow();
  }

  private void awaitState(Restore restore, Restore.State state) {
    await().atMost(SOON).until(() -> now(restore).state() == state);
  }

  /// Lets time pass until the restore is over, at most so long.
  private Restore end(Restore restore, Duration atMost) {
    var until = clock.instant().plus(atMost);
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          if (clock.instant().isBefore(until)) {
            clock.move(Duration.ofMinutes(10));
          }
          return now(restore).state().ended();
        });
    return now(restore);
  }

  @Test
  void whatLiesInAnArchiveIsThawedAndTheRestComesBackMeanwhile() throws Exception {
    var frozen = put("p/frozen", "cold bytes");
    put("p/plain", "warm");
    var then = moment();
    primary.freeze(new ObjectKey("p/frozen"), frozen, "GLACIER");
    delete("p/frozen", "p/plain");

    var without = restores.plan(request(then, Optional.empty()));
    assertThat(without.count(RestoreAction.CANNOT)).isEqualTo(new Amount(1, 10));
    assertThat(catalog.planSums().reasons(without.id()))
        .containsExactly(
            new PlanSums.Reason(
                "archived (GLACIER at primary): add --thaw standard", new Amount(1, 10)));

    var restore = apply(request(then, Optional.of(ThawTier.STANDARD)));
    assertThat(catalog.planSums().portions(restore.planId()))
        .containsExactlyInAnyOrder(
            new RestorePortion(
                SiteName.PRIMARY, Optional.of("GLACIER"), true, true, new Amount(1, 10)),
            new RestorePortion(SiteName.PRIMARY, Optional.empty(), true, false, new Amount(1, 4)));
    awaitState(restore, Restore.State.THAWING);
    assertThat(content("p/plain")).isEqualTo("warm");
    assertThat(content("p/frozen")).isEqualTo("-");
    assertThat(now(restore).count(RestoreItem.State.THAWING)).isEqualTo(1);

    clock.move(Duration.ofHours(2));
    assertThat(now(restore).state()).isEqualTo(Restore.State.THAWING);
    var ended = end(restore, Duration.ofHours(2));

    assertThat(ended.state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(ended.done()).isEqualTo(new Amount(2, 14));
    assertThat(ended.count(RestoreItem.State.THAWING)).isZero();
    assertThat(content("p/frozen")).isEqualTo("cold bytes");
    assertThat(primary.asks()).isEqualTo(1);
    assertThat(catalog.thaws().due(restore.planId(), Instant.MAX, 10)).isEmpty();
  }

  @Test
  void daemonThatStopsWhileItThawsGoesOnWithoutAskingTwice() throws Exception {
    var frozen = put("p/frozen", "cold bytes");
    var then = moment();
    primary.freeze(new ObjectKey("p/frozen"), frozen, "DEEP_ARCHIVE");
    delete("p/frozen");
    var restore = apply(request(then, Optional.of(ThawTier.BULK)));
    awaitState(restore, Restore.State.THAWING);
    await().atMost(SOON).until(() -> primary.asks() == 1);

    stop();
    // It is still on its way when the daemon is back.
    clock.move(Duration.ofHours(2));
    start(primary, 4);

    assertThat(end(restore, Duration.ofHours(60)).state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(content("p/frozen")).isEqualTo("cold bytes");
    assertThat(primary.asks()).isEqualTo(1);
  }

  @Test
  void whatFrozeOverWhileTheDaemonWasAwayIsAskedForAgain() throws Exception {
    var frozen = put("p/frozen", "cold bytes");
    var then = moment();
    primary.freeze(new ObjectKey("p/frozen"), frozen, "GLACIER");
    delete("p/frozen");
    var restore = apply(request(then, Optional.of(ThawTier.STANDARD)));
    await().atMost(SOON).until(() -> primary.asks() == 1);

    stop();
    clock.move(Duration.ofDays(10));
    start(primary, 4);

    assertThat(end(restore, Duration.ofHours(6)).state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(content("p/frozen")).isEqualTo("cold bytes");
    assertThat(primary.asks()).isEqualTo(2);
  }

  @Test
  void whatWaitsForItsTurnIsAskedForAgainBeforeItFreezesOver() throws Exception {
    stop();
    var gate = new CountDownLatch(1);
    start(new SlowCopies(primary, gate), 1);
    var frozen = put("p/frozen", "cold bytes");
    put("p/a", "slow");
    var then = moment();
    primary.freeze(new ObjectKey("p/frozen"), frozen, "GLACIER");
    delete("p/frozen", "p/a");

    var restore = apply(request(then, Optional.of(ThawTier.STANDARD)));
    await().atMost(SOON).until(() -> primary.asks() == 1);
    clock.move(Duration.ofHours(4));
    await().atMost(SOON).until(() -> now(restore).count(RestoreItem.State.PENDING) == 2);
    // It thawed for three days; twelve hours before their end it is asked for again.
    clock.move(Duration.ofHours(63));
    await().atMost(SOON).until(() -> primary.asks() == 2);
    clock.move(Duration.ofHours(20));
    gate.countDown();

    assertThat(end(restore, Duration.ofHours(1)).state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(content("p/frozen")).isEqualTo("cold bytes");
  }

  @Test
  void secondaryThatCanBeReadAtOnceIsPreferredToOneThatMustThaw() throws Exception {
    put("p/a", "bytes");
    var then = moment();
    sync.scan();
    sync.replicate(COLD);
    sync.replicate(WARM);
    purge("p/a");

    var warmPlan = restores.plan(request(then, Optional.empty()));
    assertThat(catalog.planSums().portions(warmPlan.id()))
        .containsExactly(
            new RestorePortion(WARM, Optional.empty(), false, false, new Amount(1, 5)));

    var coldPlan = restores.plan(request(then, Optional.empty()).withFrom(COLD));
    assertThat(catalog.planSums().reasons(coldPlan.id()))
        .extracting(PlanSums.Reason::reason)
        .containsExactly("archived (GLACIER at cold): add --thaw standard");

    var restore = apply(request(then, Optional.of(ThawTier.EXPEDITED)).withFrom(COLD));
    assertThat(end(restore, Duration.ofHours(1)).state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(content("p/a")).isEqualTo("bytes");
    assertThat(cold.asks()).isEqualTo(1);
  }

  @Test
  void tierThatTheArchiveDoesNotHaveIsRefusedInThePlan() throws Exception {
    var frozen = put("p/frozen", "cold bytes");
    var then = moment();
    primary.freeze(new ObjectKey("p/frozen"), frozen, "DEEP_ARCHIVE");
    delete("p/frozen");
    var plan = restores.plan(request(then, Optional.of(ThawTier.EXPEDITED)));
    assertThat(catalog.planSums().reasons(plan.id()))
        .extracting(PlanSums.Reason::reason)
        .containsExactly(
            "archived (DEEP_ARCHIVE at primary), which has no tier 'expedited': use standard or bulk");
    assertThat(primary.asks()).isZero();
  }

  @Test
  void objectThatCannotBeThawedFailsAndTheOthersComeBack() throws Exception {
    var frozen = put("p/frozen", "cold bytes");
    put("p/plain", "warm");
    var then = moment();
    primary.freeze(new ObjectKey("p/frozen"), frozen, "GLACIER");
    primary.refuse("QuotaExceeded");
    delete("p/frozen", "p/plain");
    var restore = apply(request(then, Optional.of(ThawTier.STANDARD)));
    var ended = end(restore, Duration.ofHours(1));
    assertThat(ended.state()).isEqualTo(Restore.State.PARTIAL);
    assertThat(content("p/plain")).isEqualTo("warm");
    assertThat(restores.items(restore.id(), Optional.of(RestoreItem.State.FAILED), 0, 10))
        .singleElement()
        .satisfies(item -> assertThat(item.detail()).contains("cannot be thawed", "QuotaExceeded"));
  }

  @Test
  void whatALifecycleRuleArchivedAfterThePlanIsThawedToo() throws Exception {
    var frozen = put("p/a", "bytes");
    var then = moment();
    delete("p/a");
    var plan = restores.plan(request(then, Optional.of(ThawTier.STANDARD)));
    var unprepared = restores.plan(request(then, Optional.empty()));
    primary.freeze(new ObjectKey("p/a"), frozen, "GLACIER");

    var failed = restores.apply(unprepared.id(), Optional.of(primary.bucket()));
    assertThat(end(failed, Duration.ofHours(1)).state()).isEqualTo(Restore.State.FAILED);
    assertThat(restores.items(failed.id(), Optional.of(RestoreItem.State.FAILED), 0, 1))
        .singleElement()
        .satisfies(item -> assertThat(item.detail()).contains("--thaw standard"));

    var restore = restores.apply(plan.id(), Optional.of(primary.bucket()));
    assertThat(end(restore, Duration.ofHours(6)).state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(content("p/a")).isEqualTo("bytes");
  }

  @Test
  void pausedThawGoesOnWhenItIsResumedAndAsksForWhatFrozeOverMeanwhile() throws Exception {
    var frozen = put("p/frozen", "cold bytes");
    var then = moment();
    primary.freeze(new ObjectKey("p/frozen"), frozen, "GLACIER");
    delete("p/frozen");
    var restore = apply(request(then, Optional.of(ThawTier.STANDARD)));
    awaitState(restore, Restore.State.THAWING);
    await().atMost(SOON).until(() -> primary.asks() == 1);

    restores.control().pause(restore.id());
    clock.move(Duration.ofDays(10));
    assertThat(now(restore).state()).isEqualTo(Restore.State.PAUSED);
    assertThat(content("p/frozen")).isEqualTo("-");

    restores.control().resume(restore.id());
    assertThat(end(restore, Duration.ofHours(6)).state()).isEqualTo(Restore.State.COMPLETED);
    assertThat(content("p/frozen")).isEqualTo("cold bytes");
    assertThat(primary.asks()).isEqualTo(2);
  }

  @Test
  void cancelledThawIsOver() throws Exception {
    var frozen = put("p/frozen", "cold bytes");
    var then = moment();
    primary.freeze(new ObjectKey("p/frozen"), frozen, "GLACIER");
    delete("p/frozen");
    var restore = apply(request(then, Optional.of(ThawTier.STANDARD)));
    awaitState(restore, Restore.State.THAWING);
    restores.control().cancel(restore.id());
    awaitState(restore, Restore.State.CANCELLED);
    await()
        .atMost(SOON)
        .until(() -> catalog.thaws().due(restore.planId(), Instant.MAX, 10).isEmpty());
    assertThat(content("p/frozen")).isEqualTo("-");
  }

  /// The whole way through a server that implements RestoreObject: replicated into GLACIER, lost at
  /// the primary, thawed, brought back.
  @Test
  void replicaInARealArchiveComesBack() throws Exception {
    var server = S3Servers.moto();
    assumeThat(server).as("a moto_server on the PATH").isPresent();
    stop();
    var site = S3Servers.archives(server.get(), COLD);
    TestS3.admin(site, BucketAdmin::createBucket);
    try (var moto = TestS3.open(site)) {
      start(primary, moto, 4);
      put("p/a", "bytes");
      var then = moment();
      sync.scan();
      sync.replicate(COLD);
      var replica = moto.head(new ObjectKey("p/a"), Revision.CURRENT);
      assertThat(replica.attributes().storageClass()).contains("GLACIER");
      purge("p/a");

      var restore = apply(request(then, Optional.of(ThawTier.STANDARD)));
      assertThat(catalog.planSums().portions(restore.planId()))
          .containsExactly(
              new RestorePortion(COLD, Optional.of("GLACIER"), false, true, new Amount(1, 5)));
      assertThat(end(restore, Duration.ofDays(1)).state()).isEqualTo(Restore.State.COMPLETED);
      assertThat(content("p/a")).isEqualTo("bytes");
    }
  }

  private void purge(String key) throws StorageException {
    var page =
        primary.listVersions(
            new org.vistadr.storage.ListingRequest(
                key, org.vistadr.storage.ListingRequest.Position.BEGINNING, 1000));
    for (var version : page.entries()) {
      primary.deleteVersion(version.key(), version.versionId());
    }
    sync.scan();
  }

  /// A primary whose copies of `p/a` wait for a gate.
  private static final class SlowCopies extends ForwardingObjectStore {

    private final CountDownLatch gate;

    SlowCopies(ObjectStore delegate, CountDownLatch gate) {
      super(delegate);
      this.gate = gate;
    }

    @Override
    public WriteReceipt copy(
        CopySource source,
        ObjectKey target,
        Optional<ObjectAttributes> attributes,
        WriteCondition condition)
        throws StorageException {
      if (target.value().equals("p/a")) {
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return super.copy(source, target, attributes, condition);
    }
  }
}
