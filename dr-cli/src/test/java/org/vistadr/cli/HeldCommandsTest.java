package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `held list --discarded` as typed and read.
final class HeldCommandsTest extends TypedCommands {

  HeldCommandsTest() {
    super(Instant.parse("2026-11-22T03:10:02Z"), ZoneOffset.UTC);
  }

  @Test
  void whatSecondariesDoNotHaveByDecisionIsListedWithTheReason() {
    daemon
        .on(
            "GET /status",
            Map.of(
                "secondaries",
                List.of(
                    Map.of("name", "b2", "waivedObjects", 3),
                    Map.of("name", "s3", "waivedObjects", 0))))
        .on(
            "GET /held",
            Map.of(
                "items",
                List.of(
                    Map.of(
                        "key", "a/1.jpg",
                        "versionId", "m1",
                        "at", "2026-11-22T02:00:00Z",
                        "scan", 7,
                        "judged", true,
                        "deletion", true,
                        "decision", "discarded: wrong prefix"))));
    assertThat(run("held", "list", "--discarded", "--limit", "1")).isZero();
    assertThat(daemon.asked)
        .containsExactly("GET /status", "GET /held?limit=1&discarded=true&secondary=b2");
    assertThat(out())
        .contains("b2         2026-11-22 02:00:00  deletion  discarded: wrong prefix  a/1.jpg");
    assertThat(err()).contains("3 changes in all at b2; more of them with --limit");
    assertThat(run("held", "list", "--discarded", "nowhere")).isEqualTo(4);
    assertThat(err()).contains("there is no secondary 'nowhere'");
  }
}
