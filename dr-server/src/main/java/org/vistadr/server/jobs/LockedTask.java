package org.vistadr.server.jobs;

import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Locks;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;

/// A task that writes to a secondary, refused as long as its bucket cannot lock what is written and
/// is configured to.
///
/// @param task what writes
/// @param locks knows
/// @param secondary where
public record LockedTask(Task task, Locks locks, SiteName secondary) implements Task {

  @Override
  public String name() {
    return task.name();
  }

  @Override
  public Outcome run() {
    try {
      Optional<String> refusal = locks.refusal(secondary);
      if (refusal.isPresent()) {
        return new Outcome(
            RunLog.Result.FAILED,
            Map.of(),
            "nothing is written to %s: %s; %s"
                .formatted(secondary, refusal.get(), Hints.noObjectLock(secondary)));
      }
    } catch (StorageException e) {
      return new Outcome(
          RunLog.Result.FAILED, Map.of(), "%s; %s".formatted(e.getMessage(), Hints.of(e)));
    }
    return task.run();
  }
}
