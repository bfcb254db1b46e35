package org.vistadr.server;

import java.util.List;
import org.vistadr.server.config.Sites;
import org.vistadr.server.jobs.ReplicateTask;
import org.vistadr.server.jobs.Schedules;

/// Has every replication run soon. Connected after the schedules exist, because a task in them
/// holds it.
final class Prompts implements Runnable {

  private volatile Runnable all = () -> {};

  void connect(Schedules schedules, Sites sites) {
    List<String> tasks =
        sites.secondaries().stream()
            .map(secondary -> ReplicateTask.nameFor(secondary.site().name()))
            .toList();
    all = () -> tasks.forEach(schedules::prompt);
  }

  @Override
  public void run() {
    all.run();
  }
}
