package org.vistadr.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.Application;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vistadr.model.SiteName;
import org.vistadr.server.config.DaemonConfiguration;
import org.vistadr.storage.SiteConfig;

/// The real daemon on free ports, with a token for each role.
final class RunningDaemon implements AutoCloseable {

  private static final Map<String, String> TOKENS =
      Map.of(
          "viewer", "viewer-token-0123456789",
          "operator", "operator-token-0123456789",
          "admin", "admin-token-0123456789");

  private final DropwizardTestSupport<DaemonConfiguration> support;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  private RunningDaemon(DropwizardTestSupport<DaemonConfiguration> support) {
    this.support = support;
  }

  /// Starts it on a directory; the same directory again is a restart.
  static RunningDaemon start(Path directory, SiteConfig primary, SiteConfig... secondaries)
      throws Exception {
    return start(directory, Map.of(), primary, secondaries);
  }

  /// @param more lines of the configuration for secondaries, by name; `PRUNE_SECRET` is the
  ///   variable with the secret key of the last secondary
  static RunningDaemon start(
      Path directory,
      Map<SiteName, List<String>> more,
      SiteConfig primary,
      SiteConfig... secondaries)
      throws Exception {
    Map<String, String> variables = new HashMap<>();
    StringBuilder yaml = new StringBuilder("primary:\n");
    variables.put("S3_SECRET_KEY", keys(primary).secretKey().reveal());
    yaml.append(site(primary, "  ")).append("  scanInterval: 1s\n  events: off\nsecondaries:\n");
    int number = 0;
    for (SiteConfig secondary : secondaries) {
      String variable = "SECRET_" + number++;
      variables.put(variable, keys(secondary).secretKey().reveal());
      yaml.append("  - name: ").append(secondary.name()).append('\n');
      yaml.append(site(secondary, "    "));
      yaml.append("    secretKeyEnv: ")
          .append(variable)
          .append("\n    objective: 30s\n    requestRateLimit: 1000\n");
      variables.put("PRUNE_SECRET", keys(secondary).secretKey().reveal());
      more.getOrDefault(secondary.name(), List.of())
          .forEach(line -> yaml.append("    ").append(line).append('\n'));
      secondary
          .lock()
          .ifPresent(lock ->
              yaml.append(
                  "    objectLock: {mode: %s, retain: %dd, legalHold: %s}\n"
                      .formatted(
                          lock.mode().name().toLowerCase(java.util.Locale.ROOT),
                          lock.retain().toDays(),
                          lock.legalHold())));
    }
    yaml.append("replicateInterval: 1s\nstore: {path: ").append(directory.resolve("catalog"));
    yaml.append("}\nauth:\n  tokens:\n");
    for (Map.Entry<String, String> token : TOKENS.entrySet()) {
      Path file = directory.resolve("token-" + token.getKey());
      Files.writeString(file, token.getValue() + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      yaml.append("    ").append(token.getKey()).append(": ").append(file).append('\n');
    }
    yaml.append(
        """
        server:
          applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
          adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
        """);
    Path config = directory.resolve("config.yml");
    Files.writeString(config, yaml);
    DropwizardTestSupport<DaemonConfiguration> support =
        new DropwizardTestSupport<>(VistadrDaemon.class, config.toString()) {
          @Override
          public Application<DaemonConfiguration> newApplication() {
            return new VistadrDaemon(variables, Clock.systemUTC());
          }
        };
    support.before();
    return new RunningDaemon(support);
  }

  /// Asks the API.
  HttpResponse<String> send(String role, String method, String path, String body) {
    return send(role, method, path, body, Map.of());
  }

  /// Asks the API, with headers.
  HttpResponse<String> send(
      String role, String method, String path, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/api/v1%s".formatted(support.getLocalPort(), path)))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    headers.forEach(request::header);
    if (TOKENS.containsKey(role)) {
      request.header("Authorization", "Bearer " + TOKENS.get(role));
    } else if (!role.isEmpty()) {
      request.header("Authorization", "Bearer " + role);
    }
    return send(request.build());
  }

  /// The answer to a GET as an admin.
  JsonNode get(String path) {
    return read(send("admin", "GET", path, ""));
  }

  /// The answer to a POST as an admin.
  JsonNode post(String path, String body) {
    return read(send("admin", "POST", path, body));
  }

  /// A page of the admin port.
  HttpResponse<String> admin(String path) {
    return send(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(support.getAdminPort(), path)))
            .build());
  }

  JsonNode read(HttpResponse<String> response) {
    try {
      return json.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(response.body(), e);
    }
  }

  @Override
  public void close() {
    support.after();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String site(SiteConfig site, String indent) {
    return """
    provider: %s
    endpoint: %s
    region: %s
    bucket: %s
    accessKey: %s
    """
        .formatted(
            site.profile().name(),
            site.endpoint().orElseThrow(),
            site.region(),
            site.bucket(),
            keys(site).accessKey())
        .indent(indent.length());
  }

  private static SiteConfig.Credentials.Keys keys(SiteConfig site) {
    return (SiteConfig.Credentials.Keys) site.credentials();
  }
}
