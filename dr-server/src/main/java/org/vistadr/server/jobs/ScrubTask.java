package org.vistadr.server.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.ScrubDepth;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Scrub;
import org.vistadr.server.config.ProtectionSection;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;

/// Lists a secondary, and looks at a part of its replicas more closely.
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
      Optional<StorageException> notListed = list(counters);
      Scrub.Report checksums = scrub.run(secondary, ScrubDepth.CHECKSUM, budget.objects());
      counters.put("checksumObjects", checksums.objects());
      counters.put("checksumCompared", checksums.compared());
      Scrub.Report readBack = scrub.run(secondary, ScrubDepth.READ_BACK, budget.readBack());
      counters.put("readBackObjects", readBack.objects());
      counters.put("readBackBytes", readBack.bytes());
      // All depths look at the same replicas.
      long findings =
          Math.max(
              counters.getOrDefault("findings", 0L),
              Math.max(checksums.findings(), readBack.findings()));
      counters.put("findings", findings);
      if (notListed.isPresent()) {
        throw notListed.get();
      }
      return findings == 0
          ? new Outcome(RunLog.Result.SUCCEEDED, counters, "")
          : new Outcome(
              RunLog.Result.PARTIAL,
              counters,
              "%d copies are not as they were written; see vistadr verify findings"
                  .formatted(findings));
    } catch (StorageException e) {
      return new Outcome(
          RunLog.Result.FAILED, counters, "%s; %s".formatted(e.getMessage(), Hints.of(e)));
    }
  }

  /// A listing that proves nothing does not keep the other depths from going on.
  private Optional<StorageException> list(Map<String, Long> counters) {
    try {
      Scrub.Report listing = scrub.run(secondary, ScrubDepth.LISTING, 0);
      counters.put("listedObjects", listing.objects());
      counters.put("listedCompared", listing.compared());
      counters.put("extra", listing.extra());
      counters.put("findings", listing.findings());
      return Optional.empty();
    } catch (StorageException e) {
      return Optional.of(e);
    }
  }
}
