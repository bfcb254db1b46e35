package org.vistadr.server.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.AdminFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The configuration file: our sections, and Dropwizard's `server`, `logging` and `admin`. Read by
/// [ConfigReader]; what is left out has its default here.
public final class DaemonConfiguration extends Configuration {

  @JsonProperty private @Nullable PrimarySection primary;
  @JsonProperty private List<SecondarySection> secondaries = List.of();
  @JsonProperty private List<TargetSection> targets = List.of();
  @JsonProperty private Timetable replicateInterval = new Timetable.Every(Duration.ofMinutes(1));
  @JsonProperty private StoreSection store = StoreSection.DEFAULT;
  @JsonProperty private RestoreSection restore = RestoreSection.DEFAULT;
  @JsonProperty private ProtectionSection protection = ProtectionSection.DEFAULT;
  @JsonProperty private DrillSection drill = DrillSection.DEFAULT;
  @JsonProperty private Map<String, PriceSection> prices = Map.of();
  @JsonProperty private AuthSection auth = AuthSection.DEFAULT;
  @JsonProperty private boolean behindProxy;
  private String source = "";

  /// The defaults: both ports on loopback.
  public DaemonConfiguration() {
    DefaultServerFactory server = new DefaultServerFactory();
    server.setApplicationConnectors(List.of(loopback(8420)));
    server.setAdminConnectors(List.of(loopback(8421)));
    setServerFactory(server);
    DefaultLoggingFactory logging = new DefaultLoggingFactory();
    logging.setLoggers(
        Map.of(
            "io.dropwizard", TextNode.valueOf("WARN"),
            "org.eclipse.jetty", TextNode.valueOf("WARN"),
            "org.flywaydb", TextNode.valueOf("WARN"),
            "org.glassfish.jersey", TextNode.valueOf("WARN"),
            "org.hibernate", TextNode.valueOf("WARN"),
            "org.quartz", TextNode.valueOf("WARN")));
    setLoggingFactory(logging);
    AdminFactory admin = new AdminFactory();
    // It answers 500 for any failing check; ours tell alive from ready.
    admin.getHealthChecks().setServletEnabled(false);
    setAdminFactory(admin);
  }

  /// The protected bucket; empty when the section is missing.
  public Optional<PrimarySection> primary() {
    return Optional.ofNullable(primary);
  }

  /// The buckets that keep copies.
  public List<SecondarySection> secondaries() {
    return secondaries;
  }

  /// Further buckets that restores may write to.
  public List<TargetSection> targets() {
    return targets;
  }

  /// When replication runs besides after each scan that found something.
  public Timetable replicateInterval() {
    return replicateInterval;
  }

  /// Where the catalog lives.
  public StoreSection store() {
    return store;
  }

  /// Has the catalog live elsewhere.
  public void storeIn(Path directory) {
    store = store.in(directory);
  }

  /// How restores go about it.
  public RestoreSection restore() {
    return restore;
  }

  /// What keeps the copies from being destroyed.
  public ProtectionSection protection() {
    return protection;
  }

  /// Rehearsals of restores.
  public DrillSection drill() {
    return drill;
  }

  /// The file that it was read from and the hash of its text; empty when there was none.
  public String source() {
    return source;
  }

  DaemonConfiguration readFrom(String file) {
    source = file;
    return this;
  }

  /// What providers and sites ask for, by name.
  public Map<String, PriceSection> prices() {
    return prices;
  }

  /// Who may do what.
  public AuthSection auth() {
    return auth;
  }

  /// Whether something in front of the daemon ends TLS, so that it may listen beyond loopback.
  public boolean behindProxy() {
    return behindProxy;
  }

  private static ConnectorFactory loopback(int port) {
    HttpConnectorFactory connector = new HttpConnectorFactory();
    connector.setBindHost("127.0.0.1");
    connector.setPort(port);
    return connector;
  }
}
