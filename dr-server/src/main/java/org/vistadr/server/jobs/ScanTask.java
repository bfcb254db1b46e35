package org.vistadr.server.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.vistadr.catalog.RunLog;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;
import org.vistadr.sync.ScanReport;
import org.vistadr.sync.Synchronizer;

/// Reads the primary's whole listing, and has replication run at once when something is new.
///
/// @param synchronizer does it
/// @param foundSomething called when a scan appended or purged entries
public record ScanTask(Synchronizer synchronizer, Runnable foundSomething) implements Task {

  /// The task's name.
  public static final String NAME = "scan";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome run() {
    try {
      ScanReport report = synchronizer.scan();
      Map<String, Long> counters = new LinkedHashMap<>();
      counters.put("keys", report.keys());
      counters.put("versions", report.versions());
      counters.put("appended", report.appended());
      counters.put("purged", report.purged());
      // Even when nothing is new: the recovery points may move, and an old row may be due.
      foundSomething.run();
      if (!report.suspicions().isEmpty()) {
        counters.put("suspicions", (long) report.suspicions().size());
      }
      return new Outcome(
          RunLog.Result.SUCCEEDED,
          counters,
          report.suspicions().stream()
              .map(reason -> "brake engaged: " + reason.detail())
              .collect(Collectors.joining("; ")));
    } catch (StorageException e) {
      return new Outcome(
          RunLog.Result.FAILED, Map.of(), "%s; %s".formatted(e.getMessage(), Hints.of(e)));
    }
  }
}
