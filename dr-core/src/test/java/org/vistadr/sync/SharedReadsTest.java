package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.SiteName;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.transfer.BufferPool;
import org.vistadr.storage.transfer.BufferedObject;

class SharedReadsTest {

  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void aVersionThatTwoSecondariesWantIsReadOnce() throws StorageException {
    SharedReads shared = new SharedReads(1 << 20);
    BufferedObject first = shared.read(1, 5, 2, BufferPool.NONE, this::read);
    BufferedObject second = shared.read(1, 5, 2, BufferPool.NONE, this::read);
    assertThat(second).isSameAs(first);
    assertThat(reads).hasValue(1);
  }

  @Test
  void nothingIsKeptOnceAllHaveIt() throws StorageException {
    SharedReads shared = new SharedReads(1 << 20);
    shared.read(1, 5, 2, BufferPool.NONE, this::read);
    shared.read(1, 5, 2, BufferPool.NONE, this::read);
    shared.read(1, 5, 2, BufferPool.NONE, this::read);
    assertThat(reads).hasValue(2);
  }

  @Test
  void theBudgetHoldsAndTheOldestGoesFirst() throws StorageException {
    SharedReads shared = new SharedReads(2 * (5 + SharedReads.OVERHEAD));
    shared.read(1, 5, 2, BufferPool.NONE, this::read);
    shared.read(2, 5, 2, BufferPool.NONE, this::read);
    shared.read(3, 5, 2, BufferPool.NONE, this::read);
    shared.read(1, 5, 2, BufferPool.NONE, this::read);
    assertThat(reads).as("1 was dropped for 3").hasValue(4);
    shared.read(9, 7_000, 2, BufferPool.NONE, this::read);
    shared.read(9, 7_000, 2, BufferPool.NONE, this::read);
    assertThat(reads).as("larger than the budget").hasValue(6);
  }

  @Test
  void ofSmallObjectsWhatTheyCostBesideTheirBytesCounts() throws StorageException {
    SharedReads shared = new SharedReads(10 * (1 + SharedReads.OVERHEAD));
    for (long id = 1; id <= 20; id++) {
      shared.read(id, 1, 2, BufferPool.NONE, this::read);
    }
    for (long id = 11; id <= 20; id++) {
      shared.read(id, 1, 2, BufferPool.NONE, this::read);
    }
    assertThat(reads).as("ten are kept").hasValue(20);
    shared.read(10, 1, 2, BufferPool.NONE, this::read);
    assertThat(reads).as("an older one is not").hasValue(21);
  }

  @Test
  void aFailedReadIsNotShared() throws StorageException {
    SharedReads shared = new SharedReads(1 << 20);
    assertThatThrownBy(() ->
            shared.read(
                1,
                5,
                2,
                BufferPool.NONE,
                _ -> {
                  throw new StorageException.NotFound(SiteName.PRIMARY, "GetObject", "a");
                }))
        .isInstanceOf(StorageException.NotFound.class);
    shared.read(1, 5, 2, BufferPool.NONE, this::read);
    assertThat(reads).hasValue(1);
  }

  private BufferedObject read(BufferPool pool) {
    reads.incrementAndGet();
    return new BufferedObject(
        WriteBody.Buffered.of("bytes".getBytes(StandardCharsets.UTF_8)),
        Optional.empty(),
        ObjectAttributes.NONE,
        pool);
  }
}
