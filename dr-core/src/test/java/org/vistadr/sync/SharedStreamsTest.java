package org.vistadr.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vistadr.model.ObjectAttributes;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.ThawState;

class SharedStreamsTest {

  private static final byte[] BYTES = randomBytes();

  private final AtomicInteger opened = new AtomicInteger();

  @Test
  void twoSecondariesThatWantAVersionAtTheSameTimeReadItOnce() throws Exception {
    SharedStreams streams = new SharedStreams(() -> 2);
    // Whoever comes first waits for the other only for a moment, so the test gives it several
    // chances.
    for (int round = 1; round <= 50; round++) {
      opened.set(0);
      Callable<byte[]> copy = () -> copy(streams, 7);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<byte[]> one = threads.submit(copy);
        Future<byte[]> two = threads.submit(copy);
        assertThat(one.get()).isEqualTo(BYTES);
        assertThat(two.get()).isEqualTo(BYTES);
      }
      if (opened.get() == 1) {
        return;
      }
    }
    assertThat(opened).as("reads of the last round").hasValue(1);
  }

  @Test
  void aSecondaryAloneDoesNotWaitForOthers() throws Exception {
    assertThat(copy(new SharedStreams(() -> 1), 7)).isEqualTo(BYTES);
    assertThat(opened).hasValue(1);
  }

  @Test
  void aWriterThatGivesUpDoesNotDisturbTheOther() throws Exception {
    SharedStreams streams = new SharedStreams(() -> 2);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> quitter =
          threads.submit(() -> {
            try (ObjectBody body = streams.open(7, 2, new ByteRange.All(), this::open)) {
              return body.stream().read();
            }
          });
      Future<byte[]> other = threads.submit(() -> copy(streams, 7));
      assertThat(other.get()).isEqualTo(BYTES);
      assertThat(quitter.get()).isEqualTo(BYTES[0] & 0xff);
    }
  }

  @Test
  void whatOpeningThrowsReachesEveryWriter() throws Exception {
    SharedStreams streams = new SharedStreams(() -> 2);
    FanOut.Opener failing =
        () -> {
          throw new StorageException.NotFound(SiteName.PRIMARY, "GetObject", "a");
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<ObjectBody> open = () -> streams.open(7, 2, new ByteRange.All(), failing);
      Future<ObjectBody> one = threads.submit(open);
      Future<ObjectBody> two = threads.submit(open);
      assertThatThrownBy(one::get).hasCauseInstanceOf(StorageException.NotFound.class);
      assertThatThrownBy(two::get).hasCauseInstanceOf(StorageException.NotFound.class);
    }
  }

  private byte[] copy(SharedStreams streams, long version) throws StorageException, IOException {
    try (ObjectBody body = streams.open(version, 2, new ByteRange.All(), this::open)) {
      assertThat(body.length()).isEqualTo(BYTES.length);
      return body.stream().readAllBytes();
    }
  }

  private ObjectBody open() {
    opened.incrementAndGet();
    InputStream stream = new ByteArrayInputStream(BYTES);
    return new ObjectBody() {
      @Override
      public ObjectHead head() {
        return new ObjectHead(
            BYTES.length,
            "etag",
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            ObjectAttributes.NONE,
            0,
            ThawState.NOT_THAWED,
            Optional.empty());
      }

      @Override
      public long length() {
        return BYTES.length;
      }

      @Override
      public InputStream stream() {
        return stream;
      }

      @Override
      public void close() {}
    };
  }

  private static byte[] randomBytes() {
    byte[] bytes = new byte[3_000_001];
    new SplittableRandom(5).nextBytes(bytes);
    return bytes;
  }
}
