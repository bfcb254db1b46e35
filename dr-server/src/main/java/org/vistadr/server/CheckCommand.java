package org.vistadr.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.vistadr.api.SiteCheck;
import org.vistadr.api.WireJson;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.ConfigReader;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.config.Exposure;
import org.vistadr.server.config.Prices;
import org.vistadr.server.config.Sites;
import org.vistadr.server.engine.SiteCheckup;
import org.vistadr.storage.ObjectStore;
import org.vistadr.storage.ObjectStores;
import org.vistadr.storage.RequestObserver;
import org.vistadr.storage.SiteConfig;

/// `check config.yml`: reads a configuration as the daemon would and tries each of its sites.
/// `--offline` leaves the sites alone, `--json` prints one document. Exits with 2 when the
/// configuration is wrong and with 5 when a site is not usable.
final class CheckCommand extends Command {

  private final Map<String, String> environment;
  private final Clock clock;

  CheckCommand(Map<String, String> environment, Clock clock) {
    super("check", "Checks a configuration and tries its sites");
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public void configure(Subparser parser) {
    parser.addArgument("file").help("configuration file");
    parser.addArgument("--json").action(Arguments.storeTrue()).help("print JSON");
    parser.addArgument("--offline").action(Arguments.storeTrue()).help("try no site");
  }

  @Override
  public void run(Bootstrap<?> bootstrap, Namespace arguments) throws Exception {
    boolean json = arguments.getBoolean("json");
    Report report = report(arguments.getString("file"), arguments.getBoolean("offline"));
    if (json) {
      ObjectMapper mapper = WireJson.mapper();
      System.out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(report));
    } else {
      print(report, System.out, System.err);
    }
    if (report.exit() != 0) {
      System.exit(report.exit());
    }
  }

  /// Looks at a configuration file.
  Report report(String file, boolean offline) {
    try {
      DaemonConfiguration configuration =
          new ConfigReader(environment).build(new FileConfigurationSourceProvider(), file);
      Exposure.check(configuration);
      VistadrDaemon.checkTimetables(configuration);
      Sites sites = Sites.of(configuration, environment);
      Prices.of(configuration, sites);
      VistadrDaemon.checkDrill(configuration, sites);
      List<Site> described = sites.named().stream().map(CheckCommand::describe).toList();
      List<SiteCheck> checks = new ArrayList<>();
      if (!offline) {
        for (SiteConfig site : sites.named()) {
          try (ObjectStore store = ObjectStores.open(site, clock, RequestObserver.NONE)) {
            checks.add(
                new SiteCheckup(
                        clock, configuration.protection().bucketConfig().settings().window())
                    .check(
                        store,
                        sites.secondaries().stream()
                            .filter(one -> one.site().name().equals(site.name()))
                            .findFirst()));
          }
        }
      }
      boolean usable = checks.stream().allMatch(SiteCheck::ok);
      return new Report(usable, usable ? 0 : 5, List.of(), described, checks);
    } catch (ConfigProblem problem) {
      return new Report(false, 2, problem.findings(), List.of(), List.of());
    }
  }

  @Override
  public void onError(Cli cli, Namespace namespace, Throwable e) {
    cli.getStdErr().println("error: " + e.getMessage());
  }

  private static Site describe(SiteConfig site) {
    return new Site(
        site.name().value(),
        site.profile().name(),
        Sites.where(site),
        site.region(),
        site.bucket(),
        switch (site.credentials()) {
          case SiteConfig.Credentials.Keys(String accessKey, _) -> "access key " + accessKey;
          case SiteConfig.Credentials.DefaultChain _ -> "AWS default chain";
        });
  }

  private static void print(Report report, PrintStream out, PrintStream err) {
    if (!report.findings().isEmpty()) {
      err.println(new ConfigProblem(report.findings()).forPeople());
      return;
    }
    for (Site site : report.sites()) {
      out.printf(
          "%s: %s at %s, bucket %s, region %s, %s%n",
          site.name(),
          site.provider(),
          site.endpoint(),
          site.bucket(),
          site.region(),
          site.credentials());
      report.checks().stream()
          .filter(check -> check.site().equals(site.name()))
          .flatMap(check -> check.steps().stream())
          .forEach(step -> {
            out.printf("  %-8s %-11s %s%n", step.result(), step.name(), step.detail());
            if (!step.hint().isEmpty()) {
              out.printf("  %-8s %-11s hint: %s%n", "", "", step.hint());
            }
          });
    }
    out.println(
        report.ok() ? "configuration ok" : "configuration ok, but not every site is usable");
  }

  /// What was found.
  ///
  /// @param ok whether the daemon can work with it
  /// @param exit the exit code
  /// @param findings what is wrong in the file
  /// @param sites what the file describes
  /// @param checks what was tried
  record Report(
      boolean ok,
      int exit,
      List<ConfigProblem.Finding> findings,
      List<Site> sites,
      List<SiteCheck> checks) {}

  /// A site without its secrets.
  record Site(
      String name,
      String provider,
      String endpoint,
      String region,
      String bucket,
      String credentials) {}
}
