package org.vistadr.server;

import io.dropwizard.lifecycle.Managed;
import org.vistadr.server.events.EventWatch;

/// Begins and ends the telling of events with the daemon.
///
/// @param watch looks for what to tell
record Listeners(EventWatch watch) implements Managed {

  @Override
  public void start() {
    watch.start();
  }

  @Override
  public void stop() {
    watch.close();
  }
}
