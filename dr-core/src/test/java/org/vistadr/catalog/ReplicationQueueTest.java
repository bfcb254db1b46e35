package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vistadr.catalog.CatalogFixture.B2;
import static org.vistadr.catalog.CatalogFixture.R2;
import static org.vistadr.catalog.CatalogFixture.START;
import static org.vistadr.catalog.CatalogFixture.append;
import static org.vistadr.catalog.CatalogFixture.content;
import static org.vistadr.catalog.CatalogFixture.durable;
import static org.vistadr.catalog.CatalogFixture.givenUp;
import static org.vistadr.catalog.CatalogFixture.key;
import static org.vistadr.catalog.CatalogFixture.marker;
import static org.vistadr.catalog.CatalogFixture.purge;
import static org.vistadr.catalog.CatalogFixture.record;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.ReplicationQueue.Outcome;
import org.vistadr.catalog.ReplicationQueue.Pending;
import org.vistadr.model.Lag;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.Regime;
import org.vistadr.model.ReplicaState;
import org.vistadr.model.SiteName;
import org.vistadr.model.VersionId;

final class ReplicationQueueTest {

  @TempDir Path directory;
  private Catalog catalog;

  @BeforeEach
  void open() {
    catalog = CatalogFixture.open(directory, B2, R2);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void everySecondaryGetsEveryAppendedVersionInTheOrderOfItsId() {
    record(catalog, 1, append("b", content(0, 5), content(1, 7)), append("a", marker(0)));
    for (SiteName secondary : List.of(B2, R2)) {
      assertThat(due(secondary)).extracting(p -> p.version().id()).containsExactly(1L, 2L, 3L);
      assertThat(catalog.queue().backlog(secondary).pendingObjects()).isEqualTo(3);
      assertThat(catalog.queue().backlog(secondary).pendingBytes()).isEqualTo(12);
    }
    assertThat(catalog.queue().due(B2, 1, START, 1))
        .extracting(p -> p.version().id())
        .containsExactly(2L);
  }

  @Test
  void aPendingVersionIsWantedByThoseThatStillHaveItPending() {
    record(catalog, 1, append("a", content(0, 5)), append("b", content(0, 5)));
    catalog.queue().settle(R2, List.of(durable(1)));
    assertThat(due(B2)).extracting(Pending::wantedBy).containsExactly(1, 2);
    catalog.queue().settle(R2, List.of(givenUp(2)));
    assertThat(due(B2)).extracting(Pending::wantedBy).containsExactly(1, 1);
    assertThat(catalog.queue().list(R2, ReplicaState.GIVEN_UP, Optional.empty(), 10))
        .extracting(Pending::wantedBy)
        .containsExactly(1);
  }

  @Test
  void aRetryIsDueAgainNotBeforeItsTime() {
    record(catalog, 1, append("a", content(0, 5)));
    Instant later = START.plusNanos(1);
    catalog.queue().settle(B2, List.of(new Outcome.Retry(1, later, "503")));
    assertThat(due(B2)).isEmpty();
    assertThat(catalog.queue().due(B2, 0, later, 10))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.attempts()).isEqualTo(1);
          assertThat(row.notBefore()).isEqualTo(later);
          assertThat(row.lastError()).isEqualTo("503");
        });
    assertThat(catalog.queue().ofKey(B2, key("a"))).hasSize(1);
  }

  @Test
  void rowsOfOneKeyComeByRisingRankWhateverTheirState() {
    record(catalog, 1, append("a", content(0, 1), content(2, 1), content(3, 1)));
    record(catalog, 1, append("a", content(1, 1)), append("ab", content(0, 1)));
    catalog.queue().settle(B2, List.of(givenUp(2), durable(3)));
    assertThat(catalog.queue().ofKey(B2, key("a")))
        .extracting(row -> row.version().versionId().value(), Pending::state)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("v0", ReplicaState.PENDING),
            org.assertj.core.groups.Tuple.tuple("v1", ReplicaState.PENDING),
            org.assertj.core.groups.Tuple.tuple("v2", ReplicaState.GIVEN_UP));
  }

  @Test
  void pendingRowsAreListedByKeyTriedOrNotHoweverManyThereAre() {
    for (int many : List.of(3, 10_001)) {
      List<KeyChange> changes = new ArrayList<>();
      for (int i = many; i > 0; i--) {
        changes.add(append("%d/%05d".formatted(many, i), content(0, 1)));
      }
      record(catalog, 1, changes.toArray(KeyChange[]::new));
      Pending second = catalog.queue().ofKey(B2, key("%d/00002".formatted(many))).getFirst();
      catalog.queue().settle(B2, List.of(new Outcome.Retry(second.version().id(), START, "503")));
      assertThat(
              catalog
                  .queue()
                  .list(B2, ReplicaState.PENDING, Optional.of(key("%d/00001".formatted(many))), 2))
          .extracting(row -> row.version().key().value(), Pending::attempts)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("%d/00002".formatted(many), 1),
              org.assertj.core.groups.Tuple.tuple("%d/00003".formatted(many), 0));
    }
  }

  @Test
  void deletionsThatWereNotTriedYetAreHeld() {
    record(catalog, 1, append("a", content(0, 1), marker(1)), append("b", content(0, 1)));
    record(catalog, 2, append("b", marker(1)), append("c", marker(0), content(1, 1)));
    assertThat(catalog.held().hold(B2, 2)).isEqualTo(1);
    assertThat(catalog.queue().list(B2, ReplicaState.HELD, Optional.empty(), 10))
        .extracting(row -> row.version().key().value())
        .containsExactly("b");
    assertThat(due(B2)).extracting(p -> p.version().id()).containsExactly(1L, 2L, 3L, 5L, 6L);
    assertThat(catalog.queue().backlog(B2).pendingObjects()).isEqualTo(5);
    assertThat(due(R2)).hasSize(6);
  }

  @Test
  void aDurableVersionIsInTheReplicaLogAndNotInTheQueue() {
    record(catalog, 1, append("a", content(0, 5), marker(1)));
    ObjectKey aside = key(".vistadr/history/a");
    catalog
        .queue()
        .settle(
            B2,
            List.of(
                new Outcome.Durable(1, Optional.of(aside), Optional.empty(), "e", START),
                durable(2)));
    catalog.queue().settle(B2, List.of(durable(2)));
    assertThat(due(B2)).isEmpty();
    assertThat(catalog.replicas().ofKey(B2, key("a")))
        .containsExactly(
            new ReplicaLog.Replica(
                B2,
                2,
                CatalogFixture.rank(1),
                true,
                key("a"),
                false,
                Optional.of(new VersionId("there-2")),
                "etag",
                START,
                Optional.empty()),
            new ReplicaLog.Replica(
                B2,
                1,
                CatalogFixture.rank(0),
                false,
                aside,
                true,
                Optional.empty(),
                "e",
                START,
                Optional.empty()));
    assertThat(catalog.replicas().count(B2)).isEqualTo(new ReplicaLog.Count(1, 5));
    assertThat(catalog.replicas().everywhere(1)).hasSize(1);
    assertThat(catalog.replicas().find(R2, 1)).isEmpty();
    assertThatThrownBy(() -> catalog.queue().settle(B2, List.of(durable(99))))
        .isInstanceOf(CatalogException.class);
  }

  @Test
  void aRelocatedReplicaIsFoundAtItsNewPlaceAndARefutedOneIsPendingAgain() {
    record(catalog, 1, append("a", content(0, 5)));
    catalog.queue().settle(B2, List.of(durable(1)));
    catalog
        .replicas()
        .relocate(B2, 1, key(".vistadr/history/a"), Optional.of(new VersionId("moved")), "other");
    assertThat(catalog.replicas().find(B2, 1))
        .hasValueSatisfying(replica -> {
          assertThat(replica.aside()).isTrue();
          assertThat(replica.remoteVersion()).contains(new VersionId("moved"));
          assertThat(replica.etag()).isEqualTo("other");
        });
    catalog.replicas().refute(B2, 1, "404 at the secondary");
    assertThat(catalog.replicas().find(B2, 1)).isEmpty();
    assertThat(catalog.replicas().count(B2)).isEqualTo(new ReplicaLog.Count(0, 0));
    assertThat(due(B2))
        .singleElement()
        .satisfies(row -> assertThat(row.lastError()).isEqualTo("404 at the secondary"));
    assertThatThrownBy(() -> catalog.replicas().refute(B2, 1, "again"))
        .isInstanceOf(CatalogException.class);
  }

  @Test
  void givenUpRowsAreRetriedOrWaivedVisibly() {
    record(catalog, 1, append("a", content(0, 5)), append("b", content(0, 7)));
    catalog.queue().settle(B2, List.of(givenUp(1), givenUp(2)));
    assertThat(catalog.queue().backlog(B2).givenUp()).isEqualTo(2);
    assertThat(catalog.queue().retryGivenUp(B2, Optional.of(key("a")))).isEqualTo(1);
    assertThat(due(B2)).extracting(Pending::attempts).containsExactly(0);
    assertThat(catalog.queue().waive(B2, key("b"), "known bad")).isEqualTo(1);
    assertThat(catalog.queue().list(B2, ReplicaState.WAIVED, Optional.empty(), 10))
        .extracting(Pending::lastError)
        .containsExactly("waived: known bad; last error: 403 at the secondary");
    ReplicationQueue.Backlog backlog = catalog.queue().backlog(B2);
    assertThat(backlog.givenUp()).isZero();
    assertThat(backlog.waived()).isEqualTo(1);
    assertThat(backlog.pendingObjects()).isEqualTo(1);
    assertThat(backlog.pendingBytes()).isEqualTo(5);
  }

  @Test
  void theOldestChangeIsNamedAcrossThePendingAndTheGivenUp() {
    assertThat(catalog.queue().backlog(B2).oldestPending()).isEmpty();
    record(catalog, 1, append("a", content(5, 5)), append("b", content(3, 7)));
    assertThat(catalog.queue().backlog(B2).oldestKey()).contains(key("b"));
    catalog.queue().settle(B2, List.of(givenUp(2)));
    assertThat(catalog.queue().backlog(B2).oldestPending()).contains(START.plusSeconds(3));
    catalog.queue().settle(B2, List.of(durable(2)));
    assertThat(catalog.queue().backlog(B2).oldestKey()).contains(key("a"));
  }

  @Test
  void unknownLagIsNotZero() {
    assertThat(catalog.queue().lag(B2, START)).isInstanceOf(Lag.Unknown.class);
    long scan = catalog.scans().begin(START, Regime.VERSIONED).number();
    record(catalog, scan, append("a", content(0, 5)));
    catalog.scans().complete(scan, START, 1, 1);
    assertThat(catalog.queue().advanceRecoveryPoint(B2)).isEmpty();
    assertThat(catalog.queue().lag(B2, START)).isInstanceOf(Lag.Unknown.class);
    catalog.queue().settle(B2, List.of(durable(1)));
    assertThat(catalog.queue().advanceRecoveryPoint(B2)).contains(START);
    assertThat(catalog.queue().lag(B2, START.plusSeconds(9)))
        .isEqualTo(new Lag.Known(START, Duration.ofSeconds(9)));
  }

  @Test
  void aMissedVersionHoldsBackOnlyTheScansThatStillSawIt() {
    long first = scan(START, append("a", content(0, 5)));
    assertThat(catalog.queue().advanceRecoveryPoint(B2)).isEmpty();
    scan(START.plusSeconds(60), purge("a", 1L));
    assertThat(catalog.queue().backlog(B2).missed()).isEqualTo(1);
    assertThat(catalog.queue().advanceRecoveryPoint(B2)).contains(START.plusSeconds(60));
    assertThat(catalog.queue().backlog(B2).missed()).isEqualTo(1);
    assertThat(catalog.queue().ofKey(B2, key("a")))
        .extracting(Pending::state)
        .containsExactly(ReplicaState.MISSED);
    assertThat(first).isEqualTo(1);
  }

  @Test
  void recoveryPointNeverGoesBackWithThePrimarysClock() {
    scan(START);
    assertThat(catalog.queue().advanceRecoveryPoint(B2)).contains(START);
    scan(START.minusSeconds(60));
    assertThat(catalog.queue().advanceRecoveryPoint(B2)).contains(START);
  }

  @Test
  void aNewSecondaryIsFilledInPiecesAndUnknownUntilThen() {
    SiteName late = new SiteName("late");
    scan(START, append("a", content(0, 1)), append("b", content(0, 2)), append("c", content(0, 4)));
    catalog.declareSecondaries(List.of(B2, R2, late));
    record(catalog, 2, append("d", content(0, 8)));
    assertThat(due(late)).extracting(p -> p.version().id()).containsExactly(4L);
    assertThat(catalog.queue().backlog(late).backfillLeft()).isEqualTo(OptionalLong.of(3));
    assertThat(catalog.queue().backfill(late, 2)).isTrue();
    catalog.queue().settle(late, List.of(durable(1), durable(2), durable(4)));
    assertThat(catalog.queue().advanceRecoveryPoint(late)).isEmpty();
    assertThat(catalog.queue().lag(late, START)).isInstanceOf(Lag.Unknown.class);
    while (catalog.queue().backfill(late, 2)) {
      assertThat(catalog.queue().backlog(late).backfillLeft()).isPresent();
    }
    assertThat(due(late)).extracting(p -> p.version().id()).containsExactly(3L);
    assertThat(catalog.queue().backlog(late).backfillLeft()).isEmpty();
    catalog.queue().settle(late, List.of(durable(3)));
    assertThat(catalog.queue().advanceRecoveryPoint(late)).contains(START);
  }

  @Test
  void aSecondaryThatWasAwayGetsWhatItMissedOnceAndNothingTwice() {
    record(catalog, 1, append("a", content(0, 1)), append("b", content(0, 1)));
    catalog.queue().settle(R2, List.of(durable(1)));
    catalog.declareSecondaries(List.of(B2));
    record(catalog, 1, append("c", content(0, 1)));
    assertThat(catalog.queue().advanceRecoveryPoint(R2)).isEmpty();
    catalog.declareSecondaries(List.of(B2, R2));
    record(catalog, 1, append("d", content(0, 1)));
    List<Long> ids = new ArrayList<>();
    boolean more = true;
    while (more) {
      more = catalog.queue().backfill(R2, 1);
    }
    due(R2).forEach(row -> ids.add(row.version().id()));
    assertThat(ids).containsExactly(2L, 3L, 4L);
    assertThat(catalog.queue().backlog(R2).pendingObjects()).isEqualTo(3);
  }

  @Test
  void dispatchedMarkOnlyGrows() {
    assertThat(catalog.queue().dispatchedThrough(B2)).isZero();
    catalog.queue().markDispatched(B2, 7);
    catalog.queue().markDispatched(B2, 3);
    assertThat(catalog.queue().dispatchedThrough(B2)).isEqualTo(7);
    assertThat(catalog.queue().dispatchedThrough(R2)).isZero();
  }

  @Test
  void anUnknownSecondaryIsNamed() {
    assertThatThrownBy(() -> catalog.queue().backlog(new SiteName("nowhere")))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("nowhere");
  }

  private long scan(Instant startedAt, KeyChange... changes) {
    long number = catalog.scans().begin(startedAt, Regime.VERSIONED).number();
    record(catalog, number, changes);
    catalog.scans().complete(number, startedAt, 0, 0);
    return number;
  }

  private List<Pending> due(SiteName secondary) {
    return catalog.queue().due(secondary, 0, START, 100);
  }
}
