package org.vistadr.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreView;
import org.vistadr.api.Status;

/// Plans, progress and results of restores.
public final class RestoreText {

  /// For how long a speed says nothing yet.
  private static final Duration CALCULATING = Duration.ofSeconds(15);

  private static final int BAR = 20;

  private RestoreText() {}

  /// The plan.
  public static List<String> plan(RestorePlanView plan, ZoneId zone, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(
        switch (plan.goal()) {
          case "undo" ->
              "Undo of %s: what it replaced comes back, what changed since is left alone."
                  .formatted(plan.undoes().orElse(""));
          default ->
              "As of %s. Source: %s."
                  .formatted(Moments.echo(plan.at(), zone, now), Keys.printable(plan.source()));
        });
    if (!inPlace(plan)) {
      lines.add("Target: %s.".formatted(Keys.printable(plan.target())));
    }
    plan.oldestDeletion()
        .ifPresent(oldest ->
            lines.add(
                "The oldest deletion among them is of %s."
                    .formatted(Moments.echo(oldest, zone, now))));
    if (!plan.goal().equals("undo")) {
      lines.addAll(ViewText.footing(plan.moment(), zone));
    }
    Table table =
        new Table(
            "Plan %s, good for %s"
                .formatted(
                    plan.id(),
                    Amounts.duration(
                        Duration.ofMinutes(
                            Math.round(
                                Math.max(0, Duration.between(now, plan.expiresAt()).toSeconds())
                                    / 60.0)))),
            "OBJECTS>",
            "BYTES>",
            "");
    if (inPlace(plan)) {
      actionsInPlace(table, plan);
    } else if (plan.goal().equals("undo")) {
      action(table, plan, "bring-back", "bring back", "");
      action(table, plan, "put-back", "put back what was there", "");
      action(table, plan, "delete", "delete (the restore brought it)", "");
      action(table, plan, "unchanged", "already right", "");
      action(table, plan, "left-alone", "changed since, left alone", "");
    } else {
      action(table, plan, "bring-back", "write (not there yet)", "");
      action(table, plan, "put-back", "replace other content", "<- compared once more first");
      action(table, plan, "unchanged", "already right", "");
      action(table, plan, "left-alone", "left alone", "");
    }
    action(table, plan, "cannot", "cannot", "");
    lines.addAll(table.lines());
    plan.outlook().ifPresent(outlook -> lines.addAll(OutlookText.reasons(outlook, plan.id())));
    if (plan.ambiguous() > 0) {
      lines.add(
          "%s may have held something else at that moment; --strict refuses that."
              .formatted(Amounts.count(plan.ambiguous(), "key")));
    }
    for (RestorePlanView.ItemView item : plan.ambiguousItems()) {
      lines.add("  %s: %s".formatted(Keys.printable(item.key()), item.reason()));
    }
    plan.outlook().ifPresent(outlook -> lines.addAll(OutlookText.lines(outlook, plan.id())));
    for (RestorePlanView.ItemView item : plan.leftAlone()) {
      lines.add("  left alone: %s: %s".formatted(Keys.printable(item.key()), item.reason()));
    }
    return lines;
  }

  /// Whether the primary itself is written, under the objects' own keys.
  public static boolean inPlace(RestorePlanView plan) {
    return plan.target().equals("in place");
  }

  /// Whether files are written: an absolute path.
  public static boolean isDirectory(String target) {
    return target.startsWith("/");
  }

  private static void actionsInPlace(Table table, RestorePlanView plan) {
    boolean undo = plan.goal().equals("undo");
    action(table, plan, "bring-back", undo ? "bring back" : "bring back (deleted since)", "");
    action(
        table,
        plan,
        "put-back",
        "put back older version",
        plan.newerAtRisk() == 0
            ? ""
            : "<- %s newer, kept as versions: vistadr restore plan show %s --newer"
                .formatted(Amounts.count(plan.newerAtRisk()), plan.id()));
    action(
        table,
        plan,
        "delete",
        undo ? "delete (the restore brought it)" : "delete (created since)",
        "<- as delete markers");
    action(table, plan, "unchanged", "already right", "");
    switch (plan.goal()) {
      case "undo" -> action(table, plan, "left-alone", "changed since, left alone", "");
      case "undelete" -> action(table, plan, "left-alone", "left alone", "");
      default ->
          action(
              table,
              plan,
              "left-alone",
              "created since, left alone",
              "--delete-extra removes them");
    }
  }

