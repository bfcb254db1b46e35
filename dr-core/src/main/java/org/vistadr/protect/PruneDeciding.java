package org.vistadr.protect;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.vistadr.catalog.PruneLog;
import org.vistadr.catalog.PruneLog.Decided;
import org.vistadr.model.PrunePlan;
import org.vistadr.model.PruneRule;
import org.vistadr.model.SiteName;

/// Writes the decisions of one plan down as they come, as many as a plan names. Not thread-safe.
final class PruneDeciding {

  private static final int BATCH = 1_000;

  private final PruneLog log;
  private final String plan;
  private final List<Decided> batch = new ArrayList<>();
  private final Set<SiteName> reliesOn = new TreeSet<>();
  private long seq;
  private long going;
  private long staying;
  private boolean left;

  PruneDeciding(PruneLog log, String plan) {
    this.log = log;
    this.plan = plan;
  }

  /// Whether it names as many as a plan can.
  boolean full() {
    return going >= PrunePlan.MOST;
  }

  void take(PruneRule.Decision decision) {
    boolean goes = decision.why().goes();
    if (decision.why().ofPolicy()) {
      return;
    }
    if ((goes ? going : staying) >= PrunePlan.MOST) {
      left = true;
      return;
    }
    if (goes) {
      going++;
    } else {
      staying++;
    }
    decision.reliesOn().ifPresent(reliesOn::add);
    batch.add(
        new Decided(decision.at(), decision.version(), goes, decision.why(), decision.detail()));
    if (batch.size() >= BATCH) {
      flush();
    }
  }

  /// @param cutShort whether not all of the catalog was looked at
  void finish(boolean cutShort) {
    flush();
    log.finish(plan, List.copyOf(reliesOn), left || full() || cutShort);
  }

  private void flush() {
    log.add(plan, seq + 1, batch);
    seq += batch.size();
    batch.clear();
  }
}
