package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.api.HoldView;
import org.vistadr.api.Page;
import org.vistadr.api.PrunePlanView;

/// `vistadr prune` and `vistadr hold`.
final class PruneCommandsTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");

  PruneCommandsTest() {
    super(NOW, ZoneId.of("Europe/Paris"));
  }

  @Test
  void aPlanIsShownWithWhatGoesWhatStaysAndTheLineThatRunsIt() {
    daemon.on("POST /prune-plans", 201, plan("planned", "to-go", ""));
    daemon.on("GET /prune-plans/g-7k2m9q/items", items());
    assertThat(run("prune", "plan", "--secondary", "b2")).isZero();
    assertThat(daemon.asked.getFirst()).contains("{\"secondary\":\"b2\"}");
    assertThat(takeOut())
        .isEqualTo(
            """
            Plan g-7k2m9q: PLANNED

              made      2026-11-22 04:00:00 Europe/Paris by admin 12, good until 2026-11-23 04:00:00
              policies  b2: keepAll 35d; disk: keeps everything
              relies    on the copies at disk

            SECONDARY  WHAT      WHY                         VERSIONS     SIZE
            b2         would go  another secondary keeps it     1 200  2.0 MiB
            b2         stays     the last good copy                 3  3.0 KiB

            SECONDARY  WHAT      OF                     SIZE  KEY  VERSION  WHY
            b2         would go  2026-11-22 04:00:00  10 KiB  a/b  v1       superseded
            """);
    assertThat(err())
        .contains(
            "1 200 versions, 2.0 MiB, would go for good. To do it: vistadr prune run g-7k2m9q --confirm b2 --reason '...'");
  }

  @Test
  void aRunNeedsTheNameAndAReasonAndTellsHowItEnded() {
    daemon.on("GET /prune-plans/g-7k2m9q", plan("done", "removed", ""));
    daemon.on("POST /prune-plans/g-7k2m9q/run", 202, plan("running", "to-go", ""));
    assertThat(run("prune", "run", "g-7k2m9q", "--confirm", "b2")).isEqualTo(2);
    assertThat(run("prune", "run", "g-7k2m9q", "--reason", "space")).isEqualTo(6);
    assertThat(run("prune", "run", "g-7k2m9q", "--confirm", "vista", "--reason", "x")).isEqualTo(6);
    assertThat(err())
        .contains("Nobody confirmed it; nothing was removed")
        .contains("'vista' is not what confirms it; nothing was removed")
        .contains("try:   vistadr prune run g-7k2m9q --confirm b2 --reason '...'");
    assertThat(daemon.asked).noneMatch(line -> line.startsWith("POST"));
    assertThat(run("prune", "run", "g-7k2m9q", "--confirm", "b2", "--reason", "space")).isZero();
    assertThat(daemon.asked)
        .anyMatch(line -> line.endsWith("{\"confirm\":\"b2\",\"reason\":\"space\"}"));
    assertThat(takeOut()).contains("Plan g-7k2m9q: DONE", "b2         removed");
  }

  @Test
  void aRunThatWasRefusedMidwayIsNoSuccess() {
    daemon.on("GET /prune-plans/g-7k2m9q", plan("refused", "to-go", "the brake is engaged"));
    daemon.on("GET /prune-plans/g-7k2m9q/items", items());
    assertThat(run("prune", "show", "g-7k2m9q", "--state", "to-go")).isEqualTo(6);
    assertThat(takeOut()).contains("Plan g-7k2m9q: REFUSED, the brake is engaged");
    assertThat(daemon.asked.getLast()).contains("state=to-go");
    daemon.on("GET /prune-plans/g-2", plan("done", "differs", ""));
    assertThat(run("prune", "show", "g-2")).isEqualTo(3);
    assertThat(takeOut()).contains("not as written");
  }

  @Test
  void holdsAreAddedListedAndEnded() {
    HoldView hold =
        new HoldView(7, Optional.empty(), Optional.of("a/"), "case 7", NOW, "admin 12", List.of());
    daemon.on("POST /holds", 201, hold);
    daemon.on("GET /holds", new Page<>(List.of(hold), Optional.empty()));
    daemon.on("DELETE /holds/7", hold);
    assertThat(run("hold", "add", "--prefix", "a/", "--reason", "case 7")).isZero();
    assertThat(daemon.asked.getLast()).endsWith("{\"prefix\":\"a/\",\"reason\":\"case 7\"}");
    assertThat(err()).contains("Hold 7 covers all keys that start with a/.");
    assertThat(run("hold", "add", "--reason", "case 7")).isEqualTo(2);
    assertThat(run("hold", "add", "k", "--prefix", "a/", "--reason", "x")).isEqualTo(2);
    assertThat(err()).contains("a hold is of a key or of a prefix");
    assertThat(run("hold", "list")).isZero();
    assertThat(takeOut())
        .isEqualTo(
            """
            ID  MADE                 BY        COVERS                       REASON
             7  2026-11-22 04:00:00  admin 12  all keys that start with a/  case 7
            """);
    assertThat(run("hold", "remove", "7")).isEqualTo(2);
    assertThat(run("hold", "remove", "7", "--reason", "closed")).isZero();
    assertThat(daemon.asked.getLast()).isEqualTo("DELETE /holds/7?reason=closed");
  }

  private static Page<PrunePlanView.PruneItem> items() {
    return new Page<>(
        List.of(
            new PrunePlanView.PruneItem(
                1, "b2", "a/b", "v1", NOW, 10240, "to-go", "kept-elsewhere", "superseded")),
        Optional.empty());
  }

  private static PrunePlanView plan(String state, String what, String message) {
    return new PrunePlanView(
        "g-7k2m9q",
        state,
        Optional.of("b2"),
        "b2: keepAll 35d; disk: keeps everything",
        List.of("disk"),
        NOW,
        "admin 12",
        NOW.plusSeconds(86_400),
        false,
        "b2",
        Optional.empty(),
        "",
        "",
        Optional.empty(),
        message,
        List.of(
            new PrunePlanView.PruneSum("b2", what, "kept-elsewhere", 1200, 2 << 20),
            new PrunePlanView.PruneSum("b2", "stays", "last-good-copy", 3, 3072)));
  }
}
