package org.vistadr.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.vistadr.cli.client.ApiClient;
import org.vistadr.cli.client.ServerSettings;
import org.vistadr.cli.commands.DaemonProgram;
import org.vistadr.cli.commands.Session;
import org.vistadr.cli.output.Amounts;
import org.vistadr.cli.output.CommandFailure;
import org.vistadr.cli.output.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `vistadr demo`: shows the product on S3 servers of its own, and cleans up after itself however
/// it ends.
@Command(
    name = "demo",
    description = {
      "Protects a bucket and brings lost objects back, on S3 servers of its own.",
      "Needs nothing but Java; stops with Ctrl-C and leaves nothing behind."
    })
public final class DemoCommand implements Callable<Integer> {

  private static final long SEED = 2026;

  private final Session session;

  @Option(names = "--script", description = "Walk through once; exit 0 only if every step held.")
  boolean script;

  DemoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    Path proxy = program("vistadr.s3proxy.jar", "the embedded S3 server");
    String library = DaemonProgram.classPath();
    DemoStory story = new DemoStory(session.terminal(), session.clock(), session.style(), script);
    DemoParts parts = new DemoParts(DemoFolder.create());
    Thread hook =
        new Thread(
            () -> {
              story.silence();
              parts.close();
            },
            "demo-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try (parts) {
      return tell(story, parts, proxy, library);
    } finally {
      removeHook(hook);
    }
  }

  private int tell(DemoStory story, DemoParts parts, Path proxy, String library) {
    Instant start = session.clock().instant();
    try {
      DemoDaemon daemon = walk(story, parts, proxy, library);
      Duration took = Duration.between(start, session.clock().instant());
      if (script) {
        story.say("Every step held, in %s.".formatted(Amounts.duration(took)));
        return ExitCode.DONE.number();
      }
      daemon.awaitEnd();
      story.say("The daemon ended.");
    } catch (Exception failure) {
      story.failed(failure);
      if (session.verbose() && !parts.closed()) {
        failure.printStackTrace(session.terminal().err());
      }
    }
    story.say(parts.folder().tail("daemon.log", 15));
    return ExitCode.UNEXPECTED.number();
  }

  private DemoDaemon walk(DemoStory story, DemoParts parts, Path proxy, String library)
      throws Exception {
    story.say("VISTA DR: a bucket is protected, objects are lost and brought back.");
    story.say("Everything runs on this machine, in " + parts.folder().path());
    story.say("");
    DemoSites sites =
        story.step(
            "Start three S3 servers",
            () -> parts.add(DemoSites.start(proxy, parts.folder(), session.clock())),
            _ -> "a primary, a secondary with versioning, one without");
    DemoContent content = new DemoContent(SEED);
    List<DemoContent.Item> items = content.items();
    story.step(
        "Fill the primary as VISTA does",
        () -> {
          long bytes =
              new DemoBucket(sites.primary())
                  .fill(items, (objects, sum) -> story.progressNow(objects, items.size(), sum));
          return "%s, %s".formatted(Amounts.count(items.size(), "object"), Amounts.bytes(bytes));
        });
    DemoDaemon daemon =
        story.step(
            "Start the daemon",
            () ->
                parts
                    .add(
                        DemoDaemon.start(
                            DaemonProgram.java(), library, parts.folder(), sites.sites()))
                    .awaitAnswer(),
            DemoDaemon::address);
    DemoConsole console = new DemoConsole(session, daemon);
    ServerSettings settings =
        ServerSettings.daemon(java.net.URI.create(daemon.address()), daemon.token());
    DemoWalk walk =
        new DemoWalk(story, sites, console, new ApiClient(settings, Duration.ofSeconds(30)));
    walk.firstSync(items.size());
    DemoWalk.Accident accident = walk.accident(content, items);
    walk.secondSync(accident, 0);
    walk.restore(accident);
    walk.undelete(accident);
    walk.compareBuckets();
    DemoClosing.write(story, parts.folder(), daemon, accident, session.environment(), script);
    return daemon;
  }

  private static Path program(String property, String what) {
    Path path = Path.of(System.getProperty(property, ""));
    if (path.toString().isEmpty() || !Files.exists(path)) {
      throw CommandFailure.of(
              ExitCode.UNEXPECTED, "not-installed", "%s is missing: %s".formatted(what, path))
          .hint("run the demo from a checkout, with ./vistadr demo, which builds what is missing");
    }
    return path;
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // Ctrl-C: the hook closes everything.
    }
  }
}
