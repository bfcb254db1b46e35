package org.vistadr.server;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.Application;
import io.dropwizard.core.server.AbstractServerFactory;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.request.logging.LogbackAccessRequestLogFactory;
import io.dropwizard.util.Duration;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.api.WireJson;
import org.vistadr.catalog.Catalog;
import org.vistadr.catalog.CatalogHolder;
import org.vistadr.model.SiteName;
import org.vistadr.server.access.LocalToken;
import org.vistadr.server.access.Tokens;
import org.vistadr.server.config.ConfigProblem;
import org.vistadr.server.config.ConfigReader;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.config.Exposure;
import org.vistadr.server.config.Prices;
import org.vistadr.server.config.Role;
import org.vistadr.server.config.Sites;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.events.EventHub;
import org.vistadr.server.health.HealthServlet;
import org.vistadr.server.health.ProtectionReport;
import org.vistadr.server.jobs.Timetables;
import org.vistadr.server.metrics.AdminGate;
import org.vistadr.server.metrics.BucketConfigGauges;
import org.vistadr.server.metrics.Instruments;
import org.vistadr.server.metrics.PruneMeter;
import org.vistadr.server.metrics.RequestMeter;
import org.vistadr.server.metrics.RestoreMeter;
import org.vistadr.server.metrics.StateGauges;
import org.vistadr.server.resources.Api;

/// Entry point of the daemon: `server config.yml` runs it, `check config.yml` looks at a
/// configuration and tries its sites.
public final class VistadrDaemon extends Application<DaemonConfiguration> {

  private static final Logger LOG = LoggerFactory.getLogger(VistadrDaemon.class);
  private static final java.time.Duration LONGEST_STOP = java.time.Duration.ofSeconds(28);

  private final Map<String, String> environment;
  private final Clock clock;

  /// @param environment variables that the configuration may refer to
  /// @param clock the daemon's clock
  VistadrDaemon(Map<String, String> environment, Clock clock) {
    this.environment = Map.copyOf(environment);
    this.clock = clock;
  }

  /// Runs a command.
  public static void main(String[] args) throws Exception {
    haltWhenStoppingTakesTooLong();
    new VistadrDaemon(System.getenv(), Clock.systemUTC()).run(args);
  }

  @Override
  public String getName() {
    return "vistadr";
  }

  @Override
  protected Level bootstrapLogLevel() {
    return Level.WARN;
  }

  @Override
  public void initialize(Bootstrap<DaemonConfiguration> bootstrap) {
    bootstrap.setConfigurationFactoryFactory((_, _, _, _) -> new ConfigReader(environment));
    prepare(bootstrap.getObjectMapper());
  }

  @Override
  protected void addDefaultCommands(Bootstrap<DaemonConfiguration> bootstrap) {
    bootstrap.addCommand(new DaemonCommand(this));
    bootstrap.addCommand(new CheckCommand(environment, clock));
    bootstrap.addCommand(new AdoptCommand(environment, clock));
  }

  @Override
  protected void onFatalError(Throwable error) {
    System.exit(error instanceof ConfigProblem ? 2 : 1);
  }

