package org.vistadr.sync;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.vistadr.catalog.ReplicationQueue;
import org.vistadr.model.ObjectKey;
import org.vistadr.model.SiteName;

/// One run over a secondary's queue: pages of what is due, a chain per key, many keys at a time.
/// Memory is bounded by a page and the keys in flight.
final class Replication {

  private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

  private static final int PAGE = 500;
  private static final int BACKFILL_PAGE = 5000;

  private final KeyChain.Context context;
  private final int copiesAtOnce;
  private final ContentJudge judge;
  private final Set<ObjectKey> busy = ConcurrentHashMap.newKeySet();
  private final LongAdder durable = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder retrying = new LongAdder();
  private final LongAdder givenUp = new LongAdder();
  private volatile Optional<RuntimeException> failure = Optional.empty();

  Replication(KeyChain.Context context, int copiesAtOnce, ContentJudge judge) {
    this.context = context;
    this.judge = judge;
    this.copiesAtOnce = copiesAtOnce;
  }

  /// Works until nothing is due, the secondary or the primary proves to be down, or the daemon
  /// stops.
  ReplicationReport run() {
    ReplicationQueue queue = context.catalog().queue();
    SiteName secondary = context.secondary();
    while (!mustEnd() && queue.backfill(secondary, BACKFILL_PAGE)) {
      // The queue of a new secondary is filled page by page, so that no transaction grows with the
      // bucket.
    }
    Semaphore permits = new Semaphore(copiesAtOnce);
    try (OutcomeWriter writer = new OutcomeWriter(context.catalog(), secondary)) {
      boolean more = true;
      long before = 0;
      while (more && !mustEnd()) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
          pass(queue, threads, permits, writer);
        }
        writer.flush();
        judge.judge();
        long done = durable.sum() + retrying.sum() + givenUp.sum();
        more = done > before;
        before = done;
        queue.advanceRecoveryPoint(secondary);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.advanceRecoveryPoint(secondary);
    if (failure.isPresent()) {
      throw failure.get();
    }
    ReplicationReport report =
        new ReplicationReport(
            secondary,
            durable.sum(),
            bytes.sum(),
            retrying.sum(),
            givenUp.sum(),
            context.health().verdict());
    boolean idle =
        report.durable() + report.retrying() + report.givenUp() == 0 && report.error().isEmpty();
    // A run that found nothing due, every minute, is not worth a line.
    LOG.atLevel(idle ? Level.DEBUG : Level.INFO)
        .log(
            "secondary={} durable={} bytes={} retrying={} given_up={} error=\"{}\"",
            secondary,
            report.durable(),
            report.bytes(),
            report.retrying(),
            report.givenUp(),
            report.error().orElse(""));
    return report;
  }

  /// Goes once through what is due.
  private void pass(
      ReplicationQueue queue, ExecutorService threads, Semaphore permits, OutcomeWriter writer)
      throws InterruptedException {
    SiteName secondary = context.secondary();
    Instant now = context.clock().instant();
    long after = 0;
    while (!mustEnd()) {
      List<ReplicationQueue.Pending> page = queue.due(secondary, after, now, PAGE);
      if (page.isEmpty()) {
        break;
      }
      after = page.getLast().version().id();
      if (after > queue.dispatchedThrough(secondary)) {
        queue.markDispatched(secondary, after);
      }
      Map<ObjectKey, ReplicationQueue.Pending> keys = new LinkedHashMap<>();
      page.forEach(row -> keys.put(row.version().key(), row));
      for (var entry : keys.entrySet()) {
        ObjectKey key = entry.getKey();
        if (mustEnd()) {
          break;
        }
        // A key in flight is taken up again in the next pass, if anything of it is still due.
        if (busy.add(key)) {
          permits.acquire();
          threads.execute(() -> work(entry.getValue(), permits, writer));
        }
      }
      queue.advanceRecoveryPoint(secondary);
      judge.duringCopies();
    }
  }

  /// @param due a row of the key
  private void work(ReplicationQueue.Pending due, Semaphore permits, OutcomeWriter writer) {
    ObjectKey key = due.version().key();
    try {
      KeyChain.Result result;
      try {
        result = new KeyChain(context, due).run(() -> busy.remove(key));
      } finally {
        permits.release();
      }
      durable.add(result.durable());
      bytes.add(result.bytes());
      retrying.add(result.retrying());
      givenUp.add(result.givenUp());
      writer.write(result.batch());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // A broken catalog or a mistake of ours: the run ends and says so; nothing more is recorded.
      failure = Optional.of(e);
    }
  }

  private boolean mustEnd() {
    return context.stopped().getAsBoolean()
        || failure.isPresent()
        || context.health().verdict().isPresent();
  }

  /// What a run reports that could not begin.
  static ReplicationReport notBegun(SiteName secondary, String error) {
    LOG.warn("secondary={} replication did not begin error=\"{}\"", secondary, error);
    return new ReplicationReport(secondary, 0, 0, 0, 0, Optional.of(error));
  }
}
