package org.vistadr.sync;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vistadr.model.SiteName;
import org.vistadr.storage.StorageException;

/// Tells trouble with an object from trouble with a site: a site that is down, or refuses our keys,
/// must not use up the tries of every version, and must not be asked again for each of them. Safe
/// for use by many threads.
final class RunHealth {

  /// Failures in a row, with no success in between, after which a site counts as down for this run.
  private static final int FAILURES_IN_A_ROW = 8;

  private final Map<SiteName, Integer> failures = new HashMap<>();
  private final Set<SiteName> answered = new HashSet<>();
  private Optional<String> verdict = Optional.empty();

  synchronized void succeeded(SiteName site) {
    failures.remove(site);
    answered.add(site);
  }

  /// Notes a failure.
  ///
  /// @return whether the failure is the object's own, and counts towards giving it up
  synchronized boolean failed(StorageException failure) {
    boolean sitesOwn =
        switch (failure) {
          case StorageException.Unavailable _, StorageException.Throttled _ -> true;
          case StorageException.BucketMissing _, StorageException.NoRoom _ -> true;
          case StorageException.AccessDenied _ -> !answered.contains(failure.site());
          case StorageException.CorruptBody _,
              StorageException.Unproved _,
              StorageException.NotFound _,
              StorageException.PreconditionFailed _,
              StorageException.Archived _,
              StorageException.Rejected _ ->
              false;
        };
    if (sitesOwn) {
      int inARow = failures.merge(failure.site(), 1, Integer::sum);
      if (inARow >= FAILURES_IN_A_ROW || failure instanceof StorageException.BucketMissing) {
        verdict = verdict.or(() -> Optional.of(String.valueOf(failure.getMessage())));
      }
    }
    return !sitesOwn;
  }

  /// Why the run must end, once it must.
  synchronized Optional<String> verdict() {
    return verdict;
  }
}