  /// What an undelete of many keys did.
  public static String undeleted(RestoreView restore) {
    return "Removed the delete markers of %s on primary (%s)."
        .formatted(
            Amounts.count(restore.done().objects(), "object"),
            Amounts.bytes(restore.done().bytes()));
  }

  /// What an undelete of one key did.
  ///
  /// @param of when the version was written that shows again, where it is known
  public static String undeleted(RestorePlanView.ItemView item, Optional<Instant> of, ZoneId zone) {
    String key = Keys.printable(item.key());
    String size = Amounts.bytes(item.size());
    if (item.markers() == 0) {
      return "Brought back on primary: %s (%s, %s).".formatted(key, size, item.detail());
    }
    return "Removed %s on primary: %s is %s again (%s)."
        .formatted(
            Amounts.count(item.markers(), "delete marker"),
            key,
            of.map(when -> "the version of " + Moments.local(when, zone)).orElse("there"),
            size);
  }

  /// What can be done after the end.
  public static String next(RestoreView restore) {
    String undo =
        restore.done().objects() == 0 || isDirectory(restore.target())
            ? ""
            : "Undo with: vistadr restore undo %s. ".formatted(restore.id());
    return undo + "Report: vistadr restore report " + restore.id();
  }

  /// Objects that applying the plan would write or delete.
  public static long changes(RestorePlanView plan) {
    return objects(plan, "bring-back") + objects(plan, "put-back") + objects(plan, "delete");
  }

  /// Objects of one action.
  public static long objects(RestorePlanView plan, String action) {
    return Optional.ofNullable(plan.counts().get(action)).map(Status.Amount::objects).orElse(0L);
  }

  /// Whether the restore has ended.
  public static boolean ended(RestoreView restore) {
    return switch (restore.state()) {
      case "completed", "partial", "failed", "cancelled" -> true;
      default -> false;
    };
  }

  /// One line of progress, with a bar on a terminal.
  public static String progress(RestoreView restore, Instant now, boolean bar) {
    Status.Amount total = restore.total();
    Status.Amount done = restore.done();
    StringBuilder line = new StringBuilder();
    if (bar) {
      int filled = percent(restore) * BAR / 100;
      line.append("  [").append("#".repeat(filled)).append("-".repeat(BAR - filled)).append("]  ");
    } else {
      line.append(restore.id()).append(": ").append(percent(restore)).append(" %, ");
    }
    line.append(
        "%s/%s objects   %s of %s"
            .formatted(
                Amounts.count(done.objects()),
                Amounts.count(total.objects()),
                Amounts.bytes(done.bytes()),
                Amounts.bytes(total.bytes())));
    restore
        .bytesPerSecond()
        .ifPresent(rate -> line.append("   ").append(Amounts.bytes(rate)).append("/s"));
    line.append("   ").append(remaining(restore, now));
    line.append("   ").append(Amounts.count(failed(restore))).append(" failed");
    return line.toString();
  }

  /// The last line.
  public static String result(RestoreView restore) {
    String took =
        restore
            .endedAt()
            .map(end -> " in " + took(Duration.between(restore.startedAt(), end)))
            .orElse("");
    String skipped =
        count(restore, "skipped") == 0
            ? ""
            : ", " + Amounts.count(count(restore, "skipped")) + " untouched";
    String where =
        restore.target().equals("in place") ? "" : " to " + Keys.printable(restore.target());
    return "Restore %s %s%s: %s restored%s and read back%s, %s failed.%s"
        .formatted(
            restore.id(),
            restore.state(),
            took,
            Amounts.count(count(restore, "done")),
            where,
            skipped,
            Amounts.count(failed(restore)),
            restore.state().equals("completed") || restore.message().isEmpty()
                ? ""
                : " " + Keys.printable(restore.message()));
  }

  /// What pausing did.
  public static String paused(RestoreView restore) {
    return "Restore %s paused at %d %% (%s); 'vistadr restore resume %s' goes on there, also after a restart."
        .formatted(
            restore.id(),
            percent(restore),
            Amounts.count(restore.done().objects(), "object"),
            restore.id());
  }

