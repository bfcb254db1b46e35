package org.vistadr.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The command `vistadr` as a process of its own, started as the launcher starts it.
final class CommandProcess {

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;

  private CommandProcess(Process process) {
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /// Starts it with both outputs in one.
  static CommandProcess start(Map<String, String> environment, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>(java());
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("VISTADR_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return new CommandProcess(process);
  }

  /// The start of the command line, for a shell.
  static String shellCommand() {
    return java().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        "-Dvistadr.server.lib=" + required("vistadr.server.lib"),
        "-Dvistadr.s3proxy.jar=" + required("vistadr.s3proxy.jar"),
        "-cp",
        System.getProperty("java.class.path"),
        "org.vistadr.cli.Vistadr");
  }

  private static String required(String property) {
    String value = System.getProperty(property, "");
    for (String path : value.split(java.io.File.pathSeparator)) {
      if (value.isEmpty() || !Files.exists(Path.of(path))) {
        throw new IllegalStateException(
            "%s is '%s', which does not exist\nHINT: run ./mvnw verify from the root, without -pl"
                .formatted(property, value));
      }
    }
    return value;
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (lines) {
          lines.add(line);
        }
      }
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }

  /// What it wrote so far.
  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /// What it wrote so far, as one text.
  String text() {
    return String.join("\n", lines());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Children, grandchildren and so on that are alive.
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  /// Asks it to end, as `kill` does.
  void terminate() {
    process.destroy();
  }

  /// Presses Ctrl-C.
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
  }

  /// Kills it and its children at once, as `kill -9` does.
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /// The exit status.
  int await(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError("it still runs after %d s:%n%s".formatted(seconds, text()));
    }
    reader.join();
    return process.exitValue();
  }
}
