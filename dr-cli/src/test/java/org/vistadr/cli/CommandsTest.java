package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.api.BrakeView;
import org.vistadr.api.KeyVersions;
import org.vistadr.api.MomentView;
import org.vistadr.api.Page;
import org.vistadr.api.PlanOutlook;
import org.vistadr.api.Problem;
import org.vistadr.api.RestorePlanView;
import org.vistadr.api.RestoreView;
import org.vistadr.api.Status;

final class CommandsTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T02:47:00Z");
  private static final Instant THREE = Instant.parse("2026-11-22T02:00:00Z");
  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private static final MomentView MOMENT =
      new MomentView(
          THREE,
          "versions",
          Optional.empty(),
          true,
          Optional.of("versioned"),
          Optional.empty(),
          Optional.of(THREE),
          Optional.of(NOW));

  CommandsTest() {
    super(NOW, PARIS);
  }

  private static Status status(boolean isProtected, List<String> reasons) {
    return new Status(
        Status.SCHEMA,
        isProtected,
        reasons,
        Instant.parse("2026-11-22T03:10:02Z"),
        new Status.Daemon("0.1.0", THREE),
        new Status.Primary(
            "primary",
            "minio",
            "https://s3.example",
            "vista",
            Optional.of("versioned"),
            Optional.of(true),
            Optional.empty(),
            false,
            "listening",
            10,
            20,
            0,
            0),
        List.of(
            secondary("b2-offsite", "in_sync", Optional.of("2026-11-22T03:06:58Z"), 184, 900, 0, 0),
            secondary(
                "aws-archive",
                "in_sync",
                Optional.of("2026-11-22T02:00:02Z"),
                4200,
                86400,
                41,
                100_663_296),
            secondary("new-one", "initial_sync", Optional.empty(), 0, 900, 2204, 0)),
        new Status.Window(
            Optional.of(Instant.parse("2026-10-18T02:10:00Z")),
            Optional.of(NOW),
            "versions",
            List.of(),
            List.of()),
        new Status.Catalog(7, Optional.empty(), Optional.empty()),
        BrakeView.OFF);
  }

  private static Status.Secondary secondary(
      String name,
      String state,
      Optional<String> point,
      long lag,
      long objective,
      long objects,
      long bytes) {
    return new Status.Secondary(
        name,
        "generic",
        "https://b.example",
        "backup",
        state,
        "",
        Optional.of(true),
        point.map(Instant::parse),
        point.map(_ -> lag),
        objective,
        new Status.Amount(objects, bytes),
        0,
        0,
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        proof(name),
        Optional.empty());
  }

  private static Status.Proof proof(String secondary) {
    return switch (secondary) {
      case "b2-offsite" ->
          new Status.Proof(
              1,
              Optional.of(Instant.parse("2026-11-10T00:00:00Z")),
              Optional.of(Instant.parse("2026-11-22T02:10:00Z")),
              1_200,
              Optional.of(0.97),
              0,
              0,
              Optional.of(Instant.parse("2026-11-16T02:00:00Z")),
              Optional.of("succeeded"),
              Optional.of(32_700L));
      case "aws-archive" ->
          new Status.Proof(
              0.089,
              Optional.empty(),
              Optional.of(Instant.parse("2026-11-22T02:12:00Z")),
              1_198,
              Optional.empty(),
              2,
              3,
              Optional.of(Instant.parse("2026-11-22T02:00:00Z")),
              Optional.of("failed"),
              Optional.empty());
      default -> Status.Proof.NONE;
    };
  }

  private static RestorePlanView plan(String confirm) {
    return plan(confirm, "in place", onServer());
  }

  private static RestorePlanView withOutlook(PlanOutlook outlook) {
    return plan("none", "in place", outlook);
  }

  private static RestorePlanView plan(String confirm, String target, PlanOutlook outlook) {
    return new RestorePlanView(
        "p-9c41",
        "ready",
        NOW,
        NOW.plusSeconds(3600),
        THREE,
        "versions",
        Optional.empty(),
        "projects/abc-123/",
        target,
        "primary versions",
        Map.of(
            "bring-back", new Status.Amount(812, 2_040_109_466),
            "put-back", new Status.Amount(14, 32_505_856),
            "unchanged", new Status.Amount(2204, 0),
            "left-alone", new Status.Amount(6, 0),
            "cannot", new Status.Amount(0, 0)),
        3,
        List.of(),
        confirm,
        "vista",
        MOMENT,
        0,
        List.of(),
        Optional.of(outlook),
        "as-of",
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /// Server-side copies that were measured before.
  private static PlanOutlook onServer() {
    var amount = new Status.Amount(826, 2_072_615_322);
    return new PlanOutlook(
        List.of(new PlanOutlook.Source("primary", Optional.empty(), true, false, amount)),
        new Status.Amount(0, 0),
        new PlanOutlook.Cost(Map.of("USD", 0.0045), List.of(), Map.of()),
        Optional.of(new RestoreView.Eta(130, 225)),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of());
  }

  private static RestoreView restore(String state, long done, long failed) {
    boolean ended = !state.equals("running");
    return new RestoreView(
        "r-7f30",
        "p-9c41",
        state,
        NOW.minusSeconds(124),
        ended ? Optional.of(NOW) : Optional.empty(),
        THREE,
        "projects/abc-123/",
        "in place",
        new Status.Amount(826, 2_000_000_000),
        new Status.Amount(done, done * 2_400_000),
        Map.of("done", done, "failed", failed),
        failed > 0 ? "some failed" : "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        "as-of");
  }

  @Test
  void statusIsOneScreenOfHundredColumns() {
    daemon.on("GET /status", status(true, List.of("aws-archive was not read back for 60 days")));
    assertThat(run("status")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            PROTECTED, with one warning   2026-11-22 04:10:02 Europe/Paris
            ! aws-archive was not read back for 60 days

            SITE         ROLE       RECOVERY POINT  LAG / OBJECTIVE  WAITING     GIVEN UP  STATE
            primary      writing    -               -                -           -         versioning on
            b2-offsite   secondary  03:06:58 UTC    3m04s / 15m      0           0         in sync
            aws-archive  secondary  02:00:02 UTC    1h10m / 24h      41, 96 MiB  0         in sync
            new-one      secondary  unknown yet     unknown / 15m    2 204, 0 B  0         initial sync

            COPIES AT    LISTED      CHECKSUMS  READ BACK AND HASHED        LAST DRILL
            b2-offsite   1h ago      97 %       all within 12d3h, 0 bad     6 days ago, up to 9h05m for all
            aws-archive  58m02s ago  -          8 % so far, 2 bad, 3 extra  FAILED 1 hour ago
            new-one      not yet     -          0 % so far, 0 bad           never: vistadr drill run new-one

            You can go back to any second from 2026-10-18 04:10:00 Europe/Paris on.
            """);
    assertThat(err()).isEmpty();
  }

  @Test
  void planForAnotherTargetNamesItAndAsksForItsName() {
    daemon.on("POST /restore-plans", 201, plan("bucket", "new-primary/vista-new", onServer()));
    assertThat(
            run(
                "restore",
                "projects/abc-123/",
                "--at",
                "2026-11-22T02:00:00Z",
                "--to",
                "new-primary/vista-new",
                "--no-input"))
        .isEqualTo(6);
    assertThat(out())
        .contains("Target: new-primary/vista-new.")
        .contains("write (not there yet)")
        .doesNotContain("deleted since")
        .doesNotContain("--delete-extra");
    assertThat(err()).contains("826 objects will be written to new-primary/vista-new.");
    assertThat(daemon.asked.getFirst()).contains("\"to\":\"new-primary/vista-new\"");
  }

  @Test
  void notProtectedIsExitFive() {
    daemon.on("GET /status", status(false, List.of("b2-offsite is behind")));
    assertThat(run("status")).isEqualTo(5);
    assertThat(out()).startsWith("NOT PROTECTED");
  }

  @Test
  void jsonIsTheDaemonsRecord() {
    daemon.on("GET /status", status(true, List.of()));
    assertThat(run("status", "--json")).isZero();
    assertThat(out())
        .startsWith("{\"schema\":\"vistadr/v1\",\"protected\":true,")
        .contains("\"recoveryPoint\":\"2026-11-22T03:06:58Z\",\"lagSeconds\":184")
        .endsWith("}\n");
  }

  @Test
  void historyShowsEveryVersionOnEverySite() {
    daemon.on(
        "GET /objects/versions",
        new KeyVersions(
            "a b+ü%.jpg",
            List.of(
                new KeyVersions.Item(
                    "delete-marker",
                    "listed",
                    THREE,
                    true,
                    "m1",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    Map.of("b2", "pending"),
                    Map.of(),
                    Map.of()),
                new KeyVersions.Item(
                    "content",
                    "listed",
                    THREE.minusSeconds(60),
                    false,
                    "v1",
                    Optional.of(2_516_582L),
                    Optional.of("e"),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    Map.of("b2", "durable"),
                    Map.of(),
                    Map.of()))));
    assertThat(run("history", "a b+ü%.jpg")).isZero();
    assertThat(daemon.asked).containsExactly("GET /objects/versions?key=a%20b%2B%C3%BC%25.jpg");
    assertThat(out())
        .isEqualTo(
            """
              WHEN (Europe/Paris)  WHAT     SIZE     PRIMARY       b2
            * 2026-11-22 03:00:00  deleted  -        marker        not yet
              2026-11-22 02:59:00  version  2.4 MiB  gone, was v1  same bytes
            """);
  }

  @Test
  void historyInDetailShowsHowCopiesAreLocked() {
    daemon.on(
        "GET /objects/versions",
        new KeyVersions(
            "a",
            List.of(
                new KeyVersions.Item(
                    "content",
                    "listed",
                    THREE,
                    true,
                    "v1",
                    Optional.of(2_516_582L),
                    Optional.of("e"),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    Map.of("b2", "durable", "s3", "durable"),
                    Map.of(
                        "b2",
                        new KeyVersions.Lock(
                            Optional.of("governance"),
                            Optional.of(THREE.plusSeconds(86_400)),
                            true,
                            Optional.empty())),
                    Map.of()))));
    assertThat(run("-v", "history", "a")).isZero();
    assertThat(daemon.asked).containsExactly("GET /objects/versions?key=a&locks=true");
    assertThat(out())
        .contains("same bytes, governance until 2026-11-23 03:00:00, legal hold  same bytes")
        .contains("PRIMARY  b2  ");
  }

  @Test
  void restoringShowsThePlanAsksForTheBucketAndTellsTheResult() {
    daemon
        .on("POST /restore-plans", 201, plan("bucket"))
        .on("POST /restores", 202, restore("running", 0, 0))
        .on("GET /restores/r-7f30", restore("running", 463, 0))
        .on("GET /restores/r-7f30", restore("completed", 826, 0));
    assertThat(runAt("111", "vista\n", "restore", "projects/abc-123/", "--at", "2026-11-22 03:00"))
        .isZero();
    assertThat(out())
        .isEqualTo(
            """
            As of 2026-11-22 03:00:00 Europe/Paris = 02:00:00 UTC (47 minutes ago). Source: primary versions.
            Plan p-9c41, good for 1h      OBJECTS    BYTES
              bring back (deleted since)      812  1.9 GiB
              put back older version           14   31 MiB  <- 3 newer, kept as versions: vistadr restore plan show p-9c41 --newer
              already right                 2 204        -
              created since, left alone         6        -  --delete-extra removes them
              cannot                            0        -
            Server-side copies, no egress. About 2-4 min.
            Restore r-7f30 completed in 2m04s: 826 restored and read back, 0 failed.
            Undo with: vistadr restore undo r-7f30. Report: vistadr restore report r-7f30
            """);
    assertThat(err()).contains("Type the bucket's name to go on: ");
    assertThat(daemon.asked.getFirst())
        .isEqualTo(
            "POST /restore-plans {\"scope\":{\"keys\":[],\"prefixes\":[\"projects/abc-123/\"],"
                + "\"all\":false,\"include\":[],\"exclude\":[]},\"at\":\"2026-11-22T02:00:00Z\","
                + "\"undelete\":false,\"deleteExtra\":false,\"nearest\":false,\"strict\":false,"
                + "\"first\":[],\"last\":[]}");
    assertThat(daemon.asked)
        .contains("POST /restores {\"planId\":\"p-9c41\",\"confirm\":\"vista\"}");
  }

  @Test
  void planSaysWhatItCostsAndWhatItCannot() {
    var all = new Status.Amount(1_204_331, 657_129_996_288L);
    daemon.on(
        "GET /restore-plans/p-9c41",
        withOutlook(
            new PlanOutlook(
                List.of(new PlanOutlook.Source("b2", Optional.empty(), false, false, all)),
                all,
                new PlanOutlook.Cost(
                    Map.of("USD", 6.1049),
                    List.of("requests at primary"),
                    Map.of(
                        "b2",
                        new PlanOutlook.PriceList(
                            "USD", java.time.LocalDate.parse("2026-06-01"), "list prices"))),
                Optional.of(new RestoreView.Eta(28_800, 36_000)),
                Optional.of(
                    new PlanOutlook.Thaw(
                        new Status.Amount(12, 50_331_648),
                        "standard",
                        new RestoreView.Eta(10_800, 18_000))),
                List.of(
                    new PlanOutlook.Reason(
                        "archived (GLACIER at cold): add --thaw standard",
                        new Status.Amount(3, 3_145_728))),
                Optional.of(new PlanOutlook.Lost("b2", new Status.Amount(12, 50_331_648), false)),
                List.of(
                    new PlanOutlook.LostClass("ONEZONE_IA", new Status.Amount(2, 2_097_152))))));
    assertThat(run("restore", "plan", "show", "p-9c41")).isZero();
    assertThat(out())
        .contains(
            """
              cannot: 3 objects, 3.0 MiB: archived (GLACIER at cold): add --thaw standard
              see each: vistadr restore plan show p-9c41 --cannot
            12 changes (48 MiB) were still on their way to b2: vistadr restore plan show p-9c41 --lost
            2 objects (2.0 MiB) of class ONEZONE_IA will get the default class: the target has no such one.
            Egress 612 GiB. About 6.10 USD at list prices of 2026-06-01. \
            Price unknown: requests at primary. About 8-10 h. Thaw: 12 objects, 48 MiB, standard, 3-5 h.
            """);
  }

  @Test
  void planListsItsObjectsAPageAtATime() {
    var items = "GET /restore-plans/p-9c41/items";
    daemon.on(items, new Page<>(List.of(item("a", "gone"), item("b", "gone")), Optional.of("n2")));
    daemon.on(items, new Page<>(List.of(item("c", "gone")), Optional.empty()));
    assertThat(run("restore", "plan", "show", "p-9c41", "--cannot")).isZero();
    assertThat(daemon.asked)
        .containsExactly(
            items + "?limit=1000&action=cannot", items + "?limit=1000&action=cannot&cursor=n2");
    assertThat(out())
        .isEqualTo("cannot  3 B  a  (gone)\ncannot  3 B  b  (gone)\ncannot  3 B  c  (gone)\n");
  }

  @Test
  void planFromThePrimaryHasNothingLost() {
    daemon.on("GET /restore-plans/p-9c41", plan("none"));
    assertThat(run("restore", "plan", "show", "p-9c41", "--lost")).isEqualTo(4);
    assertThat(err()).contains("plan p-9c41 is not from one secondary");
  }

  private static RestorePlanView.ItemView item(String key, String reason) {
    return new RestorePlanView.ItemView(
        key,
        "cannot",
        reason,
        Optional.empty(),
        3,
        "pending",
        "",
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aWrongBucketNameChangesNothing() {
    daemon.on("POST /restore-plans", 201, plan("bucket"));
    assertThat(runAt("111", "vsita\n", "restore", "p/", "--at", "2h ago")).isEqualTo(6);
    assertThat(daemon.asked).hasSize(1);
    assertThat(err()).contains("vistadr restore apply p-9c41 --confirm vista");
  }

  @Test
  void yesNeverStandsForTheBucketsName() {
    daemon.on("POST /restore-plans", 201, plan("bucket"));
    assertThat(run("restore", "p/", "--at", "2h ago", "--yes")).isEqualTo(6);
    assertThat(daemon.asked).hasSize(1);
    assertThat(err()).contains("hint:  add --confirm vista");
  }

  @Test
  void withoutATerminalNothingIsAsked() {
    daemon.on("POST /restore-plans", 201, plan("yes"));
    assertThat(runAt("000", "y\n", "restore", "p/", "--at", "2h ago")).isEqualTo(6);
    assertThat(err())
        .contains("hint:  add --yes")
        .contains("try:   vistadr restore apply p-9c41 --yes");
    assertThat(runAt("111", "y\n", "restore", "p/", "--at", "2h ago", "--no-input")).isEqualTo(6);
  }

  @Test
  void howARestoreEndedIsTheExitCode() {
    for (var expected :
        Map.of("completed", 0, "partial", 3, "failed", 10, "cancelled", 10).entrySet()) {
      try (StubDaemon other = new StubDaemon()) {
        other
            .on("GET /restores/r-7f30", restore(expected.getKey(), 826, 0))
            .on("GET /restores/r-7f30/items", Map.of("items", List.of()));
        assertThat(run("restore", "watch", "r-7f30", "--server", other.address()))
            .as(expected.getKey())
            .isEqualTo(expected.getValue());
      }
    }
  }

  @Test
  void aTimeoutLeavesTheRestoreRunning() {
    daemon.on("GET /restores/r-7f30", restore("running", 1, 0));
    assertThat(run("restore", "watch", "r-7f30", "--timeout", "0s")).isEqualTo(9);
    assertThat(err()).contains("it goes on").contains("vistadr restore watch r-7f30");
  }

  @Test
  void aJobWritesOneJsonDocumentALine() {
    daemon
        .on("POST /restore-plans", 201, plan("none"))
        .on("POST /restores", 202, restore("running", 0, 0))
        .on("GET /restores/r-7f30", restore("completed", 826, 0));
    assertThat(run("restore", "a", "--at", "2026-11-22T02:00Z", "--json")).isZero();
    assertThat(out().lines().map(line -> line.substring(0, 15)).toList())
        .containsExactly("{\"type\":\"plan\",", "{\"type\":\"summar");
    assertThat(err()).isEmpty();
  }

  @Test
  void theDaemonsRefusalsKeepTheirWordsAndGetTheirExitCode() {
    Map<Integer, Integer> exits =
        Map.of(400, 2, 401, 7, 403, 7, 404, 4, 409, 6, 410, 6, 412, 6, 502, 8, 503, 8, 500, 1);
    exits.forEach((status, exit) -> {
      try (StubDaemon other = new StubDaemon()) {
        other.on(
            "GET /tasks",
            status,
            new Problem(
                "about:blank",
                "no",
                status,
                "the detail",
                "some-code",
                Optional.of("a hint"),
                List.of("vistadr status"),
                Optional.of("recover-object"),
                Optional.empty()));
        assertThat(run("task", "list", "--server", other.address()))
            .as("HTTP " + status)
            .isEqualTo(exit);
      }
    });
    assertThat(err())
        .contains(
            """
            error: the detail
            hint:  a hint
            try:   vistadr status
            runbook: vistadr runbook recover-object\
            """);
  }

  @Test
  void aTimeThatTheCatalogDoesNotReachIsNotFound() {
    daemon.on(
        "GET /objects",
        400,
        new Problem(
            "about:blank",
            "no",
            400,
            "too old",
            "time-too-old",
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty()));
    assertThat(run("ls", "--at", "-90m")).isEqualTo(4);
  }

  @Test
  void aDaemonThatDoesNotRunIsUnreachable() {
    daemon.close();
    assertThat(run("status")).isEqualTo(8);
    assertThat(err()).contains("nothing listens there").doesNotContain("\tat ");
    assertThat(run("status", "-v")).isEqualTo(8);
    assertThat(err()).contains("\tat ");
  }

  @Test
  void mistypedWordsAreCorrected() {
    assertThat(run("stauts")).isEqualTo(2);
    assertThat(err())
        .isEqualTo(
            """
            error: unknown command 'stauts'
            hint:  did you mean status?
            try:   vistadr status
            """);
    assertThat(run("ls", "--deletd")).isEqualTo(2);
    assertThat(err()).contains("did you mean --deleted?");
    assertThat(run("restore", "a/")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void everyCommandsHelpTellsTheExitCodes() {
    for (String command :
        List.of(
            "status",
            "check",
            "ls",
            "history",
            "get",
            "restore",
            "undelete",
            "sync",
            "task",
            "runbook",
            "demo",
            "config",
            "version",
            "health",
            "completion")) {
      takeOut();
      assertThat(run(command, "--help")).as(command).isZero();
      assertThat(out()).as(command).contains("Exit codes:").contains("  130   detached");
      assertThat(out().lines()).as(command).allMatch(line -> line.length() <= 100);
    }
    assertThat(run("help", "restore", "plan")).isZero();
  }

  @Test
  void completionScriptsNameEveryCommand() {
    List<String> shells = new ArrayList<>(List.of("bash", "zsh", "fish"));
    for (String shell : shells) {
      takeOut();
      assertThat(run("completion", shell)).as(shell).isZero();
      assertThat(out()).contains("undelete").contains("deleted-since");
    }
    assertThat(run("completion", "tcsh")).isEqualTo(2);
  }

  @Test
  void aRunbookIsThereWithoutADaemon() {
    daemon.close();
    assertThat(run("runbook")).isZero();
    assertThat(out()).contains("recover-object\n");
    takeOut();
    assertThat(run("runbook", "Recover-Object")).isZero();
    assertThat(out()).startsWith("#");
    takeOut();
    assertThat(run("--json", "runbook", "recover-object")).isZero();
    assertThat(out()).startsWith("{\"name\":\"recover-object\",\"text\":\"#");
    assertThat(run("runbook", "nope")).isEqualTo(4);
  }
}
