package org.vistadr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vistadr.catalog.CatalogFixture.B2;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` at any moment loses nothing that was acknowledged.
final class CatalogKillTest {

  @TempDir Path directory;

  @Test
  void nothingAcknowledgedIsLostByAKill() throws Exception {
    kill(3);
  }

  @Test
  @Tag("slow")
  void nothingAcknowledgedIsLostByManyKills() throws Exception {
    kill(60);
  }

  private void kill(int rounds) throws Exception {
    long seed = Long.getLong("vistadr.seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      // Counted in lines, not in time: however slow the machine is, there is something to lose.
      acknowledged.addAll(linesUntilKilled("round" + round, 50 + random.nextInt(700)));
      check(acknowledged, "seed %d, round %d".formatted(seed, round));
    }
  }

  private List<String> linesUntilKilled(String name, int lines)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                CatalogChild.class.getName(),
                directory.toString(),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      while (line != null) {
        if (isAcknowledgement(line)) {
          acknowledged.add(line);
        }
        if (acknowledged.size() == lines) {
          // Not Process.destroyForcibly, which also closes our end of the pipe.
          process.toHandle().destroyForcibly();
        }
        line = output.readLine();
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(lines);
    // The last line may be cut in the middle of a number.
    return acknowledged.subList(0, acknowledged.size() - 1);
  }

  private static boolean isAcknowledgement(String line) {
    return line.startsWith("recorded ")
        || line.startsWith("durable ")
        || line.startsWith("complete ");
  }

  private void check(List<String> acknowledged, String when) {
    try (Catalog catalog = CatalogFixture.open(directory, B2)) {
      long keys = 0;
      for (String line : acknowledged) {
        String what = line.substring(line.indexOf(' ') + 1);
        switch (line.charAt(0)) {
          case 'r' -> {
            keys++;
            assertThat(catalog.versions().history(CatalogFixture.key(what)).newestFirst())
                .as("%s: %s", when, line)
                .hasSize(1);
          }
          case 'd' ->
              assertThat(catalog.replicas().find(B2, Long.parseLong(what)))
                  .as("%s: %s", when, line)
                  .isPresent();
          default ->
              assertThat(catalog.scans().lastComplete().orElseThrow().number())
                  .as("%s: %s", when, line)
                  .isGreaterThanOrEqualTo(Long.parseLong(what));
        }
      }
      VersionLog.Totals totals = catalog.versions().totals();
      assertThat(totals.currentObjects()).as(when).isGreaterThanOrEqualTo(keys);
      // Each version stands either in the queue or among the replicas.
      assertThat(
              catalog.queue().backlog(B2).pendingObjects() + catalog.replicas().count(B2).objects())
          .as(when)
          .isEqualTo(totals.currentObjects());
      assertThat(catalog.versions().splitKeys(2)).hasSizeLessThan(2);
      assertThat(catalog.queue().due(B2, 0, CatalogFixture.START, 100_000))
          .as(when)
          .hasSize((int) catalog.queue().backlog(B2).pendingObjects());
      assertThat(catalog.versions().histories("", Optional.empty()).next()).isPresent();
    }
  }
}
