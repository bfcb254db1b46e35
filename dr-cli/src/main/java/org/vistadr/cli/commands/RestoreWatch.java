package org.vistadr.cli.commands;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.vistadr.api.RestoreView;
import org.vistadr.cli.client.RestoreFeed;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Progress;
import org.vistadr.cli.output.RestoreText;

/// Waits for a restore. The restore lives in the daemon: whatever ends the waiting leaves it
/// running. Without a daemon it stops with the waiting and can go on later.
final class RestoreWatch {

  private static final Duration FIRST_LOOKS = Duration.ofMillis(100);
  private static final Duration PACE = Duration.ofMillis(500);

  /// Most restores are over before listening would pay.
  private static final Duration LISTEN_AFTER = Duration.ofSeconds(2);

  private final Session session;
  private final Duration progressEvery;

  RestoreWatch(Session session, Duration progressEvery) {
    this.session = session;
    this.progressEvery = progressEvery;
  }

  /// The restore in its final state.
  ///
  /// @throws CommandFailure when `--timeout` is reached
  RestoreView untilEnded(String id) {
    Instant start = session.now();
    Instant lastEvent = start;
    Progress progress = session.progress(progressEvery);
    Optional<RestoreFeed> feed = Optional.empty();
    Thread farewell = new Thread(() -> detached(progress, id), "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      while (true) {
        if (feed.isEmpty() && Duration.between(start, session.now()).compareTo(LISTEN_AFTER) >= 0) {
          feed = Optional.of(session.api().restoreFeed(id));
        }
        RestoreView restore =
            feed.flatMap(RestoreFeed::latest)
                .orElseGet(() -> session.api().restore(id, Duration.ZERO));
        if (RestoreText.ended(restore)) {
          return restore;
        }
        Instant now = session.now();
        progress.show(RestoreText.progress(restore, now, progress.redraws()));
        if (session.options().json
            && Duration.between(lastEvent, now).compareTo(progressEvery) >= 0) {
          session
              .terminal()
              .json(new RestoreFlow.Event("status", Optional.empty(), Optional.of(restore)));
          lastEvent = now;
        }
        Duration waited = Duration.between(start, now);
        if (session.options().timeout.filter(limit -> waited.compareTo(limit) >= 0).isPresent()) {
          throw CommandFailure.of(
                  ExitCode.TIMED_OUT,
                  "timeout",
                  "restore %s has not ended yet; it %s"
                      .formatted(id, session.isDirect() ? "stops here and can go on" : "goes on"))
              .tryNext("vistadr restore watch " + id);
        }
        // Small restores end at once and should be told at once.
        Thread.sleep(waited.compareTo(Duration.ofSeconds(1)) < 0 ? FIRST_LOOKS : PACE);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandFailure.of(
          ExitCode.DETACHED, "detached", "stopped waiting; the restore goes on");
    } finally {
      feed.ifPresent(RestoreFeed::close);
      progress.end();
      removeHook(farewell);
    }
  }

  private void detached(Progress progress, String id) {
    progress.end();
    if (session.isDirect()) {
      session.say("Stopping: objects in flight are ended and recorded.");
      session.endDirect();
      session.say(
          "Restore %s can go on: 'vistadr restore watch %s', or by itself when the daemon starts."
              .formatted(id, id));
      return;
    }
    session.say(
        "Restore %s goes on. Watch with: vistadr restore watch %s (or pause, cancel)"
            .formatted(id, id));
  }

  private static void removeHook(Thread farewell) {
    try {
      Runtime.getRuntime().removeShutdownHook(farewell);
    } catch (IllegalStateException alreadyEnding) {
      // Ctrl-C: the farewell is being said.
    }
  }
}
