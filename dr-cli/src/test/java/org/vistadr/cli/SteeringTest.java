package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vistadr.api.Problem;
import org.vistadr.api.RestoreView;
import org.vistadr.api.Status;

/// Commands for a restore that exists, and keys that come from a file.
final class SteeringTest extends TypedCommands {

  private static final Instant NOW = Instant.parse("2026-11-22T03:10:02Z");

  @TempDir Path directory;

  SteeringTest() {
    super(NOW, ZoneOffset.UTC);
  }

  private static RestoreView restore(String state, long skipped, Optional<Long> limit) {
    return new RestoreView(
        "r-8001",
        "p-a001",
        state,
        NOW.minusSeconds(60),
        Optional.empty(),
        NOW,
        "everything",
        "in place",
        new Status.Amount(1000, 1_000_000),
        new Status.Amount(310, 310_000),
        Map.of("done", 310L, "skipped", skipped),
        "",
        Optional.empty(),
        Optional.empty(),
        limit,
        List.of(),
        List.of(),
        "as-of");
  }

  @Test
  void pauseTellsHowFarItIsAndHowToGoOn() {
    daemon.on("POST /restores/r-8001/pause", restore("paused", 0, Optional.empty()));
    assertThat(run("restore", "pause", "r-8001")).isZero();
    assertThat(err())
        .isEqualTo(
            "Restore r-8001 paused at 31 % (310 objects); 'vistadr restore resume r-8001' goes on there, also after a restart.\n");
  }

  @Test
  void resumeSendsTheBandwidth() {
    daemon.on("POST /restores/r-8001/resume", restore("queued", 0, Optional.of(50_000_000L)));
    assertThat(run("restore", "resume", "r-8001", "--max-bandwidth", "400Mbit")).isZero();
    assertThat(daemon.asked)
        .containsExactly("POST /restores/r-8001/resume {\"bandwidth\":\"400Mbit\"}");
    assertThat(err()).contains("Restore r-8001 goes on, at most 48 MiB/s.");
  }

  @Test
  void retryOverChangedKeysNeedsAYes() {
    daemon.on("GET /restores/r-8001", restore("partial", 2, Optional.empty()));
    daemon.on("POST /restores/r-8001/retry", restore("queued", 0, Optional.empty()));
    assertThat(run("restore", "retry", "r-8001", "--detach")).isEqualTo(6);
    assertThat(err())
        .contains("2 objects changed since the plan and will be written over.")
        .contains("try:   vistadr restore retry r-8001 --failed-only");
    assertThat(run("restore", "retry", "r-8001", "--failed-only", "--detach")).isZero();
    assertThat(run("restore", "retry", "r-8001", "--yes", "--detach")).isZero();
    assertThat(daemon.asked)
        .filteredOn(asked -> asked.startsWith("POST"))
        .containsExactly(
            "POST /restores/r-8001/retry {\"failedOnly\":true}",
            "POST /restores/r-8001/retry {\"failedOnly\":false,\"confirm\":\"yes\"}");
  }

  @Test
  void aWrongStateIsARefusal() {
    daemon.on(
        "POST /restores/r-8001/pause",
        409,
        new Problem(
            "about:blank",
            "wrong state",
            409,
            "restore r-8001 is completed",
            "wrong-state",
            Optional.of("only a restore that waits or runs can be paused"),
            List.of("vistadr restore show r-8001"),
            Optional.empty(),
            Optional.empty()));
    assertThat(run("restore", "pause", "r-8001")).isEqualTo(6);
    assertThat(err()).contains("error: restore r-8001 is completed");
  }

  @Test
  void keysComeFromAFileOrStandardInput() throws Exception {
    Path file = directory.resolve("keys.txt");
    Files.writeString(file, "a b.txt\n\nfolder/\nwindows\r\nlast");
    run("restore", "--keys-from", file.toString(), "--at", "2026-11-22T03:00:00Z");
    runAt(
        "000",
        "one\nline\0two\0",
        "restore",
        "--keys-from",
        "-",
        "-0",
        "--at",
        "2026-11-22T03:00:00Z");
    assertThat(daemon.asked)
        .hasSize(2)
        .satisfies(asked -> {
          assertThat(asked.getFirst())
              .contains("\"keys\":[\"a b.txt\",\"folder/\",\"windows\",\"last\"]");
          assertThat(asked.getLast()).contains("\"keys\":[\"one\\nline\",\"two\"]");
        });
  }

  @Test
  void tooManyKeysAreRefusedWithTheNumber() throws Exception {
    Path file = directory.resolve("keys.txt");
    Files.writeString(
        file,
        IntStream.rangeClosed(0, 100_000)
            .mapToObj(String::valueOf)
            .collect(Collectors.joining("\n")));
    assertThat(run("restore", "--keys-from", file.toString(), "--at", "2026-11-22T03:00:00Z"))
        .isEqualTo(2);
    assertThat(err())
        .contains("error: %s has more than 100 000 keys".formatted(file))
        .contains("try:   split -l 100000 ");
    Files.write(file, new byte[] {'a', (byte) 0xff, '\n'});
    assertThat(run("undelete", "--keys-from", file.toString())).isEqualTo(2);
    assertThat(err()).contains("is not UTF-8 text");
    Files.writeString(file, "\n");
    assertThat(run("undelete", "--keys-from", file.toString())).isEqualTo(2);
    assertThat(err()).contains("has no key in it");
    assertThat(daemon.asked).isEmpty();
  }
}
