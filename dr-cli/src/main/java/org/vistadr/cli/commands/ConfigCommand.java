package org.vistadr.cli.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `vistadr config`
@Command(name = "config", description = "The daemon's configuration file.")
final class ConfigCommand {

  private final Session session;

  ConfigCommand(Session session) {
    this.session = session;
  }

  // The daemon reads its configuration, so the daemon's own code judges it.
  @Command(
      name = "check",
      description = "Reads the file as the daemon would; exit 2 when it cannot be used.")
  int check(
      @Parameters(
              arity = "0..1",
              paramLabel = "FILE",
              description = "Default: VISTADR_CONFIG or config.yml.")
          String file)
      throws IOException, InterruptedException {
    String classPath = DaemonProgram.classPath();
    String config =
        Optional.ofNullable(file)
            .orElse(session.environment().getOrDefault("VISTADR_CONFIG", "config.yml"));
    List<String> command = new ArrayList<>();
    command.add(DaemonProgram.java().toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath,
            DaemonProgram.MAIN_CLASS,
            "check",
            config));
    Process daemon = new ProcessBuilder(command).inheritIO().start();
    return (daemon.waitFor() == 0 ? ExitCode.DONE : ExitCode.USAGE).number();
  }
}
