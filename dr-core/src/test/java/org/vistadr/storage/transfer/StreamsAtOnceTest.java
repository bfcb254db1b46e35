package org.vistadr.storage.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vistadr.embedded.TestS3;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ForwardingObjectStore;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.PutRequest;
import org.vistadr.storage.RequestObserver;
import org.vistadr.storage.Revision;
import org.vistadr.storage.SiteConfig;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.WriteBody;
import org.vistadr.storage.WriteCondition;
import org.vistadr.storage.WriteReceipt;

/// A narrow line is not divided among all copies that may be in flight.
class StreamsAtOnceTest {

  private static final ObjectKey LARGE = new ObjectKey("large");
  private static final ObjectKey SMALL = new ObjectKey("small");
  private static final byte[] DATA = "0123456789".getBytes(UTF_8);

  private final ObjectTransfer transfer =
      new ObjectTransfer(new TransferLimits(DATA.length - 1, 1 << 20));

  @Test
  void someLargeObjectsAtOnceAndSmallOnesBesides() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger inside = new AtomicInteger();
    SiteConfig primary = TestS3.versioned(SiteName.PRIMARY);
    // More than one, since the reads of so many take all requests that may be in flight at first.
    List<ObjectStore> sources = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      sources.add(open(primary));
    }
    try (ObjectStore target =
        new Held(open(TestS3.versioned(new SiteName("offsite"))), inside, release)) {
      put(sources.getFirst(), LARGE, DATA);
      put(sources.getFirst(), SMALL, new byte[] {1});
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 3 * ObjectTransfer.STREAMS; i++) {
        ObjectStore source = sources.get(i % 4);
        threads.add(Thread.ofVirtual().start(() -> move(source, LARGE, DATA.length, target)));
      }
      try {
        await().until(() -> inside.get() >= ObjectTransfer.STREAMS);
        await()
            .until(() ->
                threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        assertThat(inside.get()).isEqualTo(ObjectTransfer.STREAMS);
        move(sources.getLast(), SMALL, 1, target);
      } finally {
        release.countDown();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(inside.get()).isEqualTo(3 * ObjectTransfer.STREAMS);
    } finally {
      sources.forEach(ObjectStore::close);
    }
  }

  private static ObjectStore open(SiteConfig site) {
    return ObjectStores.open(site, Clock.systemUTC(), RequestObserver.NONE, new Random(1), _ -> {});
  }

  private static void put(ObjectStore store, ObjectKey key, byte[] data) throws StorageException {
    store.put(
        new PutRequest(
            key, ObjectAttributes.NONE, WriteBody.Buffered.of(data), WriteCondition.ALWAYS));
  }

  private void move(ObjectStore source, ObjectKey key, long size, ObjectStore target) {
    try {
      transfer.move(
          new StoreSource(source, key, Revision.CURRENT, Optional.empty()),
          size,
          target,
          key,
          attributes -> attributes,
          WriteCondition.ALWAYS,
          Optional.empty());
    } catch (StorageException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes of the large object wait.
  private static final class Held extends ForwardingObjectStore {

    private final AtomicInteger inside;
    private final CountDownLatch release;

    Held(ObjectStore store, AtomicInteger inside, CountDownLatch release) {
      super(store);
      this.inside = inside;
      this.release = release;
    }

    @Override
    public WriteReceipt put(PutRequest request) throws StorageException {
      if (request.key().equals(LARGE)) {
        inside.incrementAndGet();
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      return super.put(request);
    }
  }
}
