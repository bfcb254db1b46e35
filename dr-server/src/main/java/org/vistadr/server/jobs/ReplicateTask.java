package org.vistadr.server.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.SiteName;
import org.vistadr.sync.ReplicationReport;
import org.vistadr.sync.Synchronizer;

/// Copies to one secondary what is due there.
///
/// @param synchronizer does it
/// @param secondary where to
/// @param copied called when something was copied
public record ReplicateTask(Synchronizer synchronizer, SiteName secondary, Runnable copied)
    implements Task {

  /// The task of a secondary.
  public static String nameFor(SiteName secondary) {
    return "replicate-" + secondary;
  }

  @Override
  public String name() {
    return nameFor(secondary);
  }

  @Override
  public Outcome run() {
    ReplicationReport report = synchronizer.replicate(secondary);
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("durable", report.durable());
    counters.put("bytes", report.bytes());
    counters.put("retrying", report.retrying());
    counters.put("givenUp", report.givenUp());
    if (report.durable() > 0) {
      copied.run();
    }
    if (report.error().isPresent()) {
      return new Outcome(RunLog.Result.FAILED, counters, report.error().get());
    }
    if (report.retrying() + report.givenUp() > 0) {
      return new Outcome(
          RunLog.Result.PARTIAL,
          counters,
          "%d will be tried again, %d were given up"
              .formatted(report.retrying(), report.givenUp()));
    }
    return new Outcome(RunLog.Result.SUCCEEDED, counters, "");
  }
}
