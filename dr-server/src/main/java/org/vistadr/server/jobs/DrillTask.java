package org.vistadr.server.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vistadr.catalog.DrillLog;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.Drill;
import org.vistadr.model.SiteName;
import org.vistadr.restore.drill.DrillRefusedException;
import org.vistadr.restore.drill.Drills;
import org.vistadr.server.config.Timetable;

/// Rehearses a restore from a secondary.
///
/// @param drills does it
/// @param secondary from where
/// @param waits whether a run found no recovery point, so that it should be tried again once there
///   is one
public record DrillTask(Drills drills, SiteName secondary, AtomicBoolean waits) implements Task {

  private static final Duration FIRST = Duration.ofMinutes(15);

  /// The task's name.
  public static String nameFor(SiteName secondary) {
    return "drill-" + secondary;
  }

  /// From start to the first run of an interval: a restart is no reason to drill again, since what
  /// is read leaves the secondary and may cost.
  public static Duration delay(Timetable timetable, DrillLog log, SiteName secondary, Instant now) {
    if (!(timetable instanceof Timetable.Every(Duration interval))) {
      return Duration.ZERO;
    }
    Duration left =
        log.last(secondary, Drill.State.SUCCEEDED)
            .map(last -> Duration.between(now, last.startedAt().plus(interval)))
            .orElse(Duration.ZERO);
    Duration delay = left.compareTo(FIRST) < 0 ? FIRST : left;
    return delay.compareTo(interval) > 0 ? interval : delay;
  }

  @Override
  public String name() {
    return nameFor(secondary);
  }

  @Override
  public Outcome run() {
    Drill drill;
    try {
      drill =
          drills.run(
              new Drills.Request(secondary, Optional.empty(), OptionalInt.empty(), "schedule"));
    } catch (DrillRefusedException e) {
      waits.set(e.reason() == DrillRefusedException.Reason.NO_RECOVERY_POINT);
      return new Outcome(RunLog.Result.PARTIAL, Map.of(), String.valueOf(e.getMessage()));
    }
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("drill", drill.id());
    counters.put("objects", drill.tally().restored());
    counters.put("bytes", drill.tally().bytes());
    counters.put("failures", drill.tally().failures());
    return drill.state() == Drill.State.SUCCEEDED
        ? new Outcome(RunLog.Result.SUCCEEDED, counters, "")
        : new Outcome(
            RunLog.Result.PARTIAL,
            counters,
            "%s; see vistadr drill show %d".formatted(drill.message(), drill.id()));
  }
}
