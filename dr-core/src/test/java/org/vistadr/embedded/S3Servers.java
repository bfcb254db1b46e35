package org.vistadr.embedded;

import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.vistadr.storage.ProviderProfiles;
import org.vistadr.storage.Secret;
import org.vistadr.storage.SiteConfig;

/// Real S3 servers that the machine happens to have, started on a free port with a directory of
/// their own. What ran and what was absent is written to `target/s3-servers.txt`, so that a run
/// without them does not look like one with them.
public final class S3Servers {

  private static final Path REPORT = Path.of("target", "s3-servers.txt");
  private static final Map<String, Optional<Running>> STARTED = new HashMap<>();

  private S3Servers() {}

  /// A server that answers.
  ///
  /// @param endpoint where
  /// @param keys its account
  public record Running(URI endpoint, SiteConfig.Credentials.Keys keys) {}

  /// A `minio` from the PATH; empty when there is none. One for the whole JVM.
  public static synchronized Optional<Running> minio() {
    return STARTED.computeIfAbsent(
        "minio",
        name ->
            onPath(name)
                .map(program -> {
                  int port = freePort();
                  Running server =
                      new Running(
                          URI.create("http://127.0.0.1:" + port),
                          new SiteConfig.Credentials.Keys(
                              "test-minio", new Secret("test-minio-secret")));
                  start(
                      server,
                      Map.of(
                          "MINIO_ROOT_USER",
                          "test-minio",
                          "MINIO_ROOT_PASSWORD",
                          "test-minio-secret",
                          "MINIO_BROWSER",
                          "off"),
                      directory ->
                          List.of(
                              program.toString(),
                              "server",
                              directory.toString(),
                              "--address",
                              "127.0.0.1:" + port,
                              "--console-address",
                              "127.0.0.1:" + freePort()));
                  return server;
                }));
  }

  /// A `moto_server` from the PATH; empty when there is none. One for the whole JVM.
  public static synchronized Optional<Running> moto() {
    return STARTED.computeIfAbsent(
        "moto_server",
        name ->
            onPath(name)
                .map(program -> {
                  int port = freePort();
                  Running server =
                      new Running(
                          URI.create("http://127.0.0.1:" + port),
                          new SiteConfig.Credentials.Keys("test", new Secret("test")));
                  start(
                      server,
                      Map.of(),
                      _ ->
                          List.of(
                              program.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port)));
                  return server;
                }));
  }

  /// The server that the environment names: `VISTADR_TEST_S3_ENDPOINT`, `_ACCESS_KEY` and
  /// `_SECRET_KEY`.
  public static Optional<Running> given() {
    return Optional.ofNullable(System.getenv("VISTADR_TEST_S3_ENDPOINT"))
        .filter(text -> !text.isBlank())
        .map(endpoint ->
            new Running(
                URI.create(endpoint),
                new SiteConfig.Credentials.Keys(
                    System.getenv("VISTADR_TEST_S3_ACCESS_KEY"),
                    new Secret(System.getenv("VISTADR_TEST_S3_SECRET_KEY")))));
  }

  /// A program of this name on the PATH.
  public static Optional<Path> onPath(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isExecutable(file) && Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /// Writes down that the contract ran against a server.
  public static void ran(String name, Optional<Running> server) {
    String what =
        server.map(running -> "ran " + name + " " + version(running)).orElse("absent " + name);
    try {
      Files.createDirectories(REPORT.getParent());
      Files.writeString(
          REPORT, what.strip() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A site on such a server.
  public static SiteConfig site(
      Running server, org.vistadr.model.SiteName name, String bucket, String profile) {
    var known = ProviderProfiles.byName(profile).orElseThrow();
    return new SiteConfig(
        name,
        Optional.of(server.endpoint()),
        Optional.ofNullable(System.getenv("VISTADR_TEST_S3_REGION")).orElse(known.defaultRegion()),
        bucket,
        server.keys(),
        known,
        SiteConfig.Limits.DEFAULT);
  }

  private interface CommandLine {
    List<String> in(Path directory);
  }

  private static void start(Running server, Map<String, String> environment, CommandLine command) {
    try {
      Path directory = Files.createTempDirectory("vistadr-test-server-");
      ProcessBuilder builder =
          new ProcessBuilder(command.in(directory))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().putAll(environment);
      Process process = builder.start();
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .unstarted(() -> {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    delete(directory);
                  }));
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
      while (!answers(server.endpoint())) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
          throw new IllegalStateException("the server did not start: " + command.in(directory));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean answers(URI endpoint) {
    try {
      return connect(endpoint).getResponseCode() > 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static String version(Running server) {
    try {
      String name = connect(server.endpoint()).getHeaderField("Server");
      return name == null ? "" : name;
    } catch (IOException _) {
      return "";
    }
  }

  private static HttpURLConnection connect(URI endpoint) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
    connection.setConnectTimeout(2000);
    connection.setReadTimeout(5000);
    return connection;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path tree) {
    try (var paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | java.io.UncheckedIOException _) {
      // Left for the system's own cleaning of temporary files.
    }
  }
}
