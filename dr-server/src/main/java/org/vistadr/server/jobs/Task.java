package org.vistadr.server.jobs;

import java.util.Map;
import org.vistadr.catalog.RunLog;

/// A piece of work with a name that runs again and again. A task runs once at a time.
public interface Task {

  /// The task's name in the API, in metrics and in the run history.
  String name();

  /// Does the work. Expected failures are outcomes, not exceptions.
  Outcome run();

  /// How a run went.
  ///
  /// @param result succeeded, partial or failed
  /// @param counters named numbers to show, in order
  /// @param message one line; empty for nothing to say
  record Outcome(RunLog.Result result, Map<String, Long> counters, String message) {}
}
