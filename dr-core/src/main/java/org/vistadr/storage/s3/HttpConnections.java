package org.vistadr.storage.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The connections of a transport: a bounded number, kept open between exchanges, and a watch that
/// cuts those whose time is up or that are silent for too long. Safe for many threads.
final class HttpConnections implements AutoCloseable {

  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// A connection that rested for longer is looked at before it is used again.
  private static final Duration LOOK_AFTER = Duration.ofSeconds(1);

  private static final Duration LONGEST_REST = Duration.ofMinutes(1);

  /// So that a change of the host's addresses is followed.
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(5);

  private final Semaphore places;
  private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
  private final Set<HttpConnection> busy = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor watch;
  private volatile boolean closed;

  HttpConnections(int most) {
    this.places = new Semaphore(most);
    this.watch =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("vistadr-http-watch").factory());
    var _ = watch.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
  }

  /// A connection to a site, for one exchange. It must come back by [#release] or [#drop].
  HttpConnection take(SiteAddress address, Duration deadline) throws IOException {
    try {
      if (!places.tryAcquire() && !places.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new SocketTimeoutException("no connection became free within " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
    boolean taken = false;
    try {
      HttpConnection connection = idleOrNew(address);
      connection.due(System.nanoTime() + deadline.toNanos());
      busy.add(connection);
      taken = true;
      if (closed) {
        drop(connection);
        throw new IOException("the client is closed");
      }
      return connection;
    } finally {
      if (!taken) {
        places.release();
      }
    }
  }

  private HttpConnection idleOrNew(SiteAddress address) throws IOException {
    for (HttpConnection known = idle.pollFirst(); known != null; known = idle.pollFirst()) {
      long now = System.nanoTime();
      if (known.leadsTo(address)
          && now - known.openedAt() < LONGEST_LIFE.toNanos()
          && (now - known.lastByteAt() < LOOK_AFTER.toNanos() || known.isOpen())) {
        return known;
      }
      known.close();
    }
    return HttpConnection.open(address);
  }

  /// Takes a connection back whose exchange came to its end.
  void release(HttpConnection connection) {
    if (!busy.remove(connection)) {
      return;
    }
    if (closed || !connection.isClean()) {
      connection.close();
    } else {
      idle.addFirst(connection);
      if (closed) {
        connection.close();
      }
    }
    places.release();
  }

  /// Closes a connection whose exchange did not come to its end.
  void drop(HttpConnection connection) {
    if (busy.remove(connection)) {
      connection.close();
      places.release();
    }
  }

  private void look() {
    long now = System.nanoTime();
    for (HttpConnection connection : busy) {
      if (now - connection.dueAt() > 0 || now - connection.lastByteAt() > SILENCE.toNanos()) {
        connection.cut();
      }
    }
    // The ones that rested longest are at the end.
    for (HttpConnection last = idle.pollLast(); last != null; last = idle.pollLast()) {
      if (now - last.lastByteAt() < LONGEST_REST.toNanos()) {
        idle.addLast(last);
        return;
      }
      last.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    watch.shutdownNow();
    busy.forEach(HttpConnection::close);
    idle.forEach(HttpConnection::close);
  }
}
