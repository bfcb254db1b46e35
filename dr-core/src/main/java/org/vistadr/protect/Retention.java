package org.vistadr.protect;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.vistadr.catalog.Catalog;
import org.vistadr.model.RecordedVersion;
import org.vistadr.model.SiteName;

/// What retention keeps, for those who care for copies as long as they have to be there.
@FunctionalInterface
public interface Retention {

  /// Whether a version's copy at a secondary has to stay, as of now. The answer is for one piece of
  /// work, by one thread.
  Predicate<RecordedVersion> keptAt(SiteName secondary);

  /// As the policies say, with holds, held checkpoints and what restores need.
  static Retention of(Catalog catalog, PruneSettings settings, InstantSource clock) {
    return secondary -> {
      if (settings.policies().getOrDefault(secondary, Optional.empty()).isEmpty()) {
        return _ -> true;
      }
      PruneFacts facts = new PruneFacts(catalog, settings, clock.instant());
      return version ->
          facts.decision(version, secondary).map(decision -> !decision.why().goes()).orElse(true);
    };
  }
}
