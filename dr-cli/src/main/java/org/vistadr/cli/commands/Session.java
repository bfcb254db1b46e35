package org.vistadr.cli.commands;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vistadr.api.DirectStart;
import org.vistadr.api.Status;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.client.ServerSettings;
import org.vistadr.cli.direct.DirectMode;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.cli.output.Keys;
import org.vistadr.cli.output.Moments;
import org.vistadr.cli.output.Progress;
import org.vistadr.cli.output.Style;
import org.vistadr.cli.output.Table;
import org.vistadr.cli.output.Terminal;
import org.vistadr.cli.time.ParsedTime;
import org.vistadr.cli.time.TimeExpression;

/// One call of the command: its options, its terminal, its clock and the daemon it speaks to, or
/// the engine that it has for itself. Used by one thread.
public final class Session implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LEAST_PATIENCE = Duration.ofSeconds(5);

  private final GlobalOptions options;
  private final Terminal terminal;
  private final Clock clock;
  private final ZoneId zone;
  private final Map<String, String> environment;
  private final List<String> arguments;
  private final Runner runner;
  private final Map<Instant, String> expressions = new HashMap<>();
  private @Nullable ApiClient api;
  private @Nullable DirectMode direct;

  /// Runs another command line, with streams and an environment of its own.
  public interface Runner {
    /// The exit status.
    int run(Terminal terminal, Map<String, String> environment, String... words);
  }

  /// @param arguments the command line, to write corrected ones from
  /// @param runner for commands that show other commands
  public Session(
      GlobalOptions options,
      Terminal terminal,
      Clock clock,
      ZoneId zone,
      Map<String, String> environment,
      List<String> arguments,
      Runner runner) {
    this.options = options;
    this.terminal = terminal;
    this.clock = clock;
    this.zone = zone;
    this.environment = Map.copyOf(environment);
    this.arguments = List.copyOf(arguments);
    this.runner = runner;
  }

  /// Runs another command line.
  public int run(Terminal other, Map<String, String> otherEnvironment, String... words) {
    return runner.run(other, otherEnvironment, words);
  }

  /// The daemon.
  public ApiClient api() {
    if (api == null) {
      api = new ApiClient(settings(), patience(options.timeout));
    }
    return api;
  }

  private ServerSettings settings() {
    if (!options.direct) {
      if (options.config.isPresent()) {
        throw CommandFailure.of(ExitCode.USAGE, "usage", "--config is for --direct alone")
            .hint("a daemon has its own configuration; leave --config out, or add --direct");
      }
      if (options.catalog.isPresent()) {
        throw CommandFailure.of(ExitCode.USAGE, "usage", "--catalog is for --direct alone")
            .hint("a daemon has its own catalog; leave --catalog out, or add --direct");
      }
      return ServerSettings.find(options.server, environment);
    }
    if (options.server.isPresent()) {
      throw CommandFailure.of(
              ExitCode.USAGE, "usage", "--direct and --server contradict each other")
          .hint("--direct speaks to no daemon");
    }
    DirectMode mode = new DirectMode(options.config, options.catalog, environment, arguments);
    ServerSettings settings = mode.open(options.verbose);
    direct = mode;
    mode.started().ifPresent(this::tellCatalog);
    return settings;
  }

  private void tellCatalog(DirectStart started) {
    started
        .adopted()
        .ifPresent(adopted -> {
          say(
              "Catalog rebuilt from %s%s, for this command alone."
                  .formatted(
                      adopted.from(),
                      adopted.proved() ? ", the same as the lost one by its digest" : ""));
          adopted.uncertain().forEach(line -> say("Uncertain: " + Keys.printable(line)));
        });
    say(
        "Without a daemon, on the catalog in %s. %s"
            .formatted(
                started.catalog(),
                started
                    .knownTo()
                    .map(at ->
                        "It knows the primary as of %s.".formatted(Moments.echo(at, zone, now())))
                    .orElse("It has not seen the whole primary yet.")));
  }

  /// Whether the command works without a daemon: what it starts ends with it.
  boolean isDirect() {
    return options.direct;
  }

  /// Ends the engine of this command because Ctrl-C was pressed, once what is in flight is
  /// recorded.
  void endDirect() {
    Optional.ofNullable(direct).ifPresent(DirectMode::end);
  }

  /// A line in which the commands can be typed as they stand.
  public String asTyped(String line) {
    return direct == null ? line : direct.asTyped(line);
  }

  /// Whether Ctrl-C, or a signal, is ending the command: what fails from now on is no news.
  public boolean ending() {
    return direct != null && direct.ending();
  }

  @Override
  public void close() {
    if (direct != null && api != null) {
      try (DirectMode mode = direct) {
        mode.tellInterrupted(api, this::say);
      } catch (CommandFailure gone) {
        // The command itself has told that the engine is gone.
      }
    }
  }

  // One answer never takes as long as a job; a daemon that is busy gets a few seconds all the same.
  private static Duration patience(Optional<Duration> timeout) {
    return timeout
        .filter(limit -> limit.compareTo(PATIENCE) < 0)
        .map(limit -> limit.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : limit)
        .orElse(PATIENCE);
  }

  GlobalOptions options() {
    return options;
  }

  /// The streams.
  public Terminal terminal() {
    return terminal;
  }

  /// The clock.
  public Clock clock() {
    return clock;
  }

  Instant now() {
    return clock.instant();
  }

  ZoneId zone() {
    return zone;
  }

  /// The process's environment.
  public Map<String, String> environment() {
    return environment;
  }

  /// Colours where they are wanted.
  public Style style() {
    return new Style(terminal.canColour() && !options.noColor);
  }

  /// Whether a person can be asked.
  boolean canAsk() {
    return terminal.canAsk() && !options.noInput && !options.json;
  }

  /// Progress at this call's verbosity; nothing with `--json`, which has its own records.
  Progress progress(Duration plainEvery) {
    return new Progress(terminal, clock, plainEvery, options.quiet || options.json);
  }

  /// Whether the places of errors are to be shown.
  public boolean verbose() {
    return options.verbose;
  }

  /// A remark to the person.
  void say(String line) {
    if (!options.quiet && !options.json) {
      terminal.say(asTyped(line));
    }
  }

  /// Data: the record with `--json`, else a table.
  void print(Object wireRecord, Table table) {
    if (options.json) {
      terminal.json(wireRecord);
    } else {
      print(table);
    }
  }

  /// A table, plain where asked for.
  void print(Table table) {
    terminal.data(options.plain ? table.plainLines() : table.lines());
  }

  /// The moment, resolved and echoed.
  Instant moment(String expression) {
    Instant at = resolve(expression, Optional.empty());
    say("As of %s.".formatted(Moments.echo(at, zone, now())));
    return at;
  }

  /// The moment from which on something is looked for, resolved and echoed.
  Instant since(String expression) {
    Instant at = resolve(expression, Optional.empty());
    say("Since %s.".formatted(Moments.echo(at, zone, now())));
    return at;
  }

  /// The moment, resolved. The caller has it echoed.
  ///
  /// @param from the site whose newest moment `latest` is
  Instant resolve(String expression, Optional<String> from) {
    TimeExpression reader = new TimeExpression(clock, zone, canAsk() || zoneIsSeen());
    Instant instant =
        switch (reader.parse(expression)) {
          case ParsedTime.At(Instant at) -> at;
          case ParsedTime.Checkpoint(String name) -> api().checkpoint(name).at();
          case ParsedTime.Latest() -> latest(from);
          case ParsedTime.Refused refused -> throw refused(expression, refused);
        };
    expressions.put(instant, expression);
    return instant;
  }

  /// A failure about a moment of this call, with this call's line for each moment that would do.
  public CommandFailure withLines(CommandFailure failure) {
    Optional<String> expression = failure.asked().map(expressions::get);
    if (expression.isEmpty() || failure.otherMoments().isEmpty()) {
      return failure;
    }
    List<String> lines = new ArrayList<>();
    for (CommandFailure.OtherMoment other : failure.otherMoments()) {
      lines.add(
          "%s    # %s, %s"
              .formatted(
                  commandWith(expression.get(), other.at().toString()),
                  other.meaning(),
                  Moments.withZone(other.at(), zone)));
    }
    if (failure.code().equals("time-between-scans")) {
      lines.add(commandLine() + " --nearest    # what the scan before saw");
    }
    return failure.tryNext(lines);
  }

  // A person sees the echo on a terminal, even when the data goes into a pipe.
  private boolean zoneIsSeen() {
    return terminal.canAsk() && !options.noInput;
  }

  private Instant latest(Optional<String> from) {
    Status status = api().status();
    Optional<Instant> newest =
        from.filter(site -> !site.equals("primary")).isEmpty()
            ? status.window().to()
            : status.secondaries().stream()
                .filter(secondary -> secondary.name().equals(from.get()))
                .findFirst()
                .flatMap(Status.Secondary::recoveryPoint);
    return newest.orElseThrow(() ->
        CommandFailure.of(
                ExitCode.NOT_FOUND,
                "time-not-reached",
                "no recovery point is known yet for " + from.orElse("primary"))
            .hint("it is known after the first complete scan and replication")
            .tryNext("vistadr status"));
  }

  private CommandFailure refused(String expression, ParsedTime.Refused refused) {
    List<String> lines = new ArrayList<>();
    for (ParsedTime.Correction correction : refused.corrections()) {
      lines.add(
          "%s    # %s"
              .formatted(commandWith(expression, correction.expression()), correction.meaning()));
    }
    return CommandFailure.of(ExitCode.USAGE, refused.code(), refused.message())
        .hint(refused.hint())
        .tryNext(lines);
  }

  private String commandLine() {
    return arguments.stream().map(Keys::quoted).collect(Collectors.joining(" ", "vistadr ", ""));
  }

  /// This call with one argument replaced, as a person would type it.
  private String commandWith(String argument, String replacement) {
    return arguments.stream()
        .map(word -> {
          if (word.equals(argument)) {
            return Keys.quoted(replacement);
          }
          int equals = word.indexOf('=');
          return equals > 0 && word.substring(equals + 1).equals(argument)
              ? word.substring(0, equals + 1) + Keys.quoted(replacement)
              : Keys.quoted(word);
        })
        .collect(Collectors.joining(" ", "vistadr ", ""));
  }
}
