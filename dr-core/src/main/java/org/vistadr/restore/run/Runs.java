package org.vistadr.restore.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.vistadr.model.Restore;

/// The restores that this process carries out. Safe for use by many threads.
public final class Runs implements AutoCloseable {

  private final Function<Restore, RestoreRun> maker;
  private final Map<String, RestoreRun> runs = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// @param maker a run that has not begun
  public Runs(Function<Restore, RestoreRun> maker) {
    this.maker = maker;
  }

  /// Carries a restore out in the background, after a run of it that is being stopped has ended.
  public void start(Restore restore) {
    if (closed) {
      return;
    }
    var run = maker.apply(restore);
    var before = Optional.ofNullable(runs.put(restore.id(), run));
    Thread.ofVirtual()
        .name("restore-" + restore.id())
        .start(() -> {
          try {
            before.ifPresent(RestoreRun::awaitEnd);
            run.run();
          } finally {
            runs.remove(restore.id(), run);
          }
        });
  }

  /// Whether it carries a restore out, or will when its turn comes.
  public boolean carriesOut(String restoreId) {
    return runs.containsKey(restoreId);
  }

  /// Takes up no more items of a restore; those in flight are ended and recorded.
  void stop(String restoreId) {
    find(restoreId).ifPresent(RestoreRun::stop);
  }

  /// Changes the most bytes that a restore writes in a second; empty is no limit.
  void limit(String restoreId, OptionalLong bytesPerSecond) {
    find(restoreId).ifPresent(run -> run.limit(bytesPerSecond));
  }

  /// Speed and time left; empty when the restore does not run.
  public Optional<Pace> pace(String restoreId) {
    return find(restoreId).flatMap(RestoreRun::pace);
  }

  /// Waits until a restore does not run, at most so long.
  public void await(String restoreId, Duration atMost) throws InterruptedException {
    var run = find(restoreId);
    if (run.isPresent()) {
      run.get().await(atMost.toNanos());
    }
  }

  private Optional<RestoreRun> find(String restoreId) {
    return Optional.ofNullable(runs.get(restoreId));
  }

  /// Takes up no new items, waits for those in flight and records them.
  @Override
  public void close() {
    closed = true;
    var running = List.copyOf(runs.values());
    running.forEach(RestoreRun::stop);
    running.forEach(RestoreRun::awaitEnd);
  }
}
