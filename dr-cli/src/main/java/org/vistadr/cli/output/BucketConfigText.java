package org.vistadr.cli.output;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.vistadr.api.BucketConfigView;

/// Bucket configurations as people read them.
public final class BucketConfigText {

  private static final String DEEPER = "  ";

  private BucketConfigText() {}

  /// All of one version.
  ///
  /// @param only these settings; none for all
  public static List<String> lines(
      BucketConfigView.State state, Set<String> only, ZoneId zone, Instant now) {
    List<String> lines = new ArrayList<>();
    BucketConfigView config = state.config();
    lines.add(
        "Bucket %s, version %d%s, first seen %s."
            .formatted(
                Keys.printable(config.bucket()),
                config.version(),
                config.version() == state.newest() ? " (the newest)" : "",
                Moments.echo(config.seenAt(), zone, now)));
    config
        .replacedAt()
        .ifPresent(at ->
            lines.add("The next one was first seen %s.".formatted(Moments.echo(at, zone, now))));
    config
        .accepted()
        .ifPresent(accepted ->
            lines.add(
                "Accepted %s by %s: %s"
                    .formatted(
                        Moments.withZone(accepted.at(), zone),
                        accepted.who(),
                        Keys.printable(accepted.reason()))));
    if (!state.drift().isEmpty()) {
      lines.add(
          "! Changed since version %s was accepted: %s. Look: vistadr bucket config diff"
              .formatted(
                  state.acceptedVersion().map(String::valueOf).orElse("?"),
                  String.join(", ", state.drift())));
    }
    state
        .risks()
        .forEach(risk ->
            lines.add(
                "%s %s: %s"
                    .formatted(
                        risk.warning() ? "!" : "-",
                        risk.setting(),
                        Keys.printable(risk.detail()))));
    lines.add("");
    for (BucketConfigView.Setting setting : config.settings()) {
      if (only.isEmpty() || only.contains(setting.name())) {
        lines.add(
            setting.name()
                + (setting.state().equals("set") ? "" : ": " + words(setting.state()))
                + (setting.note().isEmpty() ? "" : " (%s)".formatted(setting.note())));
        setting.lines().forEach(line -> lines.add(DEEPER + Keys.printable(line)));
      }
    }
    return lines;
  }

  /// Versions, one a line.
  public static Table history(List<BucketConfigView.Entry> entries, ZoneId zone) {
    Table table =
        new Table(
            "VERSION>",
            "FIRST SEEN (" + Moments.name(zone) + ")",
            "CHANGED",
            "ACCEPTED BY",
            "REASON");
    for (BucketConfigView.Entry entry : entries) {
      table.row(
          String.valueOf(entry.version()),
          Moments.local(entry.seenAt(), zone),
          entry.changed().isEmpty() ? "-" : String.join(", ", entry.changed()),
          entry.accepted().map(BucketConfigView.Accepted::who).orElse("-"),
          entry.accepted().map(BucketConfigView.Accepted::reason).orElse("-"));
    }
    return table;
  }

  /// What differs.
  public static List<String> diff(BucketConfigView.Diff diff, ZoneId zone) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "--- version %d, first seen %s"
            .formatted(diff.from(), Moments.withZone(diff.fromSeenAt(), zone)));
    lines.add(
        "+++ version %d, first seen %s"
            .formatted(diff.to(), Moments.withZone(diff.toSeenAt(), zone)));
    for (BucketConfigView.SettingDiff setting : diff.settings()) {
      lines.add(
          setting.before().equals(setting.after())
              ? setting.name()
              : "%s: %s -> %s"
                  .formatted(setting.name(), words(setting.before()), words(setting.after())));
      setting.lines().forEach(line -> lines.add(DEEPER + Keys.printable(line)));
    }
    return lines;
  }

  /// What a restore would do.
  public static List<String> plan(BucketConfigView.Plan plan) {
    List<String> lines = new ArrayList<>();
    for (BucketConfigView.Step step : plan.steps()) {
      lines.add(
          "%-13s %s%s"
              .formatted(
                  step.setting(),
                  action(step.action()),
                  step.why().isEmpty() ? "" : ": " + Keys.printable(step.why())));
      step.lines().forEach(line -> lines.add(DEEPER + Keys.printable(line)));
    }
    return lines;
  }

  /// What a restore did.
  public static List<String> done(BucketConfigView.Restored restored) {
    return restored.done().stream()
        .map(done ->
            "%-13s %s%s"
                .formatted(
                    done.setting(),
                    !done.proved()
                        ? "FAILED"
                        : done.action().equals("remove")
                            ? "taken away and read back"
                            : "set and read back",
                    done.detail().isEmpty() ? "" : ": " + Keys.printable(done.detail())))
        .toList();
  }

  private static String action(String action) {
    return switch (action) {
      case "write" -> "will be set";
      case "remove" -> "will be taken away";
      case "same" -> "is as it was";
      case "leave" -> "stays as it is";
      default -> "cannot be restored";
    };
  }

  private static String words(String state) {
    return state.replace('-', ' ');
  }
}
