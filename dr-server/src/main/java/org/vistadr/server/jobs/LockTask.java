package org.vistadr.server.jobs;

import java.time.Duration;
import java.util.Map;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.ObjectLock;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Locks;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;

/// Renews the locks of a secondary's copies.
///
/// @param locks does it
/// @param secondary where
public record LockTask(Locks locks, SiteName secondary) implements Task {

  /// The task of a secondary.
  public static String nameFor(SiteName secondary) {
    return "locks-" + secondary;
  }

  /// How often: a round that fails can be repeated often before a lock ends.
  public static Duration interval(ObjectLock lock) {
    Duration eighth = lock.retain().dividedBy(8);
    return eighth.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1) : eighth;
  }

  @Override
  public String name() {
    return nameFor(secondary);
  }

  @Override
  public Outcome run() {
    try {
      var refusal = locks.refusal(secondary);
      if (refusal.isPresent()) {
        return new Outcome(RunLog.Result.FAILED, Map.of(), refusal.get());
      }
      Locks.Report report = locks.run(secondary);
      return new Outcome(
          RunLog.Result.SUCCEEDED,
          Map.of("looked", report.looked(), "renewed", report.renewed()),
          "");
    } catch (StorageException e) {
      return new Outcome(
          RunLog.Result.FAILED, Map.of(), "%s; %s".formatted(e.getMessage(), Hints.of(e)));
    }
  }
}
