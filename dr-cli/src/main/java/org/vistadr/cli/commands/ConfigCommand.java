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
      description =
          "Reads the file as the daemon would and tries each site; exit 2 when the file cannot be"
              + " used, 5 when a site cannot.")
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
    if (session.options().json) {
      command.add("--json");
    }
    Process daemon = new ProcessBuilder(command).inheritIO().start();
    return switch (daemon.waitFor()) {
      case 0 -> ExitCode.DONE.number();
      case 5 -> ExitCode.NOT_PROTECTED.number();
      default -> ExitCode.USAGE.number();
    };
  }
}