  /// What resuming did.
  public static String goesOn(RestoreView restore) {
    return "Restore %s goes on, %s. Watch with: vistadr restore watch %s"
        .formatted(
            restore.id(),
            restore
                .maxBytesPerSecond()
                .map(limit -> "at most " + Amounts.bytes(limit) + "/s")
                .orElse("as fast as it can"),
            restore.id());
  }

  /// What cancelling did.
  public static String cancelled(RestoreView restore) {
    return "Restore %s cancelled at %d %% (%s); what was written stays."
        .formatted(
            restore.id(), percent(restore), Amounts.count(restore.done().objects(), "object"));
  }

  /// How the restore had ended before it was taken up again.
  public static List<String> history(RestoreView restore, ZoneId zone) {
    return restore.attempts().stream()
        .map(before ->
            "  before: %s at %s: %s"
                .formatted(
                    before.state(),
                    Moments.local(before.endedAt(), zone),
                    Keys.printable(before.message())))
        .toList();
  }

  /// Objects that were skipped.
  public static long skipped(RestoreView restore) {
    return count(restore, "skipped");
  }

  private static String took(Duration time) {
    return time.toSeconds() == 0 ? "less than a second" : Amounts.duration(time);
  }

  /// How the command that waited for it ends.
  public static ExitCode exit(RestoreView restore) {
    return switch (restore.state()) {
      case "completed" -> ExitCode.DONE;
      case "partial" -> ExitCode.SOME_FAILED;
      default -> ExitCode.JOB_FAILED;
    };
  }

  /// Every restore in a row.
  public static Table table(List<RestoreView> restores, ZoneId zone) {
    Table table = new Table("RESTORE", "STATE", "STARTED", "AS OF", "DONE>", "FAILED>", "SCOPE");
    for (RestoreView restore : restores) {
      table.row(
          restore.id(),
          restore.state(),
          Moments.local(restore.startedAt(), zone),
          Moments.local(restore.at(), zone),
          Amounts.count(restore.done().objects()) + "/" + Amounts.count(restore.total().objects()),
          Amounts.count(failed(restore)),
          restore.scope());
    }
    return table;
  }

  private static String remaining(RestoreView restore, Instant now) {
    if (ended(restore)) {
      return restore.state();
    }
    if (restore.state().equals("paused")) {
      return "paused";
    }
    if (count(restore, "thawing") > 0) {
      return Amounts.count(count(restore, "thawing")) + " thawing";
    }
    boolean tooEarly = Duration.between(restore.startedAt(), now).compareTo(CALCULATING) < 0;
    if (tooEarly || restore.etaSeconds().isEmpty()) {
      return "calculating";
    }
    // Work is left, so it takes at least a second.
    long low = Math.max(1, restore.etaSeconds().get().low());
    long high = Math.max(low, restore.etaSeconds().get().high());
    String left = Amounts.duration(Duration.ofSeconds(high)) + " left";
    return high <= low * 1.3 ? left : Amounts.duration(Duration.ofSeconds(low)) + "-" + left;
  }

  private static int percent(RestoreView restore) {
    int byObjects = Amounts.percent(restore.done().objects(), restore.total().objects());
    int byBytes = Amounts.percent(restore.done().bytes(), restore.total().bytes());
    int percent = Math.min(byObjects, byBytes);
    return ended(restore) ? percent : Math.min(99, percent);
  }

  private static long failed(RestoreView restore) {
    return count(restore, "failed");
  }

  private static long count(RestoreView restore, String state) {
    return Optional.ofNullable(restore.counts().get(state)).orElse(0L);
  }

  private static void action(
      Table table, RestorePlanView plan, String action, String words, String note) {
    long objects = objects(plan, action);
    // What does not happen needs no line, but that nothing is in the way does.
    if (objects == 0 && !action.equals("cannot")) {
      return;
    }
    long bytes =
        Optional.ofNullable(plan.counts().get(action)).map(Status.Amount::bytes).orElse(0L);
    boolean moves = List.of("bring-back", "put-back").contains(action);
    table.row(
        "  " + words,
        Amounts.count(objects),
        moves ? Amounts.bytes(bytes) : "-",
        objects == 0 ? "" : note);
  }
}
