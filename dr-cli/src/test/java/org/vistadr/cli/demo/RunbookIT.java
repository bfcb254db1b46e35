package org.vistadr.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vistadr.cli.DocumentedCommand;
import org.vistadr.cli.Vistadr;
import org.vistadr.cli.commands.DaemonProgram;
import org.vistadr.cli.output.Terminal;

/// Every command in a block of a runbook is typed, in the order of the runbook, at a real daemon
/// that protects a bucket in which just then something was deleted and overwritten.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RunbookIT {

  private static final Path RUNBOOKS = Path.of("..", "runbooks");
  private static final String OVERWRITTEN = "projects/abc-123/image.jpg";
  private static final String DELETED = "projects/abc-123/scan.jpg";

  /// Unexpected, usage, partial, credentials, unreachable, failed.
  private static final Set<Integer> NEVER = Set.of(1, 2, 3, 7, 8, 10);

  private DemoParts parts;
  private DemoSites sites;
  private DemoBucket primary;
  private DemoDaemon daemon;
  private Instant good;

  static Stream<Path> runbooks() throws IOException {
    try (Stream<Path> files = Files.list(RUNBOOKS)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.endsWith("README.md"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @BeforeAll
  void protectABucket() throws Exception {
    parts = new DemoParts(DemoFolder.create());
    sites =
        parts.add(
            DemoSites.start(
                Path.of("..", "dr-core", "target", "s3proxy", "s3proxy.jar"),
                parts.folder(),
                Clock.systemUTC()));
    primary = new DemoBucket(sites.primary());
    putGoodObjects();
    startDaemon();
    Instant written = primary.clockAfter(primary.clock());
    awaitProtectedSince(written);
    good = primary.clock();
    primary.clockAfter(good);
  }

  private void startDaemon() throws Exception {
    daemon =
        parts
            .add(
                DemoDaemon.start(
                    DaemonProgram.java(), DaemonProgram.classPath(), parts.folder(), sites.sites()))
            .awaitAnswer();
  }

  @AfterAll
  void endEverything() {
    parts.close();
  }

  @ParameterizedTest
  @MethodSource("runbooks")
  void everyCommandWorks(Path runbook) throws Exception {
    boolean withoutDaemon = runbook.endsWith("break-glass.md");
    primary.put(OVERWRITTEN, "image/jpeg", "wrong".getBytes(UTF_8));
    if (primary.has(DELETED)) {
      primary.delete(DELETED);
    }
    awaitProtectedSince(primary.clockAfter(primary.clock()));
    if (withoutDaemon) {
      daemon.close();
    }
    List<String> typed = new ArrayList<>();
    for (DocumentedCommand command : DocumentedCommand.in(runbook)) {
      String first = command.words().isEmpty() ? "" : command.words().getFirst();
      // `config check` judges a file that is the reader's own, and the launcher runs `daemon`.
      if (command.fenced() && !first.equals("daemon") && !first.equals("config")) {
        Answer answer = type(command.words());
        typed.add(answer.text());
        assertThat(NEVER).as("%s%n%s", command, answer.text()).doesNotContain(answer.exit());
        if (withoutDaemon) {
          assertThat(answer.exit()).as("%s%n%s", command, answer.text()).isIn(0, 5);
        }
      }
    }
    if (withoutDaemon) {
      startDaemon();
    }
    type(List.of("sync", "resume", "copy-versioned"));
    if (withoutDaemon
        || runbook.endsWith("recover-object.md")
        || runbook.endsWith("recover-prefix.md")) {
      assertThat(primary.sizes())
          .as("%s", typed)
          .containsEntry(OVERWRITTEN, (long) "good image".length());
    }
    if (runbook.endsWith("recover-prefix.md") || runbook.endsWith("full-restore.md")) {
      assertThat(primary.has(DELETED)).as("%s", typed).isTrue();
    }
  }

  private void putGoodObjects() throws Exception {
    primary.put(OVERWRITTEN, "image/jpeg", "good image".getBytes(UTF_8));
    primary.put(DELETED, "image/jpeg", "good scan".getBytes(UTF_8));
    primary.put("thumbnails/1_64.jpg", "image/jpeg", "good thumbnail".getBytes(UTF_8));
  }

  private void awaitProtectedSince(Instant moment) {
    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          Answer status = type(List.of("status", "--json"));
          return status.exit() == 0
              && recoveryPoints(status.text()).allMatch(p -> !p.isBefore(moment));
        });
  }

  private static Stream<Instant> recoveryPoints(String json) {
    return java.util.regex.Pattern.compile("\"recoveryPoint\"\\s*:\\s*\"([^\"]+)\"")
        .matcher(json)
        .results()
        .map(found -> Instant.parse(found.group(1)));
  }

  private record Answer(int exit, String text) {}

  /// Names of the documents become names of this place.
  private Answer type(List<String> words) {
    List<String> local =
        words.stream()
            .map(word ->
                switch (word) {
                  case "b2-offsite" -> "copy-versioned";
                  case "2h ago" -> good.toString();
                  case "/tmp/image-before.jpg" ->
                      parts.folder().path().resolve("before-" + System.nanoTime()).toString();
                  default -> word;
                })
            .toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, UTF_8);
    Map<String, String> environment =
        Map.of(
            "VISTADR_SERVER", daemon.address(),
            "VISTADR_TOKEN_FILE", daemon.token().toString(),
            "VISTADR_CONFIG", parts.folder().path().resolve("config.yml").toString());
    Terminal terminal =
        new Terminal(new ByteArrayInputStream(new byte[0]), stream, stream, environment);
    int exit =
        new Vistadr(terminal, Clock.systemUTC(), ZoneOffset.UTC, environment)
            .run(local.toArray(String[]::new));
    stream.flush();
    return new Answer(
        exit, "$ vistadr %s%n%s".formatted(String.join(" ", local), out.toString(UTF_8)));
  }
}