  @Override
  public void run(DaemonConfiguration configuration, Environment dropwizard) {
    Sites sites = check(configuration);
    prepare(configuration);
    PrometheusRegistry registry = new PrometheusRegistry();
    Instruments instruments = new Instruments(registry);
    RequestMeter requests = new RequestMeter(registry);
    Tokens tokens = tokens(configuration);
    Engine engine =
        Engine.open(configuration, sites, requests, instruments, clock, CatalogHolder.Use.DAEMON);
    Daemon daemon = Daemon.of(configuration, engine, instruments);
    dropwizard.lifecycle().manage(daemon);
    ProtectionReport report =
        new ProtectionReport(
            engine,
            daemon.schedules(),
            daemon.watch(),
            daemon.changes()::state,
            Version.NUMBER,
            true);
    EventHub events = new EventHub(clock);
    serve(
        dropwizard,
        new Api(
            engine,
            daemon.schedules(),
            daemon.watch(),
            report,
            tokens,
            events,
            instruments::authFailed));

    instruments.declare(
        sites.secondaries().stream().map(secondary -> secondary.site().name()).toList(),
        daemon.schedules().scheduled().stream().map(entry -> entry.task().name()).toList());
    requests.declare(sites.named().stream().map(site -> site.name()).toList());
    new StateGauges(registry, engine, daemon.schedules(), daemon.watch(), report, instruments)
        .register(Version.NUMBER, Version.REVISION);
    new RestoreMeter(engine.restores(), instruments).register(registry);
    new PruneMeter(engine).register(registry);
    new BucketConfigGauges(engine.bucketConfigs(), instruments).register(registry);
    GaugeWithCallback.builder()
        .name("vistadr_sse_clients")
        .help("Clients that listen to events.")
        .callback(sample -> sample.call(events.listeners()))
        .register(registry);
    JvmMetrics.builder().register(registry);
    var admin = dropwizard.admin();
    admin.addServlet("prometheus", new PrometheusMetricsServlet(registry)).addMapping("/metrics");
    admin
        .addServlet(
            "health", new HealthServlet(engine, daemon.schedules(), dropwizard.getObjectMapper()))
        .addMapping("/health-check");
    admin
        .addFilter("gate", new AdminGate(tokens, configuration.auth().metrics(), instruments))
        .addMappingForUrlPatterns(null, false, "/*");
    dropwizard
        .lifecycle()
        .addServerLifecycleListener(server -> tellStarted(server, sites, engine.catalog()));
  }

  /// Puts the API on a server that is not started yet.
  static void serve(Environment dropwizard, Api api) {
    dropwizard.getObjectMapper().registerModule(api.times().module());
    api.parts().forEach(dropwizard.jersey()::register);
    dropwizard.lifecycle().manage(new Listeners(api.eventWatch()));
    dropwizard.getApplicationContext().getServletHandler().setDecodeAmbiguousURIs(true);
  }

  /// Everything that can be known to be wrong before anything is opened.
  private Sites check(DaemonConfiguration configuration) {
    Exposure.check(configuration);
    checkTimetables(configuration);
    Sites sites = Sites.of(configuration, environment);
    Prices.of(configuration, sites);
    checkDrill(configuration, sites);
    return sites;
  }

  static void checkTimetables(DaemonConfiguration configuration) {
    configuration
        .primary()
        .ifPresent(primary -> Timetables.check("primary.scanInterval", primary.scanInterval()));
    Timetables.check("replicateInterval", configuration.replicateInterval());
    Timetables.check("protection.verify.interval", configuration.protection().verify().interval());
    configuration
        .drill()
        .interval()
        .ifPresent(interval -> Timetables.check("drill.interval", interval));
    Timetables.check("store.segments", configuration.store().segments());
    Timetables.check("store.housekeeping", configuration.store().housekeeping());
  }

  static void checkDrill(DaemonConfiguration configuration, Sites sites) {
    List<String> names =
        sites.secondaries().stream().map(secondary -> secondary.site().name().value()).toList();
    configuration
        .drill()
        .from()
        .filter(name -> !names.contains(name))
        .ifPresent(name -> {
          throw new ConfigProblem(
              "drill.from",
              "there is no secondary '%s'".formatted(name),
              "there are " + String.join(", ", names));
        });
  }

