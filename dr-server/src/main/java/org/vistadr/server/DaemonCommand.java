package org.vistadr.server;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import java.net.BindException;
import net.sourceforge.argparse4j.inf.Namespace;
import org.vistadr.catalog.CatalogException;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.DaemonConfiguration;

/// `server config.yml`: runs the daemon. What a person can mend is told in two lines, without a
/// stack trace.
final class DaemonCommand extends ServerCommand<DaemonConfiguration> {

  DaemonCommand(VistadrDaemon daemon) {
    super(daemon, "server", "Runs the daemon");
  }

  @Override
  public void onError(Cli cli, Namespace namespace, Throwable e) {
    switch (e) {
      case ConfigProblem problem -> cli.getStdErr().println(problem.forPeople());
      case CatalogException problem -> {
        String[] parts = String.valueOf(problem.getMessage()).split("HINT: ", 2);
        cli.getStdErr().println("error: " + parts[0].strip());
        if (parts.length > 1) {
          cli.getStdErr().println("hint:  " + parts[1].strip());
        }
      }
      case Exception problem when bindProblem(problem) -> {
        cli.getStdErr().println("error: " + withoutClass(problem));
        cli.getStdErr()
            .println("hint:  another process listens there: stop it, or change server.*Connectors");
      }
      default -> e.printStackTrace(cli.getStdErr());
    }
  }

  /// Jetty wraps what happened and puts the name of its class before what it says.
  private static String withoutClass(Throwable problem) {
    String message = String.valueOf(problem.getMessage());
    String name = problem.getCause() == null ? "" : problem.getCause().getClass().getName() + ": ";
    return message.startsWith(name) ? message.substring(name.length()) : message;
  }

  private static boolean bindProblem(Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }
}
