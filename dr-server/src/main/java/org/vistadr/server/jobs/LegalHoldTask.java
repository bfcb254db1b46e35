package org.vistadr.server.jobs;

import java.util.Map;
import java.util.Optional;
import org.vistadr.catalog.RunLog;
import org.vistadr.model.SiteName;
import org.vistadr.protect.LegalHolds;
import org.vistadr.protect.Locks;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;

/// Brings the legal holds of a secondary to what people hold now.
///
/// @param holds does it
/// @param locks knows whether the bucket can lock anything
/// @param secondary where
public record LegalHoldTask(LegalHolds holds, Locks locks, SiteName secondary) implements Task {

  /// The task of a secondary.
  public static String nameFor(SiteName secondary) {
    return "legal-holds-" + secondary;
  }

  @Override
  public String name() {
    return nameFor(secondary);
  }

  @Override
  public Outcome run() {
    try {
      Optional<String> refusal = locks.refusal(secondary);
      if (refusal.isPresent()) {
        return new Outcome(RunLog.Result.FAILED, Map.of(), refusal.get());
      }
      LegalHolds.Report report = holds.run(secondary);
      return new Outcome(
          RunLog.Result.SUCCEEDED,
          Map.of("held", report.held(), "found", report.found(), "lifted", report.lifted()),
          "");
    } catch (StorageException e) {
      return new Outcome(
          RunLog.Result.FAILED, Map.of(), "%s; %s".formatted(e.getMessage(), hint(e)));
    }
  }

  private static String hint(StorageException problem) {
    return problem instanceof StorageException.AccessDenied
        ? "the key of every day needs s3:PutObjectLegalHold and s3:GetObjectRetention there"
        : problem instanceof StorageException.Rejected
            ? "when the provider has no legal holds, take objectLock.legalHold away"
            : Hints.of(problem);
  }
}
