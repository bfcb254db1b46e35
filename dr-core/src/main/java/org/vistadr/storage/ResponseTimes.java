package org.vistadr.storage;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tells when a site answers so much slower than it can that more requests at the same time would
/// only wait for each other. Requests of one kind are compared with the quickest of the last few
/// hundred of that kind; only kinds that do the same work each time. Safe for many threads.
final class ResponseTimes {

  /// The quickest answer is forgotten after one to two windows, so that a site that has become
  /// slower for good is not held back for ever.
  private static final int WINDOW = 500;

  private static final int FACTOR = 4;

  /// Below this nobody suffers; it also covers what a busy machine of our own adds.
  private static final long MARGIN_NANOS = 200_000_000L;

  /// Larger bodies take their time to be sent.
  private static final long LARGEST_BODY = 64 << 10;

  private static final Set<String> COMPARED =
      Set.of("GetObject", "HeadObject", "PutObject", "DeleteObject");

  private final Map<String, Quickest> quickest = new ConcurrentHashMap<>();

  /// Adds an answer.
  ///
  /// @param bytesSent of the request's body
  /// @param nanos until the answer's head was there
  /// @return whether it took much longer than such an answer has to
  boolean isSlow(String operation, long bytesSent, long nanos) {
    if (!COMPARED.contains(operation) || bytesSent > LARGEST_BODY) {
      return false;
    }
    long least = quickest.computeIfAbsent(operation, _ -> new Quickest()).with(nanos);
    return nanos > least * FACTOR && nanos - least > MARGIN_NANOS;
  }

  private static final class Quickest {
    private long before = Long.MAX_VALUE;
    private long now = Long.MAX_VALUE;
    private int count;

    synchronized long with(long nanos) {
      if (count == WINDOW) {
        before = now;
        now = Long.MAX_VALUE;
        count = 0;
      }
      count++;
      now = Math.min(now, nanos);
      return Math.min(before, now);
    }
  }
}
