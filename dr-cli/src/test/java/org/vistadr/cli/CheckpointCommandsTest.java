package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vistadr.api.CheckpointView;
import org.vistadr.api.MomentView;
import org.vistadr.api.Page;
import org.vistadr.api.Problem;

/// `vistadr checkpoint`, and `checkpoint:NAME` where a time is asked for.
final class CheckpointCommandsTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final Instant AT = Instant.parse("2026-11-22T02:59:48.250Z");
  private static final CheckpointView MADE =
      new CheckpointView("pre-release", AT, AT, "admin 1234abcd", "before 1.0", true);

  CheckpointCommandsTest() {
    super(NOW, ZoneId.of("Europe/Paris"));
  }

  @Test
  void createSaysWhichMomentItIs() {
    daemon.on("POST /checkpoints", 201, MADE);
    assertThat(run("checkpoint", "create", "pre-release", "--hold", "--note", "before 1.0"))
        .isZero();
    assertThat(daemon.asked.getFirst())
        .contains("\"name\":\"pre-release\"", "\"hold\":true", "\"note\":\"before 1.0\"")
        .doesNotContain("\"at\"");
    assertThat(err())
        .contains(
            "Checkpoint pre-release is 2026-11-22T02:59:48.250Z = 2026-11-22 03:59:48 Europe/Paris (11 seconds ago), held.",
            "vistadr ls --at checkpoint:pre-release");
    assertThat(run("checkpoint", "create", "b", "--at", "1h ago")).isZero();
    assertThat(daemon.asked.getLast()).contains("\"at\":\"2026-11-22T02:00:00Z\"");
  }

  @Test
  void momentsThatAreRefusedComeWithLinesThatWouldDo() {
    daemon.on(
        "POST /checkpoints",
        400,
        Map.of(
            "code",
            "time-too-old",
            "detail",
            "it is before everything",
            "status",
            400,
            "title",
            "time too old",
            "asked",
            "2026-11-22T02:00:00Z",
            "earliest",
            "2026-11-22T02:30:00Z"));
    assertThat(run("checkpoint", "create", "b", "--at", "1h ago")).isEqualTo(4);
    assertThat(err()).contains("vistadr checkpoint create b --at 2026-11-22T02:30:00Z");
  }

  @Test
  void aNameStandsForATime() {
    daemon.on("GET /checkpoints/pre-release", MADE);
    run("ls", "--at", "checkpoint:pre-release");
    assertThat(daemon.asked.getLast()).contains("at=2026-11-22T02%3A59%3A48.250Z");
    assertThat(err()).contains("As of 2026-11-22 03:59:48 Europe/Paris");
  }

  @Test
  void anUnknownNameIsNotFoundAndTheNearestAreNamed() {
    daemon.on(
        "GET /checkpoints/pre-relase",
        404,
        new Problem(
            "about:blank",
            "not found",
            404,
            "there is no checkpoint 'pre-relase'",
            "not-found",
            Optional.of("the nearest are pre-release"),
            List.of("vistadr checkpoint list"),
            Optional.empty(),
            Optional.empty()));
    assertThat(run("ls", "--at", "checkpoint:pre-relase")).isEqualTo(4);
    assertThat(err())
        .contains("error: there is no checkpoint 'pre-relase'")
        .contains("the nearest are pre-release");
    assertThat(daemon.asked).hasSize(1);
    assertThat(run("ls", "--at", "checkpoint:")).isEqualTo(2);
    assertThat(err()).contains("no checkpoint is named");
    assertThat(run("ls", "--at", "checkpoint:a/b")).isEqualTo(2);
    assertThat(err()).contains("'a/b' is no name of a checkpoint");
    assertThat(daemon.asked).hasSize(1);
  }

  @Test
  void showAddsUpAllPagesAndSaysWhatIsWaitingWhere() {
    daemon.on("GET /checkpoints/pre-release", MADE);
    daemon.on("GET /checkpoints/pre-release/contents", contents(2, 5, true, Optional.of("c")));
    daemon.on("GET /checkpoints/pre-release/contents", contents(1, 7, true, Optional.empty()));
    assertThat(run("checkpoint", "show", "pre-release")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            Checkpoint  pre-release
            Moment      2026-11-22T02:59:48.250Z = 2026-11-22 03:59:48 Europe/Paris (11 seconds ago)
            Made        2026-11-22 03:59:48 Europe/Paris by admin 1234abcd
            Note        before 1.0
            Held        yes, no retention may remove what it shows
            Objects     3, 3.0 KiB
            Durable     complete at versioned
            Durable     12 versions waiting at plain
            """);
    assertThat(daemon.asked.getLast()).endsWith("?cursor=c");
  }

  @Test
  void nothingIsCompleteBeforeAScanLooked() {
    daemon.on("GET /checkpoints/pre-release", MADE);
    daemon.on("GET /checkpoints/pre-release/contents", contents(1, 0, false, Optional.empty()));
    assertThat(run("checkpoint", "show", "pre-release")).isZero();
    assertThat(out())
        .contains("not known at plain: no scan has looked since that moment")
        .doesNotContain("complete");
  }

  @Test
  void listHoldAndDelete() {
    daemon.on("GET /checkpoints", new Page<>(List.of(MADE), Optional.empty()));
    daemon.on("POST /checkpoints/pre-release/unhold", MADE);
    daemon.on("POST /checkpoints/pre-release/hold", MADE);
    daemon.on("DELETE /checkpoints/pre-release", MADE);
    assertThat(run("checkpoint", "list")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            NAME         MOMENT (Europe/Paris)  HELD  MADE BY         NOTE
            pre-release  2026-11-22 03:59:48    held  admin 1234abcd  before 1.0
            """);
    assertThat(run("checkpoint", "hold", "pre-release")).isZero();
    assertThat(run("checkpoint", "unhold", "pre-release", "--reason", "over")).isZero();
    assertThat(daemon.asked.getLast()).endsWith("{\"reason\":\"over\"}");
    assertThat(run("checkpoint", "delete", "pre-release")).isEqualTo(2);
    assertThat(run("checkpoint", "delete", "pre-release", "--reason", "no use")).isZero();
    assertThat(daemon.asked.getLast()).isEqualTo("DELETE /checkpoints/pre-release?reason=no%20use");
  }

  private static CheckpointView.Contents contents(
      long objects, long waiting, boolean complete, Optional<String> next) {
    return new CheckpointView.Contents(
        new MomentView(
            AT,
            "versions",
            Optional.empty(),
            complete,
            Optional.of("versioned"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        objects,
        objects * 1024,
        0,
        List.of(
            new CheckpointView.Missing("versioned", 0),
            new CheckpointView.Missing("plain", waiting)),
        next);
  }
}
