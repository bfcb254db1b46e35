package org.vistadr.restore.target;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.vistadr.model.SiteName;
import org.vistadr.storage.ByteRange;
import org.vistadr.storage.ObjectBody;
import org.vistadr.storage.ObjectHead;
import org.vistadr.storage.Sleeper;
import org.vistadr.storage.StorageException;
import org.vistadr.storage.transfer.ObjectSource;

/// Holds what a restore writes to so many bytes a second, all its objects together, in steps of a
/// twentieth of a second. Counted are bytes that pass through the daemon; copies that a site makes
/// within itself use none of its bandwidth and are not held. The limit can change at any time. Safe
/// for use by many threads.
public final class Bandwidth {

  /// After a pause so much may pass at once.
  private static final long BURST_NANOS = 250_000_000L;

  private static final int STEPS_PER_SECOND = 20;
  private static final int MOST_AT_ONCE = 64 << 10;

  private final Sleeper sleeper;
  private final LongSupplier nanoTime;
  private final BooleanSupplier stopped;

  /// 0 for none.
  private long perSecond;

  private long freeAt;

  /// @param limit bytes per second; empty is none
  /// @param nanoTime a clock that only goes forward
  /// @param stopped whether nothing more is to pass
  public Bandwidth(
      OptionalLong limit, Sleeper sleeper, LongSupplier nanoTime, BooleanSupplier stopped) {
    this.sleeper = sleeper;
    this.nanoTime = nanoTime;
    this.stopped = stopped;
    limit(limit);
  }

  /// Changes the limit, also for bytes that wait already.
  ///
  /// @param limit bytes per second; empty is none
  public synchronized void limit(OptionalLong limit) {
    perSecond = limit.orElse(0);
    freeAt = nanoTime.getAsLong();
  }

  /// Waits until so many bytes may pass.
  ///
  /// @throws InterruptedIOException when the restore is being stopped
  void pass(long bytes) throws InterruptedIOException {
    long left = bytes;
    while (left > 0) {
      if (stopped.getAsBoolean()) {
        throw new InterruptedIOException("the restore is being stopped");
      }
      long wait;
      synchronized (this) {
        if (perSecond == 0) {
          return;
        }
        long now = nanoTime.getAsLong();
        long step = Math.min(left, Math.max(1, perSecond / STEPS_PER_SECOND));
        freeAt = Math.max(freeAt, now - BURST_NANOS) + (long) (step * 1e9 / perSecond);
        wait = freeAt - now;
        left -= step;
      }
      if (wait > 0) {
        sleep(wait);
      }
    }
  }

  private void sleep(long nanos) throws InterruptedIOException {
    try {
      sleeper.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /// The same source, whose bytes come no faster than they may be written.
  ObjectSource held(ObjectSource source) {
    return new HeldSource(source);
  }

  private final class HeldSource implements ObjectSource {

    private final ObjectSource source;

    HeldSource(ObjectSource source) {
      this.source = source;
    }

    @Override
    public SiteName site() {
      return source.site();
    }

    @Override
    public ObjectBody open(ByteRange range) throws StorageException {
      return new HeldBody(source.open(range));
    }

    @Override
    public SortedMap<String, String> tags(ObjectHead head) throws StorageException {
      return source.tags(head);
    }
  }

  private final class HeldBody implements ObjectBody {

    private final ObjectBody body;
    private final InputStream stream;

    HeldBody(ObjectBody body) {
      this.body = body;
      this.stream = new HeldStream(body.stream());
    }

    @Override
    public ObjectHead head() {
      return body.head();
    }

    @Override
    public long length() {
      return body.length();
    }

    @Override
    public InputStream stream() {
      return stream;
    }

    @Override
    public void close() {
      body.close();
    }
  }

  private final class HeldStream extends FilterInputStream {

    HeldStream(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      if (one >= 0) {
        pass(1);
      }
      return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, Math.min(length, MOST_AT_ONCE));
      pass(count);
      return count;
    }
  }
}
