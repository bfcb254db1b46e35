package org.vistadr.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vistadr.cli.output.Keys;

/// What just happened, and what to try next in another terminal.
final class DemoClosing {

  private DemoClosing() {}

  static void write(
      DemoStory story,
      DemoFolder folder,
      DemoDaemon daemon,
      DemoWalk.Accident accident,
      Map<String, String> environment,
      boolean script)
      throws IOException {
    Path settings =
        folder.file(
            "env",
            "export VISTADR_SERVER=%s VISTADR_TOKEN_FILE=%s%n"
                .formatted(daemon.address(), daemon.token()));
    story.say("");
    story.say(
        "What happened: every version of every object is on two more servers, with its hash.");
    story.say(
        "What was overwritten and deleted came back byte by byte, and nothing was thrown away:");
    story.say("the wrong bytes and the delete markers are older versions now.");
    if (script) {
      return;
    }
    story.say("");
    story.box(
        "Try it yourself, in another terminal", commands(settings, daemon, accident, environment));
    story.say("");
    story.say("The demo runs until Ctrl-C, and then leaves nothing behind.");
  }

  /// Command lines that work as they are printed.
  static List<String> commands(
      Path settings,
      DemoDaemon daemon,
      DemoWalk.Accident accident,
      Map<String, String> environment) {
    String vistadr = launcher(environment);
    String key = Keys.quoted(accident.overwritten().key());
    String folder = accident.overwritten().key().replaceFirst("[^/]*$", "");
    List<String> lines = new ArrayList<>();
    lines.add(". %s".formatted(settings));
    lines.add("%s status".formatted(vistadr));
    lines.add("%s history %s".formatted(vistadr, key));
    lines.add("%s ls %s --at %s".formatted(vistadr, Keys.quoted(folder), accident.before()));
    lines.add("%s ls -r --deleted projects/".formatted(vistadr));
    lines.add("%s restore projects/ --at %s".formatted(vistadr, accident.before()));
    lines.add("%s runbook recover-object".formatted(vistadr));
    lines.add("curl -s %s | grep lag_seconds".formatted(daemon.metrics()));
    return lines;
  }

  private static String launcher(Map<String, String> environment) {
    Optional<Path> home = Optional.ofNullable(environment.get("VISTADR_HOME")).map(Path::of);
    return home.map(folder ->
            folder.equals(Path.of("").toAbsolutePath())
                ? "./vistadr"
                : folder.resolve("vistadr").toString())
        .orElse("vistadr");
  }
}
