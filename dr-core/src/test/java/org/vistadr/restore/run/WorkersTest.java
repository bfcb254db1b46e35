package org.vistadr.restore.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vistadr.model.CurrentState;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.RestoreAction;
import org.vistadr.model.RestoreItem;

@Timeout(60)
class WorkersTest {

  private final List<RestoreItem> settled = new ArrayList<>();

  @Test
  void allIsCarriedOutAndSettledOnce() throws InterruptedException {
    var largest = new AtomicInteger();
    new Workers(items(5000), () -> true, task -> Optional.of(task.item()))
        .run(
            "t",
            8,
            batch -> {
              largest.accumulateAndGet(batch.size(), Math::max);
              settled.addAll(batch);
            });
    assertThat(settled).extracting(RestoreItem::seq).hasSize(5000).doesNotHaveDuplicates();
    assertThat(largest.get()).isLessThanOrEqualTo(512);
  }

  /// A large object does not hold the small ones back that come after it.
  @Test
  void nobodyWaitsForASlowItem() throws InterruptedException {
    var others = new CountDownLatch(2000);
    new Workers(
            items(2001),
            () -> true,
            task -> {
              if (task.item().seq() > 1) {
                others.countDown();
              } else {
                awaitAll(others);
              }
              return Optional.of(task.item());
            })
        .run("t", 2, settled::addAll);
    assertThat(settled).hasSize(2001);
    // The other worker may not have handed the last of its items over.
    assertThat(settled.indexOf(settled.stream().filter(item -> item.seq() == 1).findAny().get()))
        .isGreaterThanOrEqualTo(1999);
  }

  @Test
  void whatIsTakenUpIsSettledWhenItDoesNotGoOn() throws InterruptedException {
    var done = new AtomicInteger();
    new Workers(
            items(1000),
            () -> done.get() < 10,
            task -> {
              done.incrementAndGet();
              return Optional.of(task.item());
            })
        .run("t", 4, settled::addAll);
    assertThat(settled).hasSize(done.get()).hasSizeBetween(10, 13);
  }

  @Test
  void whatEndedIsSettledBeforeAFailureOfReadingIsThrown() {
    var items = items(3);
    Supplier<Optional<Upcoming.Task>> broken =
        () -> Optional.of(items.get().orElseThrow(() -> new IllegalStateException("cannot read")));
    assertThatThrownBy(() ->
            new Workers(broken, () -> true, task -> Optional.of(task.item()))
                .run("t", 1, settled::addAll))
        .hasMessage("cannot read");
    assertThat(settled).hasSize(3);
  }

  @Test
  void aFailureOfSettlingEndsTheWorkers() throws InterruptedException {
    var running = new AtomicInteger();
    assertThatThrownBy(() ->
            new Workers(
                    items(Long.MAX_VALUE),
                    () -> true,
                    task -> {
                      running.incrementAndGet();
                      return Optional.of(task.item());
                    })
                .run(
                    "t",
                    4,
                    _ -> {
                      throw new IllegalStateException("cannot write");
                    }))
        .hasMessage("cannot write");
    // No more than what fits between workers and whoever settles.
    assertThat(running.get()).isLessThan(3000);
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(50, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Supplier<Optional<Upcoming.Task>> items(long count) {
    var next = new AtomicLong();
    return () -> {
      long seq = next.incrementAndGet();
      return seq <= count
          ? Optional.of(new Upcoming.Task(item(seq), Optional.empty()))
          : Optional.empty();
    };
  }

  private static RestoreItem item(long seq) {
    return RestoreItem.planned(
            new ObjectKey("k" + seq),
            RestoreAction.PUT_BACK,
            "",
            OptionalLong.empty(),
            Optional.empty(),
            1,
            new CurrentState.Absent(Optional.empty()),
            List.of())
        .at(seq);
  }
}
