package org.vistadr.server;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheckRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.lifecycle.Managed;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vistadr.api.AdoptionReport;
import org.vistadr.api.DirectStart;
import org.vistadr.catalog.CatalogHolder;
import org.vistadr.catalog.ScanLog;
import org.vistadr.model.Restore;
import org.vistadr.model.SiteName;
import org.vistadr.server.access.Bearers;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.server.config.Sites;
import org.vistadr.server.engine.Engine;
import org.vistadr.server.engine.SiteWatch;
import org.vistadr.server.events.EventHub;
import org.vistadr.server.health.ProtectionReport;
import org.vistadr.server.jobs.RunListener;
import org.vistadr.server.jobs.Schedules;
import org.vistadr.server.resources.Api;
import org.vistadr.storage.RequestObserver;
import org.vistadr.sync.SyncListener;

/// The engine and its API for one command: what the daemon has, on a free port of loopback, without
/// timetables, change feeds, metrics and admin port. Nothing runs in it that was not asked for:
/// restores that the last process did not end wait for somebody to resume them.
final class DirectEngine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DirectEngine.class);
  private static final Duration LOOK_INTERVAL = Duration.ofMinutes(1);

  /// So long a command waits to know which sites answer.
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

  private final Server server;
  private final Engine engine;

  private DirectEngine(Server server, Engine engine) {
    this.server = server;
    this.engine = engine;
  }

  /// Opens the catalog and listens. The end of the process stops it, too.
  ///
  /// @param bearers who may use the API
  static DirectEngine start(
      DaemonConfiguration configuration,
      Map<String, String> variables,
      Bearers bearers,
      Clock clock)
      throws Exception {
    Sites sites = Sites.of(configuration, variables);
    Engine engine =
        Engine.open(
            configuration,
            sites,
            RequestObserver.NONE,
            SyncListener.NONE,
            clock,
            CatalogHolder.Use.COMMAND);
    SiteWatch watch = new SiteWatch(engine.stores(), clock);
    try {
      watch.start(LOOK_INTERVAL);
      Schedules schedules =
          Daemon.schedules(configuration, engine, RunListener.NONE, new Prompts());
      Environment environment = environment(configuration);
      environment.lifecycle().manage(new Ending(engine, schedules, watch));
      ProtectionReport report =
          new ProtectionReport(engine, schedules, watch, () -> "off", Version.NUMBER, false);
      VistadrDaemon.serve(
          environment,
          new Api(engine, schedules, watch, report, bearers, new EventHub(clock), _ -> {}));
      Server server = configuration.getServerFactory().build(environment);
      server.start();
      awaitLooks(engine, watch);
      return new DirectEngine(server, engine);
    } catch (Exception e) {
      watch.close();
      engine.close();
      throw e;
    }
  }

  /// Where it listens, and on what.
  ///
  /// @param adopted how the catalog was rebuilt, when it was
  DirectStart started(Optional<AdoptionReport> adopted) {
    return new DirectStart(
        ((ServerConnector) server.getConnectors()[0]).getLocalPort(),
        engine.directory().toString(),
        engine.catalog().scans().lastComplete().map(ScanLog.Scan::startedAt),
        engine.restores().interrupted().stream().map(Restore::id).toList(),
        adopted,
        Optional.empty());
  }

  /// Takes up no new items, lets those in flight end and records them, then closes the catalog.
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("cannot stop cleanly, copies in flight are redone", e);
    }
  }

  private static Environment environment(DaemonConfiguration configuration) {
    HttpConnectorFactory loopback = new HttpConnectorFactory();
    loopback.setBindHost("127.0.0.1");
    loopback.setPort(0);
    DefaultServerFactory ports = new DefaultServerFactory();
    ports.setApplicationConnectors(List.of(loopback));
    ports.setAdminConnectors(List.of());
    configuration.setServerFactory(ports);
    VistadrDaemon.prepare(configuration);
    ObjectMapper mapper = Jackson.newObjectMapper();
    VistadrDaemon.prepare(mapper);
    Environment environment =
        new Environment(
            "vistadr-direct",
            mapper,
            Validators.newValidatorFactory(),
            new MetricRegistry(),
            DirectEngine.class.getClassLoader(),
            new HealthCheckRegistry(),
            configuration);
    ports.configure(environment);
    return environment;
  }

  private static void awaitLooks(Engine engine, SiteWatch watch) throws InterruptedException {
    long end = System.nanoTime() + LONGEST_LOOK.toNanos();
    for (SiteName site : engine.stores().keySet()) {
      while (watch.last(site).isEmpty() && System.nanoTime() < end) {
        Thread.sleep(10);
      }
    }
  }

  /// Stops what was opened, in order, when the server has stopped to listen.
  private record Ending(Engine engine, Schedules schedules, SiteWatch watch) implements Managed {
    @Override
    public void stop() {
      watch.close();
      engine.stopWork();
      schedules.close();
      engine.close();
      LOG.info("ended");
    }
  }
}
