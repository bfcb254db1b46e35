package org.vistadr.server.jobs;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/// One run of a task, as Quartz starts it.
@DisallowConcurrentExecution
final class TaskJob implements Job {

  private final Schedules schedules;

  TaskJob(Schedules schedules) {
    this.schedules = schedules;
  }

  @Override
  public void execute(JobExecutionContext context) {
    schedules.execute(
        context.getJobDetail().getKey().getName(),
        context.getMergedJobDataMap().getOrDefault("trigger", "schedule").toString());
  }
}
