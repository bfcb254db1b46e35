package org.vistadr.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.vistadr.cli.direct.ConfigPlace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `vistadr adopt`
@Command(
    name = "adopt",
    description =
        "Rebuilds a lost catalog from a secondary, with nothing but that secondary's credentials;"
            + " exit 3 when something about it is uncertain.")
final class AdoptCommand implements Callable<Integer> {

  private final Session session;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "SITE",
      description = "The secondary, as the configuration names it.")
  String from = "";

  AdoptCommand(Session session) {
    this.session = session;
  }

  // The daemon's program knows catalogs and sites; the command line knows neither.
  @Override
  public Integer call() throws IOException, InterruptedException {
    Path config = ConfigPlace.find(session.options().config, session.environment());
    List<String> command = new ArrayList<>();
    command.add(DaemonProgram.java().toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            DaemonProgram.classPath(),
            DaemonProgram.MAIN_CLASS,
            "adopt",
            config.toString(),
            "--from",
            from));
    if (session.options().json) {
      command.add("--json");
    }
    if (session.options().quiet) {
      command.add("--quiet");
    }
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
