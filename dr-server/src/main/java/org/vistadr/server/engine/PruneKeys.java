package org.vistadr.server.engine;

import java.util.function.Function;
import org.vistadr.model.SiteName;
import org.vistadr.protect.Prune;
import org.vistadr.protect.PruneRefusedException;
import org.vistadr.protect.PruneRefusedException.Reason;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.PruneKey;
import org.vistadr.server.config.Sites;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.SiteConfig;

/// Opens secondaries with the keys that may remove versions, read when they are needed.
///
/// @param open opens a store
record PruneKeys(Sites sites, Function<SiteConfig, ObjectStore> open) implements Prune.Keys {

  @Override
  public ObjectStore open(SiteName name) throws PruneRefusedException {
    Sites.Secondary secondary =
        sites.secondaries().stream()
            .filter(one -> one.site().name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new PruneRefusedException(
                    Reason.NO_PRUNE_KEY,
                    "%s is not in the configuration any more".formatted(name),
                    "make a new plan",
                    "vistadr prune plan"));
    PruneKey key =
        secondary
            .pruneKey()
            .orElseThrow(() ->
                new PruneRefusedException(
                    Reason.NO_PRUNE_KEY,
                    "%s has no key that may remove versions".formatted(name),
                    "make an access key with the rights that check names, and add to the secondary: prune: {accessKey: ..., secretKeyEnv: ...}; then start the daemon again",
                    "vistadr check " + name,
                    "vistadr runbook prune"));
    try {
      return open.apply(key.with(secondary.site()));
    } catch (ConfigProblem e) {
      ConfigProblem.Finding finding = e.findings().getFirst();
      throw new PruneRefusedException(
          Reason.NO_PRUNE_KEY,
          "the key for pruning %s cannot be read: %s: %s"
              .formatted(name, finding.key(), finding.message()),
          finding.hint(),
          "vistadr runbook prune");
    }
  }
}
