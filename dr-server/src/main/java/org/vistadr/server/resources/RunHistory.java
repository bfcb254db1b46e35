package org.vistadr.server.resources;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.Page;
import org.vistadr.api.TaskView;
import org.vistadr.catalog.RunLog;

/// Runs as wire records.
///
/// @param runs the catalog's record of them
public record RunHistory(RunLog runs) {

  Page<TaskView.Run> page(Optional<String> task, @Nullable Integer limit, @Nullable String cursor) {
    int size = Parameters.limit(limit);
    List<RunLog.Run> found = runs.list(task, Parameters.numberFromCursor(cursor), size + 1);
    return Pages.of(found, size, RunHistory::view, last -> String.valueOf(last.id()));
  }

  Optional<TaskView.Run> last(String task) {
    return runs.list(Optional.of(task), Optional.empty(), 1).stream()
        .findFirst()
        .map(RunHistory::view);
  }

  long misfires(String task) {
    return runs.misfires(task);
  }

  private static TaskView.Run view(RunLog.Run run) {
    return new TaskView.Run(
        run.id(),
        run.task(),
        run.trigger(),
        run.startedAt(),
        run.endedAt(),
        run.result().name().toLowerCase(Locale.ROOT),
        run.counters(),
        run.message());
  }
}
