package org.vistadr.cli.commands;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Command;

/// `vistadr version`
@Command(name = "version", description = "The version of this command.")
public final class VersionCommand implements Callable<Integer> {

  private final Session session;

  VersionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (session.options().json) {
      session.terminal().json(new Version(number(), Runtime.version().toString()));
    } else {
      session.terminal().data(line());
    }
    return ExitCode.DONE.number();
  }

  /// The line that says it.
  public static String line() {
    return "vistadr " + number();
  }

  private static String number() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("0.1.0-SNAPSHOT");
  }

  /// @param version of the product
  /// @param java the Java that runs it
  record Version(String version, String java) {}
}
