package org.vistadr.server.jobs;

import org.quartz.Trigger;
import org.quartz.listeners.TriggerListenerSupport;
import org.vistadr.catalog.RunLog;

/// Counts fire times that were missed, because the run before took too long or the machine slept.
final class MisfireCounter extends TriggerListenerSupport {

  private final RunLog runs;

  MisfireCounter(RunLog runs) {
    this.runs = runs;
  }

  @Override
  public String getName() {
    return "misfires";
  }

  @Override
  public void triggerMisfired(Trigger trigger) {
    runs.countMisfire(trigger.getJobKey().getName());
  }
}
