package org.vistadr.cli.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.api.Status;

/// The one screen that answers "am I protected?".
public final class StatusText {

  private static final int EXCEPTIONS_SHOWN = 3;

  private StatusText() {}

  /// The screen.
  public static List<String> lines(Status status, ZoneId zone, Style style) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(status, zone, style));
    status.reasons().forEach(reason -> lines.add("! " + Keys.printable(reason)));
    lines.add("");
    lines.addAll(table(status).lines());
    lines.add("");
    if (!status.secondaries().isEmpty()) {
      lines.addAll(proofs(status).lines());
      lines.add("");
    }
    lines.add(window(status, zone));
    lines.addAll(exceptions(status.window(), zone));
    catalog(status, zone).ifPresent(lines::add);
    status.secondaries().stream()
        .filter(secondary -> secondary.waivedObjects() > 0)
        .forEach(secondary ->
            lines.add(
                "%s does not have %s, by decision: vistadr held list --discarded %s"
                    .formatted(
                        secondary.name(),
                        Amounts.count(secondary.waivedObjects(), "change"),
                        secondary.name())));
    status
        .secondaries()
        .forEach(secondary ->
            secondary.lock().ifPresent(lock -> lines.add(lock(secondary.name(), lock, zone))));
    return lines;
  }

  private static String lock(String secondary, Status.Lock lock, ZoneId zone) {
    return "Copies at %s are %s: %s for %s%s, %s."
        .formatted(
            secondary,
            lock.renewedAt().isPresent() ? "locked" : "to be locked",
            lock.mode(),
            Amounts.duration(Duration.ofSeconds(lock.retainSeconds())),
            lock.legalHold() ? ", %d with a legal hold".formatted(lock.legallyHeld()) : "",
            lock.renewedAt()
                .map(at -> "renewed as of " + Moments.local(at, zone))
                .orElse("not renewed yet"));
  }

  /// From where the catalog could be rebuilt.
  private static Optional<String> catalog(Status status, ZoneId zone) {
    List<String> from =
        status.secondaries().stream()
            .flatMap(secondary ->
                secondary
                    .segmentsAt()
                    .map(at -> "%s as of %s".formatted(secondary.name(), Moments.local(at, zone)))
                    .stream())
            .toList();
    return from.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The catalog%s can be rebuilt from %s."
                .formatted(
                    status
                        .catalog()
                        .digest()
                        .map(hex -> " (digest %s)".formatted(hex.substring(0, 12)))
                        .orElse(""),
                    String.join(", ", from)));
  }

  /// The sites alone.
  public static Table table(Status status) {
    Table table =
        new Table(
            "SITE", "ROLE", "RECOVERY POINT", "LAG / OBJECTIVE", "WAITING", "GIVEN UP", "STATE");
    Status.Primary primary = status.primary();
    table.row(primary.name(), "writing", "-", "-", "-", "-", primaryState(primary));
    for (Status.Secondary secondary : status.secondaries()) {
      table.row(
          secondary.name(),
          "secondary",
          secondary
              .recoveryPoint()
              .map(point -> Moments.utc(point, status.now()))
              .orElse("unknown yet"),
          lag(secondary),
          waiting(secondary.pending()),
          Amounts.count(secondary.givenUpObjects()),
          secondary.state().replace('_', ' '));
    }
    return table;
  }

  /// Whether the copies are good.
  private static Table proofs(Status status) {
    Table table =
        new Table("COPIES AT", "LISTED", "CHECKSUMS", "READ BACK AND HASHED", "LAST DRILL");
    for (Status.Secondary secondary : status.secondaries()) {
      Status.Proof proof = secondary.proof();
      table.row(
          secondary.name(),
          listed(proof, status.now()),
          proof.comparedShare().map(share -> "%d %%".formatted((long) (share * 100))).orElse("-"),
          readBack(proof, status.now()) + ", " + wrong(proof),
          drill(secondary.name(), proof, status.now()));
    }
    return table;
  }

  /// `0 bad`, `2 bad, 3 extra`.
  private static String wrong(Status.Proof proof) {
    String bad = Amounts.count(proof.openFindings()) + " bad";
    return proof.extraObjects() == 0
        ? bad
        : "%s, %s extra".formatted(bad, Amounts.count(proof.extraObjects()));
  }

  /// `6h00m ago`.
  private static String listed(Status.Proof proof, Instant now) {
    return proof
        .listedAt()
        .map(at -> Amounts.duration(Duration.between(at, now)) + " ago")
        .orElse("not yet");
  }

  /// `61 % so far`, `all within 12d3h`.
  private static String readBack(Status.Proof proof, Instant now) {
    return proof
        .readBackSince()
        .map(since -> "all within " + Amounts.duration(Duration.between(since, now)))
        .orElseGet(() -> "%d %% so far".formatted((long) (proof.readBackCoverage() * 100)));
  }

  /// `6 days ago, up to 9h05m for all`, `never: vistadr drill run b2`.
  private static String drill(String secondary, Status.Proof proof, Instant now) {
    if (proof.drilledAt().isEmpty()) {
      return "never: vistadr drill run " + secondary;
    }
    String ago = Moments.ago(proof.drilledAt().get(), now);
    if (proof.drillState().equals(Optional.of("failed"))) {
      return "FAILED " + ago;
    }
    return ago
        + proof
            .projectedFullRestoreSeconds()
            .map(most -> ", up to %s for all".formatted(Amounts.duration(Duration.ofSeconds(most))))
            .orElse("");
  }

  /// `3m04s / 15m`, `unknown / 15m`.
  public static String lag(Status.Secondary secondary) {
    return secondary
            .lagSeconds()
            .map(seconds -> Amounts.duration(Duration.ofSeconds(seconds)))
            .orElse("unknown")
        + " / "
        + Amounts.duration(Duration.ofSeconds(secondary.objectiveSeconds()));
  }

  /// `0`, `41, 96 MiB`.
  public static String waiting(Status.Amount pending) {
    return pending.objects() == 0
        ? "0"
        : Amounts.count(pending.objects()) + ", " + Amounts.bytes(pending.bytes());
  }

  private static String headline(Status status, ZoneId zone, Style style) {
    int reasons = status.reasons().size();
    String words;
    if (status.isProtected()) {
      words =
          style.good("PROTECTED")
              + (reasons == 0 ? "" : reasons == 1 ? ", with one warning" : ", with warnings");
    } else {
      words = style.bad("NOT PROTECTED");
    }
    return words + "   " + Moments.withZone(status.now(), zone);
  }

  private static String primaryState(Status.Primary primary) {
    if (primary.reachable().equals(Optional.of(false))) {
      return "unreachable";
    }
    String regime =
        primary
            .regime()
            .map(text ->
                switch (text) {
                  case "versioned" -> "versioning on";
                  case "suspended" -> "versioning suspended";
                  default -> "no versioning";
                })
            .orElse("not seen yet");
    return primary.scanRunning() ? regime + ", scanning" : regime;
  }

  private static String window(Status status, ZoneId zone) {
    Status.Window window = status.window();
    if (window.to().isEmpty()) {
      return "Nothing can be brought back before the first complete scan has ended.";
    }
    String reach = window.basis().equals("versions") ? "any second" : "every completed scan";
    return window
        .from()
        .map(from ->
            "You can go back to %s from %s on.".formatted(reach, Moments.withZone(from, zone)))
        .orElse("You can go back to %s that the versions reach.".formatted(reach));
  }

  /// Times of the window that are not exact to the second, the newest ones.
  private static List<String> exceptions(Status.Window window, ZoneId zone) {
    if (window.intervals().size() < 2
        && window.intervals().stream().noneMatch(here -> here.regime().equals("suspended"))) {
      return List.of();
    }
    List<Status.Interval> inexact =
        window.intervals().stream().filter(here -> !here.basis().equals("versions")).toList();
    List<String> lines = new ArrayList<>();
    int hidden = Math.max(0, inexact.size() - EXCEPTIONS_SHOWN);
    for (Status.Interval here : inexact.subList(hidden, inexact.size())) {
      lines.add(
          "  But %s to %s: %s (%s)."
              .formatted(
                  Moments.local(here.from(), zone),
                  Moments.withZone(here.to(), zone),
                  here.regime().equals("suspended")
                      ? "versioning suspended, overwritten content is known at scans only"
                      : "no versioning, only what scans saw",
                  Amounts.count(here.scans(), "scan")));
    }
    if (hidden > 0) {
      lines.add("  And %d earlier times like these: vistadr status --json".formatted(hidden));
    }
    return lines;
  }
}
