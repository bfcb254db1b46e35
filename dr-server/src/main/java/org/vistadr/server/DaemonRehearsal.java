package org.vistadr.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Starts the daemon once, on an empty catalog and without a site, asks it what monitoring and
/// people ask first and ends it, so that the launcher can record after a build what a start needs.
/// With the record a daemon answers in about half the time.
public final class DaemonRehearsal {

  private DaemonRehearsal() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("vistadr-rehearsal");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
    int port = freePort();
    int admin = freePort();
    Path secret = Files.writeString(folder.resolve("secret"), "rehearsal\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    Path config =
        Files.writeString(folder.resolve("config.yml"), configuration(folder, port, admin));
    new VistadrDaemon(Map.of(), Clock.systemUTC()).run("server", config.toString());
    String token = Files.readString(folder.resolve("catalog").resolve("token")).strip();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (String path : List.of("status", "runs", "restores", "tasks", "objects")) {
        ask(http, "http://127.0.0.1:%d/api/v1/%s".formatted(port, path), token);
      }
      ask(http, "http://127.0.0.1:%d/metrics".formatted(admin), token);
    }
    System.exit(0);
  }

  private static void ask(HttpClient http, String address, String token)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Authorization", "Bearer " + token)
            .build();
    http.send(request, HttpResponse.BodyHandlers.discarding());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String configuration(Path folder, int port, int admin) {
    return """
    primary: {provider: minio, endpoint: "http://127.0.0.1:9", bucket: b, accessKey: a, secretKeyFile: %1$s/secret}
    secondaries:
      - {name: copy, provider: generic, endpoint: "http://127.0.0.1:9", bucket: c, accessKey: a, secretKeyFile: %1$s/secret}
    store: {path: %1$s/catalog}
    server:
      applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %2$d}]
      adminConnectors: [{type: http, bindHost: 127.0.0.1, port: %3$d}]
    """
        .formatted(folder, port, admin);
  }

  private static void remove(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + folder + ": " + e.getMessage());
    }
  }
}
