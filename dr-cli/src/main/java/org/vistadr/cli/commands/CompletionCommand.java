package org.vistadr.cli.commands;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `vistadr completion`
@Command(
    name = "completion",
    description = {
      "Writes the shell's completion script.",
      "bash, zsh: source <(vistadr completion bash).  fish: vistadr completion fish | source"
    })
final class CompletionCommand implements Callable<Integer> {

  private final Session session;
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
  String shell = "";

  CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String script =
        switch (shell.toLowerCase(Locale.ROOT)) {
          case "bash", "zsh" -> AutoComplete.bash("vistadr", spec.root().commandLine());
          case "fish" -> FishCompletion.script(spec.root());
          default ->
              throw CommandFailure.of(
                      ExitCode.USAGE, "usage", "no completion for '%s'".formatted(shell))
                  .hint("bash, zsh and fish are known")
                  .tryNext("vistadr completion bash");
        };
    session.terminal().out().print(script);
    return ExitCode.DONE.number();
  }
}
