package org.vistadr.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.vistadr.catalog.SegmentLog;
import org.vistadr.model.Lag;
import org.vistadr.model.SiteName;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.jobs.DrillTask;
import org.vistadr.server.jobs.ReplicateTask;
import org.vistadr.server.jobs.Schedules;
import org.vistadr.server.jobs.SegmentsTask;

/// Has tasks run soon that another one made work for: replication after a scan, segments after
/// copies. Connected after the schedules exist, because tasks in them hold it; until then nothing
/// is prompted.
final class Prompts implements Runnable {

  /// Copies come one by one where the primary tells of changes; segments gather for so long.
  private static final Duration SEGMENTS_APART = Duration.ofSeconds(10);

  private final Map<SiteName, AtomicBoolean> drills = new ConcurrentHashMap<>();
  private volatile Runnable all = () -> {};
  private volatile Consumer<SiteName> copied = _ -> {};

  void connect(Schedules schedules, Engine engine) {
    List<String> tasks =
        engine.sites().secondaries().stream()
            .map(secondary -> ReplicateTask.nameFor(secondary.site().name()))
            .toList();
    all = () -> tasks.forEach(schedules::prompt);
    // An adopted catalog must not look for what was pruned.
    engine.onPruned(secondary -> schedules.prompt(SegmentsTask.nameFor(secondary)));
    copied =
        secondary -> {
          boolean recent =
              engine
                  .catalog()
                  .segments()
                  .chain(secondary)
                  .flatMap(SegmentLog.Chain::stateAt)
                  .filter(engine.clock().instant().minus(SEGMENTS_APART)::isBefore)
                  .isPresent();
          if (!recent) {
            schedules.prompt(SegmentsTask.nameFor(secondary));
          }
          AtomicBoolean waits = drills.get(secondary);
          if (waits != null
              && waits.get()
              && engine.catalog().queue().lag(secondary, engine.clock().instant())
                  instanceof Lag.Known
              && waits.getAndSet(false)) {
            schedules.prompt(DrillTask.nameFor(secondary));
          }
        };
  }

  /// A drill that found no recovery point is tried again after copies that made one.
  void drillWaits(SiteName secondary, AtomicBoolean waits) {
    drills.put(secondary, waits);
  }

  @Override
  public void run() {
    all.run();
  }

  /// Something was copied to a secondary.
  void copied(SiteName secondary) {
    copied.accept(secondary);
  }
}
