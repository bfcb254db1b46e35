package org.vistadr.server.config;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.core.server.SimpleServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.HttpsConnectorFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Refuses to listen in clear text beyond loopback: tokens would travel readable.
public final class Exposure {

  private Exposure() {}

  /// @throws ConfigProblem when a connector without TLS can be reached from elsewhere and nothing
  ///   in front of it is said to end TLS
  public static void check(DaemonConfiguration configuration) {
    if (configuration.behindProxy()) {
      return;
    }
    List<ConfigProblem.Finding> findings = new ArrayList<>();
    ServerFactory server = configuration.getServerFactory();
    if (server instanceof DefaultServerFactory ports) {
      examine("server.applicationConnectors", ports.getApplicationConnectors(), findings);
      examine("server.adminConnectors", ports.getAdminConnectors(), findings);
    } else if (server instanceof SimpleServerFactory single) {
      examine("server.connector", List.of(single.getConnector()), findings);
    }
    if (!findings.isEmpty()) {
      throw new ConfigProblem(findings);
    }
  }

  private static void examine(
      String key, List<ConnectorFactory> connectors, List<ConfigProblem.Finding> findings) {
    for (int i = 0; i < connectors.size(); i++) {
      if (connectors.get(i) instanceof HttpConnectorFactory http
          && !(http instanceof HttpsConnectorFactory)
          && !loopback(Optional.ofNullable(http.getBindHost()))) {
        findings.add(
            new ConfigProblem.Finding(
                "%s[%d].bindHost".formatted(key, i),
                "it can be reached from other machines and does not speak TLS",
                "bind 127.0.0.1, use type: https, or set behindProxy: true when a proxy ends TLS"));
      }
    }
  }

  private static boolean loopback(Optional<String> host) {
    try {
      return host.isPresent() && InetAddress.getByName(host.get()).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }
}
