package org.vistadr.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The real command against the real daemon and real S3 servers: those of a demo that runs until it
/// is told to end.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CommandLineIT {

  @TempDir static Path temporary;
  private static CommandProcess demo;
  private static Map<String, String> settings;
  private static String key;
  private static String before;

  @BeforeAll
  static void startTheDemo() throws IOException {
    demo =
        CommandProcess.start(
            Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary), List.of("demo"));
    await()
        .atMost(Duration.ofMinutes(4))
        .until(() -> demo.text().contains("until Ctrl-C") || !demo.isAlive());
    assertThat(demo.text()).contains("until Ctrl-C");
    Path env = Path.of(tried(". ").substring(2));
    String[] words = Files.readString(env).strip().split("[ =]");
    settings = Map.of(words[1], words[2], words[3], words[4]);
    String[] restored =
        demo.lines().stream()
            .filter(line -> line.contains("$ vistadr restore "))
            .findFirst()
            .orElseThrow()
            .replaceFirst(".*vistadr restore ", "")
            .split(" ");
    key = restored[0];
    before = restored[2];
  }

  @AfterAll
  static void endTheDemo() {
    if (demo.isAlive()) {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.terminate();
    }
  }

  private static String tried(String start) {
    return demo.lines().stream()
        .map(String::strip)
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow();
  }

  private record Answer(int status, String text) {}

  private static Answer run(String... words) throws Exception {
    CommandProcess process = CommandProcess.start(settings, List.of(words));
    int status = process.await(60);
    return new Answer(status, process.text());
  }

  private static void expect(int status, String part, String... words) throws Exception {
    Answer answer = run(words);
    assertThat(answer.text()).as(String.join(" ", words)).contains(part);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
  }

  @Test
  @Order(1)
  void everyPrintedCommandWorksAsItIsPrinted() throws Exception {
    int from =
        demo.lines()
            .indexOf(
                demo.lines().stream()
                    .filter(line -> line.startsWith("── Try"))
                    .findFirst()
                    .orElseThrow());
    List<String> printed = new ArrayList<>();
    for (String line : demo.lines().subList(from + 1, demo.lines().size())) {
      if (line.startsWith("──")) {
        break;
      }
      printed.add(line.strip());
    }
    assertThat(printed).hasSizeGreaterThan(5);
    StringBuilder script = new StringBuilder("set -eu\n");
    script.append("vistadr() { ").append(CommandProcess.shellCommand()).append(" \"$@\"; }\n");
    for (String line : printed) {
      // The one that would change a whole prefix asks first, and nobody answers here.
      boolean asks = line.contains(" restore ");
      script.append("echo \"== ").append(line.replace("'", "")).append("\"\n");
      script.append(asks ? line + " && exit 77 || [ $? = 6 ]\n" : line + "\n");
    }
    Process shell =
        new ProcessBuilder("sh", "-c", script.toString()).redirectErrorStream(true).start();
    shell.getOutputStream().close();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(output).isZero();
    assertThat(output).contains("PROTECTED").contains("lag_seconds");
  }

  @Test
  @Order(2)
  void whatWasDeletedAndOverwrittenIsSeenAndReadAsOfBefore() throws Exception {
    expect(0, "versioning on", "status");
    expect(0, "\"protected\":true", "status", "--json");
    expect(0, "same bytes", "history", key);
    expect(0, key, "ls", key.replaceFirst("[^/]*$", ""), "--at", before);
    expect(0, "projects/", "ls");
    expect(4, "error: nothing is under 'nope/'", "ls", "nope/");
    expect(4, "error:", "history", "nope");
    Path file = temporary.resolve("as-of-before.jpg");
    expect(0, "checksum compared", "get", key, "--at", before, "-o", file.toString());
    assertThat(Files.readAllBytes(file)).startsWith(0xff, 0xd8);
    expect(6, "exists", "get", key, "--at", before, "-o", file.toString());
    Files.delete(file);
    expect(0, "100 B", "get", key, "--at", before, "--range", "0-99", "-o", file.toString());
    assertThat(Files.size(file)).isEqualTo(100);
    Files.delete(file);
    expect(2, "outside of", "get", key, "--range", "999999999-", "-o", file.toString());
  }

  @Test
  @Order(2)
  void differencesAreFoundAndAVersionIsHandedOutByALink() throws Exception {
    expect(0, "changed  ", "diff", "projects/", "--at", before);
    expect(0, "removed\t", "diff", "projects/", "--at", before, "--plain");
    expect(0, "No difference.", "diff", "--at", before, "--to", before);
    expect(4, "error: nothing was ever under 'nope/'", "diff", "nope/", "--at", before);
    expect(0, key, "find", "**/" + key.replaceFirst(".*/", ""), "--changed-since", before);
    expect(0, "projects/", "find", "projects/**", "--deleted-since", before);
    expect(4, "error: nothing matches 'nope*'", "find", "nope*");
    Answer link = run("get", key, "--at", before, "--presign", "5m", "--quiet");
    assertThat(link.status()).as(link.text()).isZero();
    try (java.io.InputStream body = java.net.URI.create(link.text().strip()).toURL().openStream()) {
      assertThat(body.readAllBytes()).startsWith(0xff, 0xd8);
    }
    expect(0, "\"window\":{\"from\"", "status", "--json");
  }

  @Test
  @Order(3)
  void aPrefixComesBackAfterItsBucketIsNamed() throws Exception {
    expect(0, "put back older version", "restore", "projects/", "--at", before, "--dry-run");
    expect(6, "--confirm vista", "restore", "projects/", "--at", before, "--yes");
    expect(0, "completed", "restore", "projects/", "--at", before, "--confirm", "vista");
    expect(0, "Nothing to do", "restore", "projects/", "--at", before);
    expect(0, "completed", "restore", "list");
    expect(4, "error:", "restore", "projects/", "--at", "2001-01-01T00:00Z");
  }

  @Test
  @Order(4)
  void tasksAndSecondariesCanBeRunPausedAndResumed() throws Exception {
    expect(0, "scan", "task", "list");
    expect(0, "scan", "task", "list", "--json");
    expect(0, "STARTED", "task", "history", "scan");
    expect(0, "Paused", "sync", "pause", "copy-plain");
    expect(0, "paused", "sync", "list");
    expect(0, "Resumed", "sync", "resume", "copy-plain");
    expect(0, "KEY", "sync", "failed", "list", "copy-plain");
    expect(4, "error:", "sync", "pause", "copy-nowhere");
    expect(0, "copy-versioned", "check");
    expect(0, "ok", "health");
  }

  @Test
  @Order(5)
  void aWrongTokenIsToldApartFromAMissingOne() throws Exception {
    Path token = Files.writeString(temporary.resolve("wrong-token"), "wrong\n");
    CommandProcess wrong =
        CommandProcess.start(
            Map.of(
                "VISTADR_SERVER", settings.get("VISTADR_SERVER"),
                "VISTADR_TOKEN_FILE", token.toString()),
            List.of("status"));
    assertThat(wrong.await(60)).isEqualTo(7);
    assertThat(wrong.text()).contains("does not know the token in " + token);
    Files.delete(token);
  }

  @Test
  @Order(6)
  void aTerminatedDemoLeavesNothingBehind() throws Exception {
    List<ProcessHandle> children = demo.descendants();
    assertThat(children).hasSizeGreaterThanOrEqualTo(4);
    demo.terminate();
    demo.await(60);
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(temporary).isEmptyDirectory();
  }
}