  /// Sets the mapper of the API up.
  static void prepare(ObjectMapper mapper) {
    WireJson.configure(mapper)
        // A misspelt field of a request must not be passed over.
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  /// Sets the server up as the API needs it.
  static void prepare(DaemonConfiguration configuration) {
    // What goes wrong at the start is said in words by the command; and our health checks are our
    // own, Dropwizard looks for others.
    quiet("io.dropwizard.core.cli", Level.OFF);
    quiet("io.dropwizard.core.setup.AdminEnvironment", Level.ERROR);
    if (configuration.getServerFactory() instanceof AbstractServerFactory server) {
      server.setEnableVirtualThreads(true);
      // Compression would hold events back until its buffer is full.
      server.getGzipFilterFactory().setExcludedMimeTypes(Set.of("text/event-stream"));
      // Ours answer every failure, as problem documents.
      server.setRegisterDefaultExceptionMappers(false);
      server.setShutdownGracePeriod(Duration.seconds(3));
      LogbackAccessRequestLogFactory quiet = new LogbackAccessRequestLogFactory();
      quiet.setAppenders(List.of());
      server.setRequestLogFactory(quiet);
    }
    if (configuration.getServerFactory() instanceof DefaultServerFactory server) {
      server.setEnableAdminVirtualThreads(true);
      // A key is one segment of a path, with %2F for its slashes.
      server.getApplicationConnectors().stream()
          .filter(HttpConnectorFactory.class::isInstance)
          .map(HttpConnectorFactory.class::cast)
          .forEach(connector ->
              connector.setUriCompliance(
                  connector
                      .getUriCompliance()
                      .with("keys", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR)));
    }
  }

  private static void quiet(String logger, Level level) {
    if (LoggerFactory.getLogger(logger) instanceof ch.qos.logback.classic.Logger chatty) {
      chatty.setLevel(level);
    }
  }

  private Tokens tokens(DaemonConfiguration configuration) {
    Map<Role, Path> files = configuration.auth().tokens();
    if (files.isEmpty()) {
      Path file = LocalToken.in(configuration.store().path().toAbsolutePath());
      LOG.info("no auth.tokens configured, local admin token file={}", file);
      files = Map.of(Role.ADMIN, file);
    }
    return new Tokens(files, clock);
  }

  private static void tellStarted(Server server, Sites sites, Catalog catalog) {
    apiAddress(server).ifPresent(catalog::listensAt);
    String addresses =
        connectors(server)
            .map(connector ->
                "%s=%s:%d"
                    .formatted(
                        connector.getName(),
                        Optional.ofNullable(connector.getHost()).orElse("*"),
                        connector.getLocalPort()))
            .collect(Collectors.joining(" "));
    LOG.info(
        "started version={} {} primary={} bucket={} secondaries={}",
        Version.NUMBER,
        addresses,
        Sites.where(sites.primary()),
        sites.primary().bucket(),
        sites.secondaries().stream()
            .map(secondary -> secondary.site().name())
            .map(SiteName::value)
            .collect(Collectors.joining(",")));
  }

  /// Where the command line of this machine reaches the API.
  private static Optional<String> apiAddress(Server server) {
    return connectors(server)
        .filter(connector -> !"admin".equals(connector.getName()))
        .findFirst()
        .map(connector ->
            "%s://%s:%d"
                .formatted(
                    connector.getConnectionFactory(SslConnectionFactory.class) == null
                        ? "http"
                        : "https",
                    Optional.ofNullable(connector.getHost())
                        .filter(host -> !host.equals("0.0.0.0") && !host.equals("::"))
                        .orElse("127.0.0.1"),
                    connector.getLocalPort()));
  }

  private static Stream<ServerConnector> connectors(Server server) {
    return Arrays.stream(server.getConnectors())
        .filter(ServerConnector.class::isInstance)
        .map(ServerConnector.class::cast);
  }

  /// The catalog survives a kill at any moment, so a stop that hangs is cut short.
  static void haltWhenStoppingTakesTooLong() {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() ->
                    Thread.ofPlatform()
                        .daemon()
                        .name("halt")
                        .start(() -> {
                          try {
                            Thread.sleep(LONGEST_STOP);
                            System.err.println(
                                "vistadr: stopping took too long, copies in flight are redone at"
                                    + " the next start");
                            Runtime.getRuntime().halt(143);
                          } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                          }
                        })));
  }
}
