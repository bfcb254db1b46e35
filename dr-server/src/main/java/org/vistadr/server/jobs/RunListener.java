package org.vistadr.server.jobs;

import java.time.Duration;
import org.vistadr.catalog.RunLog;

/// Told of ended runs and missed fire times, for metrics. Calls come from many threads and must
/// return at once.
public interface RunListener {

  /// Nobody listens.
  RunListener NONE = new RunListener() {};

  /// A run ended.
  default void ended(String task, RunLog.Result result, Duration took) {}
}
