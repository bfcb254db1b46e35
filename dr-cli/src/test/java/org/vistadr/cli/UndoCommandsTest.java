package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `undelete`, `restore undo` and `restore report` as typed and read. The daemon's answers are
/// written as it sends them.
final class UndoCommandsTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T02:47:00Z");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  @TempDir Path directory;

  UndoCommandsTest() {
    super(NOW, PARIS);
  }

  @Test
  void undeleteTellsWhatShowsAgainAndHowToUndoIt() {
    daemon
        .on("POST /restore-plans", 201, plan("undelete", "none", Map.of("bring-back", amount(1))))
        .on("POST /restores", 202, restore("undelete", "completed"))
        .on("GET /restores/r-7f2k", restore("undelete", "completed"))
        .on(
            "GET /restores/r-7f2k/items",
            Map.of(
                "items",
                List.of(
                    Map.of(
                        "key", "image.jpg",
                        "action", "bring-back",
                        "reason", "deleted since",
                        "versionId", "3sL4kq",
                        "size", 2_516_582,
                        "state", "done",
                        "detail", "delete marker removed",
                        "markers", 1))))
        .on(
            "GET /objects/versions",
            Map.of(
                "key",
                "image.jpg",
                "versions",
                List.of(
                    Map.of(
                        "kind", "content",
                        "origin", "inferred",
                        "at", "2026-11-22T03:00:00Z",
                        "current", true,
                        "versionId", "3sL4kq",
                        "atPrimary", false,
                        "replicas", Map.of()),
                    Map.of(
                        "kind", "content",
                        "origin", "listed",
                        "at", "2026-11-20T16:40:31Z",
                        "current", false,
                        "versionId", "3sL4kq",
                        "atPrimary", true,
                        "replicas", Map.of()))));
    assertThat(run("undelete", "image.jpg")).isZero();
    assertThat(out())
        .contains("The oldest deletion among them is of 2026-11-22 03:12:07 Europe/Paris")
        .contains(
            "Removed 1 delete marker on primary: image.jpg is the version of 2026-11-20 17:40:31"
                + " again (2.4 MiB).")
        .contains("Undo with: vistadr restore undo r-7f2k");
    assertThat(daemon.asked).anyMatch(asked -> asked.startsWith("GET /restores/r-7f2k/items"));
  }

  @Test
  void undoShowsItsPlanNamesWhatItLeavesAndAsks() {
    Map<String, Object> plan =
        plan("undo", "yes", Map.of("put-back", amount(3), "left-alone", amount(1)));
    plan.put("undoes", "r-7f30");
    plan.put(
        "leftAlone",
        List.of(
            Map.of(
                "key", "p/a\u001b",
                "action", "left-alone",
                "reason", "changed since the restore",
                "size", 3,
                "state", "pending",
                "detail", "",
                "markers", 0)));
    daemon.on("POST /restores/r-7f30/undo", 201, plan);
    assertThat(run("restore", "undo", "r-7f30")).isEqualTo(6);
    assertThat(out())
        .contains("Undo of r-7f30: what it replaced comes back, what changed since is left alone.")
        .contains("changed since, left alone")
        .contains("left alone: p/a\\u001b: changed since the restore")
        .doesNotContain("--delete-extra");
    assertThat(daemon.asked).containsExactly("POST /restores/r-7f30/undo {\"dryRun\":true}");

    daemon
        .on("POST /restores", 202, restore("undo", "completed"))
        .on("GET /restores/r-7f2k", restore("undo", "completed"));
    assertThat(run("restore", "undo", "r-7f30", "--yes")).isZero();
    assertThat(out()).contains("Undo with: vistadr restore undo r-7f2k.");
  }

  @Test
  void reportIsReadOnTheTerminalOrKeptInAFile() throws Exception {
    daemon.on("GET /restores/r-7f2k/report", report());
    assertThat(run("restore", "report", "r-7f2k")).isZero();
    assertThat(out())
        .contains("Restore r-7f2k: partial")
        .contains("Asked          restore p/ as of 2026-11-22T02:00:00Z, in place")
        .contains("Moment         2026-11-22 03:00:00 Europe/Paris = 02:00:00 UTC")
        .contains("Recovery time  2m04s")
        .contains("Recovery point the newest version is of")
        .contains("failed: p/lost: gone")
        .contains("undo with: vistadr restore undo r-7f2k")
        .contains("SHA-256 abcd");
    Path file = directory.resolve("report.json");
    assertThat(run("restore", "report", "r-7f2k", "-o", file.toString())).isZero();
    assertThat(Files.readString(file)).contains("\"sha256\":\"abcd\"");
    assertThat(directory.toFile().list()).containsExactly("report.json");
  }

  private static Map<String, Object> plan(String goal, String confirm, Map<String, Object> counts) {
    Map<String, Object> plan = new HashMap<>();
    plan.put("id", "p-9c41");
    plan.put("state", "ready");
    plan.put("createdAt", NOW.toString());
    plan.put("expiresAt", NOW.plusSeconds(3600).toString());
    plan.put("at", NOW.toString());
    plan.put("basis", "versions");
    plan.put("scope", "everything");
    plan.put("source", "the cheapest healthy site");
    plan.put("counts", counts);
    plan.put("newerAtRisk", 0);
    plan.put("cannot", List.of());
    plan.put("confirm", confirm);
    plan.put("bucket", "vista");
    plan.put("target", "in place");
    plan.put("moment", Map.of("at", NOW.toString(), "basis", "versions", "complete", true));
    plan.put("ambiguous", 0);
    plan.put("ambiguousItems", List.of());
    plan.put("goal", goal);
    plan.put("leftAlone", List.of());
    if (goal.equals("undelete")) {
      plan.put("oldestDeletion", "2026-11-22T02:12:07Z");
    }
    return plan;
  }

  private static Map<String, Object> restore(String goal, String state) {
    Map<String, Object> restore = new HashMap<>();
    restore.put("id", "r-7f2k");
    restore.put("planId", "p-9c41");
    restore.put("state", state);
    restore.put("startedAt", NOW.toString());
    restore.put("endedAt", NOW.toString());
    restore.put("at", NOW.toString());
    restore.put("scope", "everything");
    restore.put("target", "in place");
    restore.put("total", amount(1));
    restore.put("done", amount(1));
    restore.put("counts", Map.of("done", 1));
    restore.put("message", "");
    restore.put("goal", goal);
    return restore;
  }

  private static Map<String, Object> report() {
    Map<String, Object> report = new HashMap<>();
    report.put("id", "r-7f2k");
    report.put("planId", "p-9c41");
    report.put("state", "partial");
    report.put("complete", true);
    report.put("message", "");
    report.put("bucket", "vista");
    report.put("asked", Map.of("words", "restore p/ as of 2026-11-22T02:00:00Z, in place"));
    report.put(
        "moment",
        Map.of("at", "2026-11-22T02:00:00Z", "local", "", "basis", "versions", "complete", true));
    report.put("planned", Map.of("bring-back", amount(1), "cannot", amount(1)));
    report.put("results", Map.of("bring-back", Map.of("done", amount(1))));
    report.put(
        "times",
        Map.of(
            "askedAt",
            NOW.toString(),
            "startedAt",
            NOW.toString(),
            "endedAt",
            NOW.plusSeconds(124).toString(),
            "elapsedSeconds",
            124.0,
            "objectsPerSecond",
            0.01,
            "bytesPerSecond",
            10));
    report.put(
        "newest",
        Map.of(
            "key", "p/a",
            "versionId", "v",
            "lastModified", "2026-11-22T01:59:00Z",
            "secondsBeforeMoment", 60.0));
    report.put("sources", Map.of("primary", amount(1)));
    report.put("nonAtomic", 1);
    report.put("list", Map.of("objects", 1, "sha256", "abcd", "rule", "..."));
    report.put("undo", Map.of("undoneBy", List.of(), "state", "not-undone"));
    report.put(
        "problems",
        List.of(
            Map.of(
                "key", "p/lost",
                "action", "cannot",
                "reason", "gone",
                "size", 1,
                "state", "failed",
                "detail", "gone",
                "markers", 0)));
    report.put("moreProblems", List.of());
    return report;
  }

  private static Map<String, Object> amount(long objects) {
    return Map.of("objects", objects, "bytes", 10 * objects);
  }
}
