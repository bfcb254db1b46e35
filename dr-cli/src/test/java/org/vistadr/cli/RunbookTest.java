package org.vistadr.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vistadr.cli.commands.GlobalOptions;
import org.vistadr.cli.commands.Session;
import org.vistadr.cli.output.Terminal;
import org.vistadr.cli.time.ParsedTime;
import org.vistadr.cli.time.TimeExpression;
import picocli.CommandLine;

/// Runbooks have the form that people rely on at night, and say nothing that cannot be typed.
final class RunbookTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path RUNBOOKS = ROOT.resolve("runbooks");
  private static final Path ALERTS = ROOT.resolve("monitoring/vistadr.rules.yml");

  private static final List<String> SECTIONS =
      List.of(
          "Meaning",
          "Impact",
          "First 60 seconds",
          "Diagnosis",
          "Mitigation",
          "Verify",
          "Do not",
          "Escalate",
          "Afterwards");

  /// What the launcher itself does before any Java is started.
  private static final Set<String> OF_THE_LAUNCHER = Set.of("daemon");

  static Stream<Path> runbooks() throws IOException {
    try (Stream<Path> files = Files.list(RUNBOOKS)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !nameOf(file).equals("README"))
          .sorted()
          .toList()
          .stream();
    }
  }

  static Stream<Path> documents() throws IOException {
    return Stream.concat(
        runbooks(), Stream.of(ROOT.resolve("README.md"), RUNBOOKS.resolve("README.md")));
  }

  static Stream<DocumentedCommand> commands() throws IOException {
    return documents().flatMap(document -> DocumentedCommand.in(document).stream());
  }

  @ParameterizedTest
  @MethodSource("runbooks")
  void everyRunbookFollowsTheTemplate(Path runbook) {
    List<String> lines = DocumentedCommand.lines(runbook);
    assertThat(lines.getFirst()).isEqualTo("# " + nameOf(runbook));
    assertThat(lines.get(2)).startsWith("**In one line:** ");
    assertThat(lines.get(4))
        .matches("(severity|kind): .+ · needs role: .+ · owner: .+ · last drilled: .+");
    assertThat(lines.stream().filter(line -> line.startsWith("## ")).map(line -> line.substring(3)))
        .containsExactlyElementsOf(SECTIONS);
  }

  @ParameterizedTest
  @MethodSource("runbooks")
  void theFirstMinuteIsSpentOnCommandsThatCanBePasted(Path runbook) {
    List<String> lines = DocumentedCommand.lines(runbook);
    int from = lines.indexOf("## First 60 seconds");
    int to = lines.indexOf("## Diagnosis");
    assertThat(DocumentedCommand.in(runbook))
        .filteredOn(DocumentedCommand::fenced)
        .filteredOn(command -> command.line() > from && command.line() < to)
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandLineIsUnderstood(DocumentedCommand command) {
    if (!command.words().isEmpty() && OF_THE_LAUNCHER.contains(command.words().getFirst())) {
      return;
    }
    assertThatCode(
            () -> commandLine(command.words()).parseArgs(command.words().toArray(String[]::new)))
        .as("%s", command)
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyTimeIsUnderstood(DocumentedCommand command) {
    TimeExpression times = new TimeExpression(Clock.systemUTC(), ZoneOffset.UTC, true);
    for (String option : List.of("--at", "--deleted-since")) {
      int at = command.words().indexOf(option);
      if (at >= 0 && !command.words().get(at + 1).equals("T")) {
        assertThat(times.parse(command.words().get(at + 1)))
            .as("%s", command)
            .isNotInstanceOf(ParsedTime.Refused.class);
      }
    }
  }

  @Test
  void anOptionThatDoesNotExistIsNoticed() {
    List<String> words = List.of("restore", "projects/", "--att", "2h ago");
    assertThatCode(() -> commandLine(words).parseArgs(words.toArray(String[]::new)))
        .isInstanceOf(CommandLine.ParameterException.class);
  }

  @Test
  void everyAlertHasItsRunbookAndEveryRunbookOfAnAlertItsAlert() throws IOException {
    Set<String> alerts = new TreeSet<>(found("alert:\\s*(\\S+)"));
    Set<String> written = new TreeSet<>();
    runbooks()
        .map(RunbookTest::nameOf)
        .filter(name -> name.startsWith("VistaDr"))
        .forEach(written::add);
    assertThat(written).isEqualTo(alerts);
  }

  @Test
  void everyAlertLinksToARunbookThatExists() throws IOException {
    assertThat(found("runbook_url:\\s*\\S*?([^/\\s'\"]+?)(?:\\.md)?['\"]?$"))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(RUNBOOKS.resolve(name + ".md")).isRegularFile());
  }

  /// The daemon puts some names together from a group and a name.
  @Test
  void everyMetricOfAnAlertIsOneThatTheDaemonHas() throws IOException {
    StringBuilder code = new StringBuilder();
    try (Stream<Path> files = Files.walk(ROOT.resolve("dr-server/src/main/java"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        code.append(Files.readString(file));
      }
    }
    assertThat(found("\\b(vistadr_\\w+)"))
        .isNotEmpty()
        .allSatisfy(metric -> {
          String name = metric.replaceFirst("^vistadr_(replication|task|site)_", "");
          assertThat(code).containsAnyOf("\"" + metric + "\"", "\"" + name + "\"");
        });
  }

  @Test
  void everyRunbookTravelsWithTheCommand() throws IOException {
    List<String> written = runbooks().map(RunbookTest::nameOf).toList();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Terminal terminal = terminal(out);
    new Vistadr(terminal, Clock.systemUTC(), ZoneOffset.UTC, Map.of()).run("runbook");
    terminal.out().flush();
    assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8).lines())
        .containsExactlyInAnyOrderElementsOf(written);
  }

  private static List<String> found(String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(ALERTS));
    List<String> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static CommandLine commandLine(List<String> words) {
    GlobalOptions root = new GlobalOptions();
    Session session =
        new Session(
            root,
            terminal(new ByteArrayOutputStream()),
            Clock.systemUTC(),
            ZoneOffset.UTC,
            Map.of(),
            words,
            (_, _, _) -> 0);
    return CommandTree.of(root, session, words);
  }

  private static Terminal terminal(ByteArrayOutputStream out) {
    PrintStream stream = new PrintStream(out, false, java.nio.charset.StandardCharsets.UTF_8);
    return new Terminal(new ByteArrayInputStream(new byte[0]), stream, stream, Map.of());
  }

  private static String nameOf(Path file) {
    return file.getFileName().toString().replaceFirst("\\.md$", "");
  }
}
