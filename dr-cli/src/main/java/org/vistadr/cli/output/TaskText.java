package org.vistadr.cli.output;

import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.vistadr.api.GivenUpChange;
import org.vistadr.api.SiteCheck;
import org.vistadr.api.TaskView;

/// Tasks, their runs and the result of a look at a site.
public final class TaskText {

  private TaskText() {}

  /// Every task in a row.
  public static Table tasks(List<TaskView> tasks, ZoneId zone) {
    Table table = new Table("TASK", "SCHEDULE", "STATE", "NEXT RUN", "LAST RUN", "RESULT");
    for (TaskView task : tasks) {
      table.row(
          task.name(),
          task.schedule(),
          task.running() ? "running" : task.paused() ? "paused" : "waiting",
          task.nextRun().map(at -> Moments.local(at, zone)).orElse("-"),
          task.lastRun().map(run -> Moments.local(run.startedAt(), zone)).orElse("never"),
          task.lastRun().map(TaskView.Run::result).orElse("-"));
    }
    return table;
  }

  /// Runs of a task, newest first.
  public static Table runs(List<TaskView.Run> runs, ZoneId zone) {
    Table table = new Table("STARTED", "TOOK>", "RESULT", "BY", "DETAILS");
    for (TaskView.Run run : runs) {
      table.row(
          Moments.local(run.startedAt(), zone),
          run.endedAt()
              .map(end -> Amounts.duration(Duration.between(run.startedAt(), end)))
              .orElse("-"),
          run.result(),
          run.trigger(),
          run.message().isEmpty() ? counters(run.counters()) : run.message());
    }
    return table;
  }

  /// What works at the sites.
  public static Table checks(List<SiteCheck> checks) {
    Table table = new Table("SITE", "STEP", "RESULT", "DETAIL");
    for (SiteCheck check : checks) {
      for (SiteCheck.Step step : check.steps()) {
        table.row(
            check.site(),
            step.name(),
            step.result(),
            step.hint() == null || step.hint().isEmpty()
                ? step.detail()
                : step.detail() + " (hint: " + step.hint() + ")");
      }
    }
    return table;
  }

  /// What the access keys for a site have to be allowed.
  public static List<String> policies(SiteCheck check) {
    List<String> lines = new ArrayList<>();
    for (SiteCheck.Policy policy : check.policies()) {
      lines.add("");
      lines.add(
          policy.use().equals("prune")
              ? "S3 policy of the key that prunes, which nobody needs for anything else:"
              : "S3 policy of the daemon's key:");
      lines.addAll(policy.json().lines().toList());
    }
    return lines;
  }

  /// What a secondary gave up.
  public static Table givenUp(List<GivenUpChange> changes, ZoneId zone) {
    Table table = new Table("CHANGED", "WHAT", "SIZE>", "TRIES>", "KEY", "LAST ERROR");
    for (GivenUpChange change : changes) {
      table.row(
          Moments.local(change.at(), zone),
          change.kind().equals("content") ? "version" : "deleted",
          Amounts.bytes(change.size()),
          String.valueOf(change.attempts()),
          change.key(),
          change.error());
    }
    return table;
  }

  private static String counters(Map<String, Long> counters) {
    return new TreeMap<>(counters)
        .entrySet().stream()
            .filter(counter -> counter.getValue() != 0)
            .map(counter -> counter.getKey() + "=" + counter.getValue())
            .collect(Collectors.joining(" "));
  }
}
