package org.vistadr.cli.demo;

import java.time.Duration;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;

/// Keeps the daemon from listing the primary while something is written to it. The embedded server
/// shows an overwriting in progress as a version with the entity tag of another one, which no S3
/// service does; the daemon would refuse that version as not proved.
///
/// @param api the daemon
record DemoScans(ApiClient api) {

  private static final String TASK = "scan";
  private static final Duration LOOK = Duration.ofMillis(50);

  /// Starts no more scans, and waits for the end of the one that runs.
  void pause() throws InterruptedException {
    api.taskAction(TASK, "pause");
    while (api.tasks().items().stream()
        .anyMatch(task -> task.name().equals(TASK) && task.running())) {
      Thread.sleep(LOOK);
    }
  }

  /// Goes on, with a scan at once.
  void resume() {
    api.taskAction(TASK, "resume");
    try {
      api.runTask(TASK);
    } catch (CommandFailure running) {
      if (running.exit() != ExitCode.REFUSED) {
        throw running;
      }
    }
  }
}
