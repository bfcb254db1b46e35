package org.vistadr.sync;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.StorageException;

/// One read of the primary that feeds several writers. A writer that falls far behind is left out
/// and reads for itself later, so that it does not hold the others back for long. Memory: eight
/// chunks of 64 KiB per writer.
final class FanOut {

  /// Opens the one read.
  @FunctionalInterface
  interface Opener {
    ObjectBody open() throws StorageException;
  }

  private static final int CHUNK = 64 << 10;
  private static final int CHUNKS = 8;
  private static final long PATIENCE_SECONDS = 20;

  private final CountDownLatch missing;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private final CompletableFuture<ObjectHead> head = new CompletableFuture<>();
  private final CompletableFuture<Long> length = new CompletableFuture<>();
  private boolean closedToNew;

  /// @param expected writers that may join, the first included
  FanOut(int expected) {
    this.missing = new CountDownLatch(expected);
  }

  /// Joins while the read has not begun.
  ///
  /// @return the body for this writer, or null when it is too late
  synchronized @Nullable Reader join() {
    if (closedToNew) {
      return null;
    }
    Reader reader = new Reader();
    readers.add(reader);
    missing.countDown();
    return reader;
  }

  /// Waits a moment for the others, then begins to read.
  void begin(Opener opener, long patienceMillis) throws InterruptedException {
    // Nothing depends on whether all came: who comes late reads for itself.
    boolean all = missing.await(patienceMillis, TimeUnit.MILLISECONDS);
    synchronized (this) {
      closedToNew = true;
    }
    Thread.ofVirtual().name("fan-out-" + (all ? "all" : "some")).start(() -> pump(opener));
  }

  private void pump(Opener opener) {
    try (ObjectBody body = opener.open()) {
      length.complete(body.length());
      head.complete(body.head());
      InputStream stream = body.stream();
      byte[] chunk = new byte[CHUNK];
      for (int count = stream.readNBytes(chunk, 0, CHUNK);
          count > 0;
          count = stream.readNBytes(chunk, 0, CHUNK)) {
        byte[] bytes = java.util.Arrays.copyOf(chunk, count);
        for (Reader reader : readers) {
          reader.offer(new Chunk.Bytes(bytes));
        }
        if (readers.isEmpty()) {
          return;
        }
      }
      readers.forEach(reader -> reader.offer(new Chunk.End()));
    } catch (StorageException | IOException | RuntimeException e) {
      length.completeExceptionally(e);
      head.completeExceptionally(e);
      readers.forEach(reader -> reader.offer(new Chunk.Broken(String.valueOf(e.getMessage()))));
    }
  }

  private sealed interface Chunk {
    record Bytes(byte[] data) implements Chunk {}

    record End() implements Chunk {}

    record Broken(String reason) implements Chunk {}
  }

  /// What one writer reads.
  final class Reader extends InputStream implements ObjectBody {
    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(CHUNKS);
    private byte[] current = new byte[0];
    private int position;
    private boolean ended;

    /// Waits until the read has begun.
    ///
    /// @throws StorageException what opening it threw
    void awaitHead() throws StorageException, InterruptedException {
      try {
        head.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof StorageException failure) {
          throw failure;
        }
        throw new IllegalStateException("a shared read failed", e.getCause());
      }
    }

    @Override
    public ObjectHead head() {
      return head.join();
    }

    @Override
    public long length() {
      return length.join();
    }

    @Override
    public InputStream stream() {
      return this;
    }

    private void offer(Chunk chunk) {
      try {
        if (!queue.offer(chunk, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          readers.remove(this);
          queue.clear();
          queue.add(new Chunk.Broken("it fell behind the other secondaries"));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        readers.remove(this);
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int given = Math.min(count, current.length - position);
      System.arraycopy(current, position, buffer, offset, given);
      position += given;
      return given;
    }

    private boolean fill() throws IOException {
      while (!ended && position == current.length) {
        try {
          switch (queue.take()) {
            case Chunk.Bytes(byte[] data) -> {
              current = data;
              position = 0;
            }
            case Chunk.End() -> ended = true;
            case Chunk.Broken(String reason) ->
                throw new IOException("the shared read broke: " + reason);
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for a shared read", e);
        }
      }
      return !ended;
    }

    @Override
    public void close() {
      readers.remove(this);
      queue.clear();
    }
  }
}
