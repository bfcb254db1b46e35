package org.vistadr.server;

import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.vistadr.api.AdoptionReport;
import org.vistadr.api.WireJson;
import org.vistadr.catalog.CatalogException;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.ConfigReader;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.engine.CatalogAdoption;
import org.vistadr.server.engine.Hints;
import org.vistadr.storage.StorageException;

/// `adopt config.yml --from SITE`: rebuilds the catalog from a secondary. Exits with 0 when it is
/// the lost one, with 3 when something is uncertain, with 2 when the configuration is wrong, with 6
/// when there is a catalog already, with 7 or 8 when the site refuses or does not answer.
final class AdoptCommand extends Command {

  private static final long PROGRESS_EVERY_NANOS = 2_000_000_000L;

  private final Map<String, String> environment;
  private final Clock clock;

  AdoptCommand(Map<String, String> environment, Clock clock) {
    super("adopt", "Rebuilds the catalog from a secondary");
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public void configure(Subparser parser) {
    parser.addArgument("file").help("configuration file");
    parser.addArgument("--from").required(true).help("secondary");
    parser.addArgument("--json").action(Arguments.storeTrue()).help("print JSON");
    parser.addArgument("--quiet").action(Arguments.storeTrue()).help("no progress");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
    boolean json = arguments.getBoolean("json");
    int exit =
        run(
            arguments.getString("file"),
            arguments.getString("from"),
            json,
            json || arguments.getBoolean("quiet"),
            System.out,
            System.err);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  private int run(
      String file, String from, boolean json, boolean quiet, PrintStream out, PrintStream err)
      throws Exception {
    try {
      DaemonConfiguration configuration =
          new ConfigReader(environment).build(new FileConfigurationSourceProvider(), file);
      Path directory = configuration.store().path().toAbsolutePath();
      long[] told = {0};
      AdoptionReport report =
          CatalogAdoption.adopt(
              configuration,
              environment,
              from,
              directory,
              clock,
              (what, done, of) -> {
                if (!quiet && System.nanoTime() - told[0] > PROGRESS_EVERY_NANOS) {
                  told[0] = System.nanoTime();
                  err.println(
                      of > 0 ? "%s: %d of %d".formatted(what, done, of) : words(what, done));
                }
              });
      if (json) {
        out.println(WireJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
      } else {
        print(report, out);
      }
      return report.proved() && report.uncertain().isEmpty() ? 0 : 3;
    } catch (ConfigProblem problem) {
      if (json) {
        tell(
            json,
            err,
            2,
            "config-invalid",
            String.valueOf(problem.getMessage()),
            problem.findings().getFirst().hint());
      } else {
        err.println(problem.forPeople());
      }
      return 2;
    } catch (CatalogException e) {
      String[] parts = String.valueOf(e.getMessage()).split("HINT: ", 2);
      tell(
          json,
          err,
          6,
          "catalog-there",
          parts[0].strip(),
          parts.length > 1 ? parts[1].strip() : "");
      return 6;
    } catch (StorageException e) {
      boolean denied = e instanceof StorageException.AccessDenied;
      int exit = denied ? 7 : 8;
      tell(
          json,
          err,
          exit,
          denied ? "site-denied" : "site-unreachable",
          String.valueOf(e.getMessage()),
          Hints.of(e) + "; nothing was changed");
      return exit;
    }
  }

  private static String words(String what, long done) {
    return done > 0 ? "%s: %d".formatted(what, done) : what;
  }

  private static void tell(
      boolean json, PrintStream err, int exit, String code, String message, String hint)
      throws Exception {
    if (json) {
      Map<String, Object> error = new LinkedHashMap<>();
      error.put("type", "error");
      error.put("code", code);
      error.put("exit", exit);
      error.put("message", message);
      error.put("hint", hint);
      err.println(WireJson.mapper().writeValueAsString(error));
      return;
    }
    err.println("error: " + message);
    if (!hint.isEmpty()) {
      err.println("hint:  " + hint);
    }
  }

  private static void print(AdoptionReport report, PrintStream out) {
    out.printf("Catalog rebuilt from %s in %s%n", report.from(), report.catalog());
    Optional.of(report.segments())
        .filter(count -> count > 0)
        .ifPresent(
            count -> out.printf("  segments   %d, with %d versions%n", count, report.versions()));
    report.stateAt().ifPresent(at -> out.printf("  as of      %s%n", at));
    report
        .digest()
        .ifPresent(digest ->
            out.printf(
                "  digest     %s, %s%n",
                digest,
                report.proved() ? "the same as the lost catalog's" : "NOT the lost catalog's"));
    if (report.listed() > 0) {
      out.printf("  listed     %d versions that no segment tells of%n", report.listed());
    }
    if (report.uncertain().isEmpty()) {
      out.println("Nothing is uncertain.");
    } else {
      out.println("Uncertain:");
      report.uncertain().forEach(line -> out.printf("  - %s%n", line));
    }
  }

  @Override
  public void onError(Cli cli, Namespace namespace, Throwable e) {
    cli.getStdErr().println("error: " + e.getMessage());
  }
}
