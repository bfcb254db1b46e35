package org.vistadr.storage.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

  private static final int MIB = 1 << 20;

  @Test
  void whatIsGivenBackIsTakenNext() {
    BufferPool pool = new BufferPool(4 * MIB);
    byte[] first = pool.take(MIB - 5);
    assertThat(first).hasSize(MIB);
    assertThat(pool.take(MIB)).as("in use").isNotSameAs(first);
    pool.giveBack(first);
    assertThat(pool.take(700_000)).isSameAs(first);
    assertThat(pool.take(700_000)).as("taken once only").isNotSameAs(first);
  }

  @Test
  void whoWantsMoreThanThereIsWaitsUntilSomethingIsGivenBack() throws Exception {
    BufferPool pool = new BufferPool(2 * MIB);
    pool.take(MIB);
    byte[] second = pool.take(MIB);
    CompletableFuture<byte[]> third = new CompletableFuture<>();
    Thread waiting = Thread.startVirtualThread(() -> third.complete(pool.take(MIB)));
    await().until(() -> waiting.getState() == Thread.State.WAITING);
    assertThat(third).isNotDone();
    pool.giveBack(second);
    assertThat(third.get()).isSameAs(second);
  }

  @Test
  void keptArraysOfOtherSizesMakeRoom() {
    BufferPool pool = new BufferPool(2 * MIB);
    byte[] small = pool.take(MIB / 2);
    byte[] large = pool.take(MIB);
    pool.giveBack(small);
    pool.giveBack(large);
    byte[] whole = pool.take(2 * MIB);
    assertThat(whole).hasSize(2 * MIB);
    pool.giveBack(whole);
    assertThat(pool.take(MIB)).as("let go for the larger one").isNotSameAs(large);
  }

  @Test
  void anArrayLargerThanThePoolIsInUseAlone() {
    BufferPool pool = new BufferPool(MIB);
    byte[] large = pool.take(5 * MIB);
    assertThat(large).hasSize(8 * MIB);
    pool.giveBack(large);
    assertThat(pool.take(MIB)).hasSize(MIB);
  }

  @Test
  void smallArraysAndThoseOfNoPoolAreAlwaysNewAndExact() {
    BufferPool pool = new BufferPool(MIB);
    byte[] small = pool.take(1000);
    pool.giveBack(small);
    assertThat(pool.take(1000)).hasSize(1000).isNotSameAs(small);

    byte[] unpooled = BufferPool.NONE.take(MIB - 1);
    BufferPool.NONE.giveBack(unpooled);
    assertThat(BufferPool.NONE.take(MIB - 1)).hasSize(MIB - 1).isNotSameAs(unpooled);
  }
}
