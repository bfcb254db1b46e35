package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.api.FindingView;
import org.vistadr.api.Page;
import org.vistadr.api.SyncRequested;
import org.vistadr.api.TaskView;
import org.vistadr.api.VerificationView;

/// `vistadr verify`, and `vistadr task run --wait`.
final class VerifyCommandsTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Instant BEFORE = Instant.parse("2026-11-21T03:00:00Z");

  VerifyCommandsTest() {
    super(NOW, ZoneId.of("Europe/Paris"));
  }

  @Test
  void listTellsEachDepthAndClaimsNothingThatWasNotCompared() {
    daemon.on(
        "GET /verifications",
        new Page<>(
            List.of(
                new VerificationView(
                    "b2",
                    "listing",
                    1000,
                    0,
                    1000,
                    1,
                    970,
                    30,
                    Optional.empty(),
                    Optional.of(BEFORE),
                    0,
                    2,
                    Optional.of("the listing of 2026-11-22T02:00:00Z proves nothing")),
                new VerificationView(
                    "b2",
                    "readback",
                    0,
                    0,
                    1000,
                    0,
                    0,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    2,
                    Optional.empty())),
            Optional.empty()));
    assertThat(run("verify", "list")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            SECONDARY  DEPTH     COVERED  LOOKED AT  COMPARED  ALL SINCE            FINDINGS  EXTRA
            b2         listing     100 %      1 000      97 %  2026-11-21 04:00:00         0      2
            b2         readback      0 %          0         -  not yet                     0      2
            """);
    assertThat(err()).contains("b2: the listing of 2026-11-22T02:00:00Z proves nothing");
  }

  @Test
  void aRunThatIsWaitedForExitsByItsResult() {
    for (Map.Entry<String, Integer> outcome :
        Map.of("succeeded", 0, "partial", 5, "failed", 10).entrySet()) {
      // Each has a task of its own: the last answer of the stub stays.
      String secondary = outcome.getKey();
      String history = "GET /tasks/scrub-%s/history".formatted(secondary);
      daemon.on(history, history(run(1, "succeeded", true)));
      daemon.on(
          "POST /tasks/scrub-%s/run".formatted(secondary),
          202,
          new SyncRequested(List.of("scrub-" + secondary)));
      daemon.on(history, history(run(1, "succeeded", true)));
      daemon.on(history, history(run(2, "running", false)));
      daemon.on(history, history(run(2, outcome.getKey(), true)));
      daemon.on("GET /verifications", new Page<>(List.of(), Optional.empty()));
      assertThat(run("verify", "run", secondary, "--wait", "--timeout", "30s"))
          .as(outcome.getKey())
          .isEqualTo(outcome.getValue());
      assertThat(out()).contains(outcome.getKey());
    }
  }

  @Test
  void aTaskThatIsWaitedForExitsByItsResult() {
    daemon.on("GET /tasks/scan/history", history());
    daemon.on("POST /tasks/scan/run", 202, new SyncRequested(List.of("scan")));
    daemon.on("GET /tasks/scan/history", history(run(7, "partial", true)));
    assertThat(run("task", "run", "scan", "--wait")).isEqualTo(3);
    assertThat(err()).contains("Started scan.");
  }

  @Test
  void aWaitEndsWithTheTimeoutAndTheRunGoesOn() {
    daemon.on("GET /tasks/scan/history", history());
    daemon.on("POST /tasks/scan/run", 202, new SyncRequested(List.of("scan")));
    assertThat(run("task", "run", "scan", "--wait", "--timeout", "0s")).isEqualTo(9);
    assertThat(err()).contains("scan has not ended yet; it goes on", "vistadr task history scan");
  }

  @Test
  void whatIsExtraAloneIsNoFailureAndNotRepaired() {
    daemon.on(
        "GET /findings",
        new Page<>(List.of(finding(1, "extra", Optional.empty())), Optional.empty()));
    assertThat(run("verify", "findings")).isZero();
    assertThat(out()).contains("extra");
    assertThat(run("verify", "repair", "--all")).isZero();
    assertThat(err()).contains("0 objects copied again");
  }

  @Test
  void aRepairSaysFromWhereAndWhatCouldNotBeCopied() {
    daemon.on(
        "GET /findings",
        new Page<>(
            List.of(
                finding(1, "missing", Optional.empty()), finding(2, "swapped", Optional.empty())),
            Optional.empty()));
    assertThat(run("verify", "findings")).isEqualTo(5);
    daemon.on("POST /findings/1/repair", finding(1, "missing", Optional.of("r2")));
    daemon.on(
        "POST /findings/2/repair",
        409,
        Map.of(
            "title", "conflict",
            "status", 409,
            "code", "no-good-copy",
            "detail", "no good copy of this version of k2 exists anywhere"));
    assertThat(run("verify", "repair", "--all")).isEqualTo(3);
    assertThat(out()).contains("k1", "r2");
    assertThat(err())
        .contains("1 object copied again")
        .contains("Not copied: no good copy of this version of k2 exists anywhere");
  }

  @Test
  void anAcknowledgementHasAReason() {
    daemon.on("POST /findings/1/acknowledge", finding(1, "extra", Optional.empty()));
    assertThat(run("verify", "acknowledge", "1")).isEqualTo(2);
    assertThat(run("verify", "acknowledge", "1", "--reason", "ours")).isZero();
    assertThat(daemon.asked.getLast()).contains("\"reason\":\"ours\"");
    assertThat(run("verify", "acknowledge", "--reason", "ours")).isEqualTo(2);
  }

  private static Page<TaskView.Run> history(TaskView.Run... runs) {
    return new Page<>(List.of(runs), Optional.empty());
  }

  private static TaskView.Run run(long id, String result, boolean ended) {
    return new TaskView.Run(
        id,
        "task",
        "request",
        BEFORE,
        ended ? Optional.of(BEFORE.plusSeconds(3)) : Optional.empty(),
        result,
        Map.of("listedObjects", 3L),
        "");
  }

  private static FindingView finding(long id, String kind, Optional<String> from) {
    return new FindingView(
        id,
        "b2",
        "k" + id,
        Optional.empty(),
        kind,
        "open",
        BEFORE,
        Optional.empty(),
        "something is wrong",
        from,
        Optional.empty());
  }
}
