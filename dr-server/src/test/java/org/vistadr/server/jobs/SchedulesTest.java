package org.vistadr.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.RunLog;
import org.vistadr.server.config.Timetable;

/// Schedules with a task that the test holds in its hand.
final class SchedulesTest {

  private static final Timetable EVERY_SECOND = new Timetable.Every(Duration.ofSeconds(1));
  private static final Timetable NEVER = new Timetable.Every(Duration.ofDays(1));

  @TempDir Path directory;

  @Test
  void aTaskThatRunsIsNotBegunAgain() throws Exception {
    HeldTask task = new HeldTask();
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC());
        Schedules schedules = schedules(catalog, task, NEVER)) {
      schedules.start();
      schedules.run("held");
      await().until(() -> task.begun.get() == 1);
      RefusedException refused =
          catchThrowableOfType(RefusedException.class, () -> schedules.run("held"));
      assertThat(refused.reason()).isEqualTo(RefusedException.Reason.RUNNING);
      task.release.release(100);
      await().until(() -> !schedules.isRunning("held"));
      assertThat(task.begun).hasValue(1);
      assertThat(catalog.runs().list(Optional.of("held"), Optional.empty(), 9))
          .singleElement()
          .satisfies(run -> {
            assertThat(run.trigger()).isEqualTo("request");
            assertThat(run.result()).isEqualTo(RunLog.Result.SUCCEEDED);
          });
    }
  }

  @Test
  void aPromptDuringARunMakesOneMoreRun() throws Exception {
    HeldTask task = new HeldTask();
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC());
        Schedules schedules = schedules(catalog, task, NEVER)) {
      schedules.start();
      schedules.prompt("held");
      await().until(() -> task.begun.get() == 1);
      for (int i = 0; i < 5; i++) {
        schedules.prompt("held");
      }
      task.release.release(100);
      await().until(() -> task.ended.get() == 2);
      await().during(Duration.ofMillis(300)).until(() -> task.begun.get() == 2);
    }
  }

  @Test
  void missedFireTimesAreCountedAndRunsNeverOverlap() throws Exception {
    HeldTask task = new HeldTask();
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC());
        Schedules schedules = schedules(catalog, task, EVERY_SECOND)) {
      schedules.start();
      await().until(() -> task.begun.get() == 1);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> {
            // The run lasts over the fire time after it, so that one is missed.
            return System.nanoTime() - task.beganAt > Duration.ofSeconds(3).toNanos();
          });
      assertThat(task.begun).hasValue(1);
      task.release.release(100);
      await().atMost(Duration.ofSeconds(10)).until(() -> catalog.runs().misfires("held") > 0);
      assertThat(task.mostAtOnce).hasValue(1);
    }
  }

  @Test
  void aPausedTaskNeitherRunsNorListensToPrompts() throws Exception {
    HeldTask task = new HeldTask();
    task.release.release(100);
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC())) {
      try (Schedules schedules = schedules(catalog, task, EVERY_SECOND)) {
        schedules.pause("held");
        schedules.start();
        schedules.prompt("held");
        assertThat(catchThrowableOfType(RefusedException.class, () -> schedules.run("held")))
            .extracting(RefusedException::reason)
            .isEqualTo(RefusedException.Reason.PAUSED);
      }
      // The pause is in the catalog: it holds for the next process, too.
      try (Schedules schedules = schedules(catalog, task, EVERY_SECOND)) {
        schedules.start();
        await().during(Duration.ofMillis(1500)).until(() -> task.begun.get() == 0);
        assertThat(schedules.nextRun("held")).isEmpty();
        schedules.resume("held");
        await().until(() -> task.ended.get() > 0);
        assertThat(schedules.nextRun("held")).isPresent();
      }
    }
  }

  @Test
  void theLongestGapOfACronExpressionIsFound() throws Exception {
    Timetable workdays = Timetable.parse("cron 0 0 4 ? * MON-FRI Europe/Paris");
    try (Catalog catalog = Catalog.open(directory, Clock.systemUTC());
        Schedules schedules = schedules(catalog, new HeldTask(), workdays)) {
      assertThat(schedules.longestGap("held")).isEqualTo(Duration.ofDays(3).plusHours(1));
    }
  }

  private static Schedules schedules(Catalog catalog, Task task, Timetable timetable) {
    Duration delay = timetable.equals(NEVER) ? Duration.ofDays(1) : Duration.ZERO;
    return new Schedules(
        List.of(new Schedules.Scheduled(task, timetable, delay)),
        catalog.runs(),
        RunListener.NONE,
        Clock.systemUTC(),
        Duration.ofMillis(100));
  }

  private static final class HeldTask implements Task {
    private final Semaphore release = new Semaphore(0);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private volatile long beganAt;

    @Override
    public String name() {
      return "held";
    }

    @Override
    public Outcome run() {
      beganAt = System.nanoTime();
      mostAtOnce.accumulateAndGet(now.incrementAndGet(), Math::max);
      begun.incrementAndGet();
      release.acquireUninterruptibly();
      now.decrementAndGet();
      ended.incrementAndGet();
      return new Outcome(RunLog.Result.SUCCEEDED, Map.of(), "");
    }
  }
}
