package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.api.DrillView;
import org.vistadr.api.Page;

/// `vistadr drill`.
final class DrillCommandsTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Instant STARTED = Instant.parse("2026-11-22T02:59:00Z");

  DrillCommandsTest() {
    super(NOW, ZoneId.of("Europe/Paris"));
  }

  @Test
  void runSaysWhereItsOutcomeWillBe() {
    daemon.on("POST /drills", 202, drill("running", 0));
    assertThat(run("drill", "run", "b2", "--sample", "50", "--prefix", "a/")).isZero();
    assertThat(daemon.asked.getFirst())
        .contains("\"secondary\":\"b2\"", "\"prefix\":\"a/\"", "\"sample\":50");
    assertThat(err())
        .contains("Drill 7 from b2, as of 2026-11-22T02:58:00Z, started.")
        .contains("vistadr drill show 7");
    assertThat(out()).isEmpty();
  }

  @Test
  void waitedForItIsShownAndSuccessIsZero() {
    daemon.on("POST /drills", 202, drill("running", 0));
    daemon.on("GET /drills/7", drill("running", 0));
    daemon.on("GET /drills/7", drill("succeeded", 0));
    assertThat(run("drill", "run", "--wait")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            Drill 7 from b2: SUCCEEDED

              as of         2026-11-22 03:58:00 Europe/Paris, its recovery point
              started       2026-11-22 03:59:00 Europe/Paris by admin 1234abcd
              came back     199 objects, 1.0 MiB, in 2.0s (99.5 objects/s, 512 KiB/s)
              chosen as     oldest 9, random 190 (seed 42)
              failed        0
              whole bucket  1 000 objects, 5.0 MiB
              all of it in  8s to 12s; 8h is allowed: within it
            """);
  }

  @Test
  void oneObjectThatDidNotComeBackIsNamedAndExitsThree() {
    daemon.on("GET /drills/7", drill("failed", 1));
    assertThat(run("drill", "show", "7")).isEqualTo(3);
    assertThat(out())
        .startsWith("Drill 7 from b2: FAILED, 1 of 200 objects did not come back")
        .contains("failed  a/1.jpg  (random)  nothing is at a/1.jpg")
        .contains("vistadr verify repair --all");
    assertThat(run("drill", "show", "7", "--json")).isEqualTo(3);
    assertThat(out()).contains("\"state\":\"failed\"", "\"failures\":1");
  }

  @Test
  void listHasOneLineForEach() {
    daemon.on(
        "GET /drills",
        new Page<>(List.of(drill("failed", 1), drill("succeeded", 0)), Optional.empty()));
    assertThat(run("drill", "list", "b2", "--limit", "2")).isZero();
    assertThat(daemon.asked.getFirst()).contains("secondary=b2", "limit=2");
    assertThat(out().lines()).hasSize(3);
    assertThat(out()).contains("failed", "succeeded", "8s to 12s");
    assertThat(run("drill", "list", "--limit", "0")).isEqualTo(2);
    assertThat(err()).contains("error: --limit is at least 1");
  }

  private static DrillView drill(String state, long failures) {
    boolean over = !state.equals("running");
    return new DrillView(
        7,
        "b2",
        "admin 1234abcd",
        state,
        Instant.parse("2026-11-22T02:58:00Z"),
        Optional.empty(),
        Optional.of(200),
        42,
        STARTED,
        over ? Optional.of(STARTED.plusSeconds(2)) : Optional.empty(),
        2,
        199,
        1 << 20,
        failures,
        0,
        0,
        0,
        Map.of("random", 190L, "oldest", 9L),
        Optional.of(99.5),
        Optional.of(524288.0),
        1000,
        5 << 20,
        Optional.of(8L),
        Optional.of(12L),
        28_800,
        failures > 0 ? "1 of 200 objects did not come back" : "",
        failures > 0
            ? List.of(new DrillView.Item("a/1.jpg", "failed", "random", "nothing is at a/1.jpg"))
            : List.of());
  }
}
