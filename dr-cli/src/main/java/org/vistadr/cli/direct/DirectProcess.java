package org.vistadr.cli.direct;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.vistadr.api.DirectStart;
import org.vistadr.api.WireJson;
import org.vistadr.cli.client.ServerSettings;
import org.vistadr.cli.commands.DaemonProgram;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import org.vistadr.storage.Secret;

/// The engine of one command, as a child process that ends with this one in whatever way this one
/// ends: it lives as long as its standard input is open. It is handed a token of its own over that
/// input, so the token is in no file, log or command line.
final class DirectProcess implements AutoCloseable {

  private static final String MAIN_CLASS = "org.vistadr.server.VistadrDirect";

  /// Longer than the engine gives itself, which ends within half a minute.
  private static final Duration LONGEST_END = Duration.ofMinutes(2);

  /// The second compiler waits until something is really hot, as the hashing of a restore is: it
  /// would take as long as the whole start.
  private static final List<String> COMPILE_LATE =
      List.of(
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=20000",
          "-XX:Tier4CompileThreshold=150000",
          "-XX:Tier4BackEdgeThreshold=400000");

  /// Ctrl-C goes to every process of a terminal; this one is told by the command when to end.
  private static final List<String> DEAF_TO_CTRL_C =
      List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "vistadr-direct");

  private final Process process;
  private final DirectStart said;
  private final Secret token;

  private DirectProcess(Process process, DirectStart said, Secret token) {
    this.process = process;
    this.said = said;
    this.token = token;
  }

  /// Starts it and waits until it can be spoken to, or says why not.
  ///
  /// @param catalog the secondary that the catalog is rebuilt from
  /// @param environment what the configuration may refer to
  /// @param verbose whether what it says is shown
  static DirectProcess start(
      Path config, Optional<String> catalog, Map<String, String> environment, boolean verbose) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    Secret token = new Secret(HexFormat.of().formatHex(random));
    ProcessBuilder builder =
        new ProcessBuilder(command(config, catalog, environment))
            .redirectError(
                verbose ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      try {
        Writer input = process.outputWriter(StandardCharsets.UTF_8);
        input.write(token.reveal() + "\n");
        input.flush();
        return new DirectProcess(process, answer(process), token);
      } catch (IOException | RuntimeException e) {
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw ended(String.valueOf(e.getMessage())).because(e);
    }
  }

  /// Where it listens and why not, in its own words.
  DirectStart said() {
    return said;
  }

  /// How to speak to it.
  ServerSettings settings() {
    return ServerSettings.direct(URI.create("http://127.0.0.1:" + said.port()), token);
  }

  /// Has it end what is in flight and waits until it is gone.
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      // It has ended already.
    }
    try {
      if (!process.waitFor(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static DirectStart answer(Process process) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (line == null) {
      throw ended("it said nothing");
    }
    try {
      return WireJson.mapper().readValue(line, DirectStart.class);
    } catch (JsonProcessingException notOurs) {
      throw ended("it said " + line).because(notOurs);
    }
  }

  private static List<String> command(
      Path config, Optional<String> catalog, Map<String, String> environment) {
    List<String> command = new ArrayList<>(DEAF_TO_CTRL_C);
    command.add(DaemonProgram.java().toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-Xlog:disable"));
    command.addAll(COMPILE_LATE);
    command.addAll(startCache());
    // What the daemon of this machine needs, a trust store say, is needed here, too.
    Arrays.stream(environment.getOrDefault("VISTADR_DAEMON_OPTS", "").split("\\s+"))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.addAll(List.of("-cp", DaemonProgram.classPath(), MAIN_CLASS, config.toString()));
    catalog.ifPresent(command::add);
    return command;
  }

  /// The classes as they were recorded when the program was built: a third of the time that a start
  /// takes.
  private static List<String> startCache() {
    String record = System.getProperty("vistadr.direct.record", "");
    if (!record.isEmpty()) {
      return List.of("-XX:ArchiveClassesAtExit=" + record);
    }
    return Optional.ofNullable(System.getProperty("vistadr.direct.cache"))
        .map(Path::of)
        .filter(Files::isReadable)
        .map(file -> List.of("-XX:SharedArchiveFile=" + file))
        .orElse(List.of());
  }

  private static CommandFailure ended(String why) {
    return CommandFailure.of(
            ExitCode.UNEXPECTED, "direct-ended", "the engine cannot be started: " + why)
        .hint("run it again with -v");
  }
}
