package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.api.BucketConfigView;

/// `vistadr bucket config`
final class BucketConfigCommandsTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Instant AT = Instant.parse("2026-11-22T02:00:00Z");

  private static final BucketConfigView.State STATE =
      new BucketConfigView.State(
          new BucketConfigView(
              2,
              AT,
              Optional.empty(),
              "vista",
              "00",
              Optional.empty(),
              List.of(
                  new BucketConfigView.Setting(
                      "lifecycle", "set", "", List.of("Rule", "  Expiration", "    Days: 7")),
                  new BucketConfigView.Setting(
                      "policy", "not-readable", "AccessDenied", List.of()))),
          2,
          Optional.of(AT),
          Optional.of(1L),
          List.of("lifecycle"),
          List.of(new BucketConfigView.Risk("lifecycle", "expiry", true, "objects expire")));

  private static final BucketConfigView.Plan PLAN =
      new BucketConfigView.Plan(
          1,
          AT,
          "primary",
          "vista",
          "abc",
          List.of(
              new BucketConfigView.Step("lifecycle", "write", "", List.of("-     Days: 7")),
              new BucketConfigView.Step(
                  "versioning", "leave", "versioning is never switched off", List.of())));

  BucketConfigCommandsTest() {
    super(NOW, ZoneId.of("Europe/Paris"));
  }

  @Test
  void showTellsWhatIsSetWhatChangedAndWhatIsDangerous() {
    daemon.on("GET /bucket-config", STATE);
    assertThat(run("bucket", "config", "show", "--at", "1h ago")).isZero();
    assertThat(daemon.asked.getFirst()).contains("at=2026-11-22T02%3A00%3A00Z");
    assertThat(out())
        .contains(
            "Bucket vista, version 2 (the newest), first seen",
            "! Changed since version 1 was accepted: lifecycle.",
            "! lifecycle: objects expire",
            "lifecycle\n  Rule\n    Expiration\n      Days: 7\n",
            "policy: not readable (AccessDenied)");
    assertThat(run("bucket", "config", "show", "policy", "--version", "2")).isZero();
    assertThat(daemon.asked.getLast()).contains("version=2");
  }

  @Test
  void diffAndHistoryAreTold() {
    daemon.on(
        "GET /bucket-config/diff",
        new BucketConfigView.Diff(
            1,
            AT,
            2,
            AT,
            List.of(
                new BucketConfigView.SettingDiff(
                    "lifecycle", "not-set", "set", List.of("+ Rule")))));
    assertThat(run("bucket", "config", "diff", "--from-version", "1")).isZero();
    assertThat(out()).contains("--- version 1", "lifecycle: not set -> set\n  + Rule\n");
    daemon.on(
        "GET /bucket-config/history",
        Map.of(
            "items",
            List.of(
                new BucketConfigView.Entry(2, AT, "00", Optional.empty(), List.of("lifecycle")))));
    assertThat(run("bucket", "config", "history")).isZero();
    assertThat(out()).contains("2026-11-22 03:00:00        lifecycle");
  }

  @Test
  void acceptNamesTheVersionThatWasSeen() {
    daemon.on("GET /bucket-config", STATE);
    daemon.on("POST /bucket-config/accept", STATE);
    assertThat(run("bucket", "config", "accept")).isEqualTo(2);
    assertThat(run("bucket", "config", "accept", "--reason", "meant")).isZero();
    assertThat(daemon.asked.getLast()).contains("\"version\":2", "\"reason\":\"meant\"");
  }

  @Test
  void aRestoreIsShownFirstAndNeedsMomentReasonAndName() {
    daemon.on("GET /bucket-config/restore-plan", PLAN);
    String[] to = {"bucket", "config", "restore", "--to", "primary"};
    assertThat(run(to)).isEqualTo(2);
    assertThat(err()).contains("try:   vistadr bucket config history");
    assertThat(run(with(to, "--version", "1"))).isEqualTo(2);
    assertThat(run(with(to, "--version", "1", "--dry-run"))).isZero();
    assertThat(out())
        .contains(
            "lifecycle     will be set\n  -     Days: 7",
            "versioning    stays as it is: versioning is never switched off");
    assertThat(run(with(to, "--version", "1", "--reason", "x"))).isEqualTo(6);
    assertThat(err())
        .contains(
            "try:   vistadr bucket config restore --version 1 --to primary --reason '...' --confirm vista");
    assertThat(run(with(to, "--version", "1", "--reason", "x", "--confirm", "other"))).isEqualTo(6);
    assertThat(daemon.asked).noneMatch(asked -> asked.startsWith("POST"));

    daemon.on(
        "POST /bucket-config/restores",
        new BucketConfigView.Restored(
            "primary",
            "vista",
            List.of(new BucketConfigView.Done("lifecycle", "write", true, ""))));
    assertThat(run(with(to, "--version", "1", "--reason", "x", "--confirm", "vista"))).isZero();
    assertThat(daemon.asked.getLast())
        .contains("\"plan\":\"abc\"", "\"confirm\":\"vista\"", "\"reason\":\"x\"");
    assertThat(out()).contains("lifecycle     set and read back");
  }

  @Test
  void aStepThatIsNotProvedIsNoSuccess() {
    daemon.on("GET /bucket-config/restore-plan", PLAN);
    daemon.on(
        "POST /bucket-config/restores",
        new BucketConfigView.Restored(
            "primary",
            "vista",
            List.of(new BucketConfigView.Done("lifecycle", "write", false, "it is not set"))));
    assertThat(
            run(
                "bucket",
                "config",
                "restore",
                "--to",
                "primary",
                "--version",
                "1",
                "--reason",
                "x",
                "--confirm",
                "vista",
                "--only",
                "lifecycle,cors"))
        .isEqualTo(3);
    assertThat(daemon.asked.getFirst()).contains("only=lifecycle%2Ccors");
    assertThat(out()).contains("lifecycle     FAILED: it is not set");
  }

  private static String[] with(String[] words, String... more) {
    String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return all;
  }
}
