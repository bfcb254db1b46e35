package org.vistadr.server.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.catalog.RunLog;
import org.vistadr.protect.BucketConfigs;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;
import org.vistadr.sync.ScanReport;
import org.vistadr.sync.Synchronizer;

/// Reads what the primary's bucket is set to, if that is due, then its whole listing, and has
/// replication run at once when something is new. Settings first: what they let be removed is held
/// before the listing shows it.
///
/// @param configs reads settings
/// @param synchronizer does it
/// @param foundSomething called when a scan appended or purged entries
public record ScanTask(BucketConfigs configs, Synchronizer synchronizer, Runnable foundSomething)
    implements Task {

  private static final Logger LOG = LoggerFactory.getLogger(ScanTask.class);

  /// The task's name.
  public static final String NAME = "scan";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Outcome run() {
    List<String> messages = new ArrayList<>();
    readSettings(messages);
    try {
      ScanReport report = synchronizer.scan();
      Map<String, Long> counters = new LinkedHashMap<>();
      counters.put("keys", report.keys());
      counters.put("versions", report.versions());
      counters.put("appended", report.appended());
      counters.put("purged", report.purged());
      // Even when nothing is new: the recovery points may move, and an old row may be due.
      foundSomething.run();
      report.suspicions().forEach(reason -> messages.add("brake engaged: " + reason.detail()));
      if (!report.suspicions().isEmpty()) {
        counters.put("suspicions", (long) report.suspicions().size());
      }
      return new Outcome(RunLog.Result.SUCCEEDED, counters, String.join("; ", messages));
    } catch (StorageException e) {
      return new Outcome(
          RunLog.Result.FAILED, Map.of(), "%s; %s".formatted(e.getMessage(), Hints.of(e)));
    }
  }

  /// The listing does not wait for settings that cannot be read.
  private void readSettings(List<String> messages) {
    try {
      configs
          .readIfDue()
          .ifPresent(reading -> {
            if (!reading.changed().isEmpty()) {
              messages.add(
                  "bucket configuration changed: " + BucketConfigs.words(reading.changed()));
            }
            reading
                .suspicions()
                .forEach(reason -> messages.add("brake engaged: " + reason.detail()));
            reading.unanswered().values().forEach(messages::add);
          });
    } catch (StorageException | RuntimeException e) {
      LOG.warn("bucket configuration not read error=\"{}\"", e.getMessage());
      messages.add("bucket configuration not read: " + e.getMessage());
    }
  }
}
