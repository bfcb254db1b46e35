package org.vistadr.cli.commands;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.CheckpointView;
import org.vistadr.api.Page;
import org.vistadr.cli.output.CheckpointText;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `vistadr checkpoint`
@Command(
    name = "checkpoint",
    description = "Names for moments to go back to: 'checkpoint:NAME' stands for a time.")
final class CheckpointCommand {

  private final Session session;

  CheckpointCommand(Session session) {
    this.session = session;
  }

  @Command(name = "create", description = "Give a moment a name.")
  int create(
      @Parameters(
              paramLabel = "NAME",
              description =
                  "1 to 64 of a-z, 0-9, '.', '_' and '-', starting with a letter or a digit; not readable as a time.")
          String name,
      @Option(names = "--at", paramLabel = "T", description = "The moment; default now.") String at,
      @Option(
              names = "--hold",
              description = "No retention may ever remove what the bucket held then.")
          boolean hold,
      @Option(names = "--note", paramLabel = "TEXT", description = "What it is for.") String note,
      @Option(
              names = "--nearest",
              description = "Where the primary kept no versions, take the scan before T.")
          boolean nearest) {
    Optional<Instant> moment =
        Optional.ofNullable(at).map(text -> session.resolve(text, Optional.empty()));
    CheckpointView made =
        session
            .api()
            .createCheckpoint(
                new CheckpointView.New(name, moment, nearest, hold, Optional.ofNullable(note)));
    if (session.options().json) {
      session.terminal().json(made);
    }
    session.say(
        "Checkpoint %s is %s%s."
            .formatted(
                made.name(),
                CheckpointText.moment(made.at(), session.zone(), session.now()),
                made.held() ? ", held" : ""));
    session.say("Look at it: vistadr ls --at checkpoint:" + made.name());
    return ExitCode.DONE.number();
  }

  @Command(name = "list", description = "All of them, the latest moment first.")
  int list() {
    List<CheckpointView> all = Pages.all(session.api()::checkpoints);
    session.print(new Page<>(all, Optional.empty()), CheckpointText.list(all, session.zone()));
    if (all.isEmpty()) {
      session.say("There is none. Make one: vistadr checkpoint create NAME");
    }
    return ExitCode.DONE.number();
  }

  @Command(
      name = "show",
      description = "What the bucket held then, and whether every secondary has all of it.")
  int show(@Parameters(paramLabel = "NAME", description = "Its name.") String name) {
    CheckpointView checkpoint = session.api().checkpoint(name);
    Optional<CheckpointView.Contents> sum = Optional.empty();
    Optional<String> cursor = Optional.empty();
    do {
      CheckpointView.Contents page = session.api().checkpointContents(name, cursor);
      sum = Optional.of(sum.map(before -> CheckpointText.sum(before, page)).orElse(page));
      cursor = page.next();
    } while (cursor.isPresent());
    Shown shown = new Shown(checkpoint, sum.orElseThrow());
    if (session.options().json) {
      session.terminal().json(shown);
    } else {
      session
          .terminal()
          .data(CheckpointText.lines(checkpoint, shown.contents(), session.zone(), session.now()));
    }
    return ExitCode.DONE.number();
  }

  @Command(name = "hold", description = "No retention may ever remove what the bucket held then.")
  int hold(@Parameters(paramLabel = "NAME", description = "Its name.") String name) {
    report(session.api().holdCheckpoint(name), "is held");
    return ExitCode.DONE.number();
  }

  @Command(name = "unhold", description = "Let retention remove what nothing else holds.")
  int unhold(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept in the audit log.")
          String reason) {
    report(session.api().unholdCheckpoint(name, reason), "is not held any more");
    return ExitCode.DONE.number();
  }

  @Command(
      name = "delete",
      description = "Forget the name; no object is deleted. A held one is refused.")
  int delete(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(
              names = "--reason",
              required = true,
              paramLabel = "TEXT",
              description = "Why; kept in the audit log.")
          String reason) {
    report(session.api().deleteCheckpoint(name, reason), "is deleted");
    return ExitCode.DONE.number();
  }

  private void report(CheckpointView checkpoint, String done) {
    if (session.options().json) {
      session.terminal().json(checkpoint);
    }
    session.say("Checkpoint %s %s.".formatted(Keys.printable(checkpoint.name()), done));
  }

  /// What `checkpoint show --json` prints.
  ///
  /// @param contents sums over all of it
  record Shown(CheckpointView checkpoint, CheckpointView.Contents contents) {}
}
