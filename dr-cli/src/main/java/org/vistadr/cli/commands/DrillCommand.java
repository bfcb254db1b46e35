package org.vistadr.cli.commands;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.DrillView;
import org.vistadr.api.Page;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.DrillText;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr drill`
@Command(name = "drill", description = "Rehearsals of a restore: timed, compared to the byte.")
final class DrillCommand {

  private static final Duration PACE = Duration.ofMillis(500);

  private final Session session;

  DrillCommand(Session session) {
    this.session = session;
  }

  @Command(
      name = "run",
      description =
          "Restore a sample from a secondary into a scratch place, compare it and measure. What is read leaves the secondary.")
  int run(
      @Parameters(
              arity = "0..1",
              paramLabel = "SECONDARY",
              description = "From where; by default the one whose last drill is the longest ago.")
          String secondary,
      @Option(
              names = "--prefix",
              paramLabel = "P/",
              description = "All keys that start with it, up to drill.bytes.")
          String prefix,
      @Option(
              names = "--sample",
              paramLabel = "N",
              description = "So many objects; by default as configured.")
          Integer sample,
      @Option(names = "--wait", description = "Wait until it has ended.") boolean wait) {
    DrillView drill =
        session
            .api()
            .startDrill(
                new DrillView.Request(
                    Optional.ofNullable(secondary),
                    Optional.ofNullable(prefix),
                    Optional.ofNullable(sample)));
    session.say(
        "Drill %d from %s, as of %s, started."
            .formatted(drill.id(), drill.secondary(), drill.moment()));
    // Without a daemon it would end with this process.
    if (!wait && !session.isDirect()) {
      if (session.options().json) {
        session.terminal().json(drill);
      }
      session.say("How it went: vistadr drill show " + drill.id());
      return ExitCode.DONE.number();
    }
    return shown(untilEnded(drill.id()));
  }

  @Command(name = "list", description = "Drills, newest first.")
  int list(
      @Parameters(
              arity = "0..1",
              paramLabel = "SECONDARY",
              description = "Only from there; all by default.")
          String secondary,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "20",
              description = "So many at most; default 20.")
          int limit) {
    if (limit < 1) {
      throw CommandFailure.of(ExitCode.USAGE, "usage", "--limit is at least 1")
          .hint("leave it out for the newest 20");
    }
    List<DrillView> all =
        Pages.upTo(
                limit,
                (atMost, cursor) ->
                    session.api().drills(Optional.ofNullable(secondary), atMost, cursor))
            .items();
    session.print(new Page<>(all, Optional.empty()), DrillText.drills(all, session.zone()));
    return ExitCode.DONE.number();
  }

  @Command(
      name = "show",
      description = "One drill: what was tried, what failed, how long it takes.")
  int show(@Parameters(paramLabel = "ID", description = "Its number.") String id) {
    return shown(session.api().drill(id));
  }

  private int shown(DrillView drill) {
    if (session.options().json) {
      session.terminal().json(drill);
    } else {
      session.terminal().data(DrillText.page(drill, session.zone()));
    }
    return switch (drill.state()) {
      case "failed" ->
          drill.failures() > 0 ? ExitCode.SOME_FAILED.number() : ExitCode.JOB_FAILED.number();
      case "interrupted" -> ExitCode.JOB_FAILED.number();
      default -> ExitCode.DONE.number();
    };
  }

  private DrillView untilEnded(long id) {
    Instant start = session.now();
    try {
      while (true) {
        DrillView drill = session.api().drill(String.valueOf(id));
        if (!drill.state().equals("running")) {
          return drill;
        }
        Duration waited = Duration.between(start, session.now());
        if (session.options().timeout.filter(limit -> waited.compareTo(limit) >= 0).isPresent()) {
          throw CommandFailure.of(
                  ExitCode.TIMED_OUT, "timeout", "drill %d has not ended yet".formatted(id))
              .hint(session.isDirect() ? "it stops here" : "it goes on")
              .tryNext("vistadr drill show " + id);
        }
        Thread.sleep(PACE);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw CommandFailure.of(ExitCode.DETACHED, "detached", "stopped waiting");
    }
  }
}
