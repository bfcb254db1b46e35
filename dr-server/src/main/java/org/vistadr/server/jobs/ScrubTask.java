package org.vistadr.server.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Scrub;
import org.vistadr.server.config.ProtectionSection;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;

/// Looks at a part of a secondary's replicas again.
///
/// @param scrub does it
/// @param secondary where
/// @param budget how much at each run
public record ScrubTask(Scrub scrub, SiteName secondary, ProtectionSection.Verify budget)
    implements Task {

  /// The task's name.
  public static String nameFor(SiteName secondary) {
    return "scrub-" + secondary;
  }

  @Override
  public String name() {
    return nameFor(secondary);
  }

  @Override
  public Outcome run() {
    Map<String, Long> counters = new LinkedHashMap<>();
    try {
      Scrub.Report presence = scrub.run(secondary, ScrubDepth.PRESENCE, budget.objects());
      counters.put("objects", presence.objects());
      Scrub.Report readBack = scrub.run(secondary, ScrubDepth.READ_BACK, budget.readBack());
      counters.put("readBackObjects", readBack.objects());
      counters.put("readBackBytes", readBack.bytes());
      // Both depths look at the same replicas.
      long findings = Math.max(presence.findings(), readBack.findings());
      counters.put("findings", findings);
      return findings == 0
          ? new Outcome(RunLog.Result.SUCCEEDED, counters, "")
          : new Outcome(
              RunLog.Result.PARTIAL,
              counters,
              "%d replicas are not as they were written; see vistadr verify findings"
                  .formatted(findings));
    } catch (StorageException e) {
      return new Outcome(
          RunLog.Result.FAILED, counters, "%s; %s".formatted(e.getMessage(), Hints.of(e)));
    }
  }
}
