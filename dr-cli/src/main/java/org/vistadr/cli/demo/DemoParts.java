package org.vistadr.cli.demo;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything that must be gone when the demo ends, in whatever way it ends. Closes each part once,
/// the daemon first, the folder last. Thread-safe: Ctrl-C closes while a step runs.
final class DemoParts implements AutoCloseable {

  private final DemoFolder folder;
  private @Nullable DemoSites sites;
  private @Nullable DemoDaemon daemon;
  private boolean closed;

  DemoParts(DemoFolder folder) {
    this.folder = folder;
  }

  DemoFolder folder() {
    return folder;
  }

  synchronized DemoSites add(DemoSites started) {
    sites = started;
    if (closed) {
      started.close();
    }
    return started;
  }

  synchronized DemoDaemon add(DemoDaemon started) {
    daemon = started;
    if (closed) {
      started.close();
    }
    return started;
  }

  /// Whether the end has begun.
  synchronized boolean closed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    Optional.ofNullable(daemon).ifPresent(DemoDaemon::close);
    Optional.ofNullable(sites).ifPresent(DemoSites::close);
    folder.close();
  }
}
