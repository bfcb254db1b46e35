package org.vistadr.server.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.RunLog;
import org.vistadr.server.config.Sites;
import org.vistadr.server.engine.Engine;
import org.vistadr.storage.MultipartUpload;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.StorageException;

/// Forgets old runs and restores, and aborts uploads that an earlier process began at a secondary
/// and nobody goes on with.
///
/// @param engine what runs
/// @param keepRuns how long ended runs are remembered, and ended restores, these at least 90 days
public record HousekeepingTask(Engine engine, Duration keepRuns) implements Task {

  /// The task's name.
  public static final String NAME = "housekeeping";

  private static final Logger LOG = LoggerFactory.getLogger(HousekeepingTask.class);

  /// A restore can be undone, and proved, for so long.
  private static final Duration KEEP_RESTORES = Duration.ofDays(90);

  private static final Duration STALE = Duration.ofDays(1);

  /// While copies are in flight an upload may be a large object that takes its time.
  private static final Duration STALE_WHILE_COPYING = Duration.ofDays(7);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome run() {
    Instant now = engine.clock().instant();
    long forgotten = engine.catalog().runs().forgetBefore(now.minus(keepRuns));
    Duration keepRestores = keepRuns.compareTo(KEEP_RESTORES) > 0 ? keepRuns : KEEP_RESTORES;
    long restores = engine.catalog().reports().forgetBefore(now.minus(keepRestores));
    engine.catalog().drills().forgetBefore(now.minus(keepRuns));
    engine.catalog().prunes().forgetBefore(now.minus(keepRestores), now);
    long aborted = 0;
    List<String> problems = new ArrayList<>();
    for (Sites.Secondary secondary : engine.sites().secondaries()) {
      ObjectStore store = engine.store(secondary.site().name()).orElseThrow();
      Duration age = engine.synchronizer().replicating(store.site()) ? STALE_WHILE_COPYING : STALE;
      try {
        for (MultipartUpload upload : store.staleMultiparts(now.minus(age))) {
          if (isOurs(upload)) {
            store.abortMultipart(upload);
            aborted++;
          }
        }
      } catch (StorageException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    if (forgotten + restores + aborted > 0) {
      LOG.info(
          "housekeeping runs_forgotten={} restores_forgotten={} uploads_aborted={}",
          forgotten,
          restores,
          aborted);
    }
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("runsForgotten", forgotten);
    counters.put("restoresForgotten", restores);
    counters.put("uploadsAborted", aborted);
    return problems.isEmpty()
        ? new Outcome(RunLog.Result.SUCCEEDED, counters, "")
        : new Outcome(RunLog.Result.PARTIAL, counters, String.join("; ", problems));
  }

  /// Somebody else may use the bucket too: only keys that we would write count.
  private boolean isOurs(MultipartUpload upload) {
    return upload.key().isReserved()
        || !engine.catalog().versions().history(upload.key()).newestFirst().isEmpty();
  }
}
