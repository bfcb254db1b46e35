package org.vistadr.cli.demo;

import java.util.concurrent.Callable;
import org.vistadr.cli.commands.Session;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `vistadr demo`
@Command(
    name = "demo",
    description = "Protects a bucket and brings a lost object back, on S3 servers of its own.")
public final class DemoCommand implements Callable<Integer> {

  private final Session session;

  @Option(names = "--script", description = "Walk through once; exit 0 only if every step held.")
  boolean script;

  DemoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.terminal().say("the demo is not built yet " + script);
    return 1;
  }
}
